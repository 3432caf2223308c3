/// pgbouncer in transaction mode in front of a ``PrivatePostgres`` on a Unix socket: consecutive transactions of
/// one client may meet different sessions, so session locks do not hold.
public final class PrivateBouncer: Sendable {
  /// The folder of the Unix socket.
  public let host: String
  public let port: UInt16 = 6432
  private let server: PrivatePostgres
  private let folder: TestFolder
  private let process: ServerProcess

  /// Starts pgbouncer with a pool of `sessions` sessions per database; the server must trust its clients.
  public init(before server: PrivatePostgres, sessions: Int = 2) throws(SupportError) {
    self.server = server
    folder = try TestFolder(.servers)
    host = folder.path
    try folder.write("\"\(PrivatePostgres.user)\" \"\"\n", to: "users.txt")
    let configuration = try folder.write(
      """
      [databases]
      * = host=\(server.host) port=\(server.port)
      [pgbouncer]
      listen_addr =
      listen_port = \(port)
      unix_socket_dir = \(folder.path)
      unix_socket_mode = 0777
      auth_type = trust
      auth_file = \(folder / "users.txt")
      pool_mode = transaction
      default_pool_size = \(sessions)
      ignore_startup_parameters = extra_float_digits,options
      """, to: "pgbouncer.ini")
    let socket = "\(folder.path)/.s.PGSQL.\(port)"
    process = try ServerProcess(
      "pgbouncer", ["-q", configuration], as: Account.forServers, log: folder / "server.log",
      ending: ("INT", 2)
    ) { _ in Ports.accepts(socket: socket) }
  }

  deinit { process.stop() }

  /// What libpq needs to connect: `host=… port=… user=… dbname=…`.
  public func connectionString(database: String) -> String {
    "host=\(host) port=\(port) user=\(PrivatePostgres.user) dbname=\(database)"
  }
}
