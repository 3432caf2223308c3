internal import Glibc
internal import Synchronization

/// A slapd of its own: one database `dc=example,dc=org`, whose writes the accesslog overlay records, with old
/// values, below `cn=accesslog`; by `ldapi`, `ldap` and, with a certificate, `ldaps` and StartTLS on loopback.
///
/// It is stopped and removed with the last reference. The schemas are core, cosine, inetorgperson and nis.
public final class PrivateSlapd: Sendable {
  public static let suffix = "dc=example,dc=org"
  public static let logSuffix = "cn=accesslog"
  /// The distinguished name that may do everything, in both databases.
  public static let administrator = "cn=admin,dc=example,dc=org"
  public static let password = "s3cret of tests"

  /// `ldap://127.0.0.1:port`, also for StartTLS where there is a certificate.
  public let url: String
  /// `ldapi://…`, the Unix socket.
  public let socketURL: String
  /// `ldaps://127.0.0.1:port`, or nil without a certificate. (libldap takes `localhost` for the name of the machine and
  /// looks for that in the certificate.)
  public let secureURL: String?
  private let port: UInt16
  private let folder: TestFolder
  private let running = Mutex<ServerProcess?>(nil)

  /// Makes and starts a server with the entry of the suffix in it.
  ///
  /// - Parameter operations: what the overlay records, in the words of slapo-accesslog(5).
  public init(certificate: ServerCertificate? = nil, operations: String = "writes") throws(SupportError) {
    folder = try TestFolder(.servers)
    port = try Ports.free()
    url = "ldap://127.0.0.1:\(port)"
    socketURL = "ldapi://\((folder / "socket").split(separator: "/").map { "%2F\($0)" }.joined())"
    secureURL = certificate == nil ? nil : "ldaps://127.0.0.1:\(try Ports.free())"
    try configure(certificate, operations)
    try start()
    try change(
      """
      dn: \(Self.suffix)
      changetype: add
      objectClass: dcObject
      objectClass: organization
      dc: example
      o: Example
      """)
  }

  deinit { stop() }

  /// Starts a stopped or killed server on the same data and addresses.
  public func start() throws(SupportError) {
    let urls = [url, socketURL, secureURL].compactMap(\.self).joined(separator: " ")
    let server = try ServerProcess(
      "slapd", ["-f", folder / "slapd.conf", "-h", urls, "-d", "0"], as: Account.forServers,
      log: folder / "server.log", ending: ("TERM", SIGTERM)
    ) { _ in Ports.accepts(port) && Ports.accepts(socket: folder / "socket") }
    running.withLock { $0 = server }
  }

  /// Stops the server and waits for its end.
  public func stop() { end(with: nil) }

  /// Kills the server with signal 9.
  public func kill() { end(with: SIGKILL) }

  private func end(with signal: Int32?) {
    let server = running.withLock { running in
      defer { running = nil }
      return running
    }
    server?.stop(signal)
    unsafe unlink(folder / "socket")
  }

  /// Carries out LDIF change records as the administrator (`ldapmodify`).
  public func change(_ ldif: String) throws(SupportError) {
    try Tool.check("ldapmodify", asAdministrator, input: Array((ldif + "\n").utf8))
  }

  /// The entries below a base as LDIF, in whole lines, without comments (`ldapsearch -LLL`).
  public func search(
    base: String = suffix, filter: String = "(objectClass=*)", attributes: [String] = ["*", "+"]
  ) throws(SupportError) -> String {
    try Tool.check(
      "ldapsearch", asAdministrator + ["-LLL", "-o", "ldif_wrap=no", "-b", base, filter] + attributes
    ).text
  }

  private var asAdministrator: [String] {
    ["-x", "-H", socketURL, "-D", Self.administrator, "-y", folder / "password"]
  }

  private func configure(_ certificate: ServerCertificate?, _ operations: String) throws(SupportError) {
    let account = Account.forServers
    try folder.write(Self.password, to: "password", mode: 0o600)
    for name in ["data", "log"] {
      let place = try folder.folder(name)
      if let account { unsafe chown(place, account.user, account.group) }
    }
    var lines = ["core", "cosine", "inetorgperson", "nis"].map { "include /etc/ldap/schema/\($0).schema" }
    lines += ["modulepath /usr/lib/ldap", "moduleload back_mdb", "moduleload accesslog", "sizelimit unlimited"]
    if let certificate {
      try folder.write(Files.read(certificate.certificate), to: "server.crt", mode: 0o600, owner: account)
      try folder.write(Files.read(certificate.key), to: "server.key", mode: 0o600, owner: account)
      lines += ["TLSCertificateFile \(folder / "server.crt")", "TLSCertificateKeyFile \(folder / "server.key")"]
    }
    lines += [
      "database mdb", "suffix \(Self.logSuffix)", "rootdn \(Self.administrator)", "directory \(folder / "log")",
      "maxsize 268435456", "index reqStart,objectClass,entryCSN eq", "dbnosync",
      "database mdb", "suffix \(Self.suffix)", "rootdn \(Self.administrator)", "rootpw \"\(Self.password)\"",
      "directory \(folder / "data")", "maxsize 268435456", "index objectClass,entryUUID,entryCSN eq", "dbnosync",
      "overlay accesslog", "logdb \(Self.logSuffix)", "logops \(operations)", "logold (objectClass=*)",
      "logsuccess TRUE",
    ]
    try folder.write(lines.joined(separator: "\n") + "\n", to: "slapd.conf", mode: 0o600, owner: account)
  }
}
