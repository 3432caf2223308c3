internal import Glibc
internal import Synchronization

/// A PostgreSQL 15 server of its own, in a temporary folder, under a dropped account where the tests run as root.
///
/// It is stopped and removed when the last reference goes, and by the ``Guardian`` when the test process dies.
/// Starting takes a few tenths of a second after the first one, and blocks. Two or three at once are what a
/// small machine bears: give tests that start their own the trait ``ServerTests``, or use ``shared()``.
public final class PrivatePostgres: Sendable {
  /// How clients reach the server.
  public enum Listening: Sendable {
    /// A Unix socket in the server's folder.
    case socket
    /// A free port of 127.0.0.1, without TLS.
    case loopback
    /// A free port of 127.0.0.1; connections without TLS are refused.
    case tls(ServerCertificate)
  }

  /// What differs from a plain server.
  public struct Settings: Sendable {
    public var listening: Listening
    /// Asked of every client (SCRAM-SHA-256); nil trusts them all.
    public var password: String?
    /// False switches `fsync` off: faster, and still safe against killed processes, but not against a power cut.
    public var isDurable: Bool
    /// Lines of `postgresql.conf`, which win over ours: `["wal_level": "logical"]`.
    public var configuration: [String: String]

    public init(
      listening: Listening = .socket, password: String? = nil, isDurable: Bool = true,
      configuration: [String: String] = [:]
    ) {
      self.listening = listening
      self.password = password
      self.isDurable = isDurable
      self.configuration = configuration
    }
  }

  /// The superuser that every server has.
  public static let user = "locktender"

  public let settings: Settings
  /// The folder of the Unix socket, or 127.0.0.1, or `localhost` with TLS (what the certificates are made for).
  public let host: String
  public let port: UInt16
  let folder: TestFolder
  let state = Mutex(State())

  struct State {
    var server: ServerProcess?
    var frozen: [Guardian.Keeping] = []
    var databases = 0
  }

  /// The server that all tests of this process share: a Unix socket, trusted clients, durable.
  ///
  /// Tests take a database each (``createDatabase(_:)``) and neither restart nor kill it.
  public static func shared() throws(SupportError) -> PrivatePostgres { try sharedServer.get() }

  private static let sharedServer = Result { () throws(SupportError) in try PrivatePostgres() }

  /// Makes and starts a server.
  public init(_ settings: Settings = Settings()) throws(SupportError) {
    self.settings = settings
    folder = try TestFolder(.servers)
    switch settings.listening {
    case .socket: (host, port) = (folder.path, 5432)
    case .loopback: (host, port) = ("127.0.0.1", try Ports.free())
    case .tls: (host, port) = ("localhost", try Ports.free())
    }
    try PostgresTemplate.made().copy(to: data)
    try configure()
    try start()
    if let password = settings.password { try setPassword(password) }
  }

  deinit {
    // Unless the folder goes first, the server would write into a removed tree.
    stop(.immediate)
  }

  var data: String { folder / "data" }
  var log: String { folder / "server.log" }

  /// What the server wrote into its log so far.
  public var logText: String { (try? Files.text(of: log)) ?? "" }  // none before the first start

  private func configure() throws(SupportError) {
    let account = Account.forServers
    var lines = [
      "unix_socket_directories = '\(folder.path)'", "unix_socket_permissions = 0777", "port = \(port)",
      "shared_buffers = '64MB'", "max_connections = 64", "fsync = \(settings.isDurable ? "on" : "off")",
      "logging_collector = off", "log_min_messages = warning", "timezone = 'UTC'", "log_timezone = 'UTC'",
      "password_encryption = 'scram-sha-256'", "autovacuum_naptime = '10s'", "max_wal_size = '512MB'",
    ]
    switch settings.listening {
    case .socket: lines.append("listen_addresses = ''")
    case .loopback: lines.append("listen_addresses = '127.0.0.1'")
    case .tls(let certificate):
      lines += ["listen_addresses = '127.0.0.1'", "ssl = on"]
      lines += ["ssl_cert_file = 'server.crt'", "ssl_key_file = 'server.key'"]
      for (from, to) in [(certificate.certificate, "server.crt"), (certificate.key, "server.key")] {
        try Files.write(Files.read(from), to: "\(data)/\(to)", mode: 0o600, owner: account)
      }
    }
    for (name, value) in settings.configuration.sorted(by: { $0.key < $1.key }) {
      lines.append("\(name) = '\(value)'")
    }
    try Files.write(
      Array((lines.joined(separator: "\n") + "\n").utf8), to: "\(data)/postgresql.auto.conf", mode: 0o600,
      owner: account)
    // Ours comes in by the socket to set the password; the tests' clients come in as they are asked to.
    let method = settings.password == nil ? "trust" : "scram-sha-256"
    var access = ["local all all \(isSocket ? method : "trust")"]
    access.append("local replication all \(isSocket ? method : "trust")")
    if case .tls = settings.listening {
      access.append("hostssl all,replication all 127.0.0.1/32 \(method)")
    } else {
      access.append("host all,replication all 127.0.0.1/32 \(method)")
    }
    if isSocket && settings.password != nil { access.insert("local postgres \(Self.user) trust", at: 0) }
    try Files.write(
      Array((access.joined(separator: "\n") + "\n").utf8), to: "\(data)/pg_hba.conf", mode: 0o600, owner: account)
  }

  private var isSocket: Bool { if case .socket = settings.listening { true } else { false } }

  private func setPassword(_ password: String) throws(SupportError) {
    try Tool.check(
      "psql",
      [
        "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d",
        "host=\(folder.path) port=\(port) user=\(Self.user) dbname=postgres",
      ], input: Array("ALTER ROLE \(Self.user) PASSWORD '\(password)';".utf8))
  }
}
