internal import Base
internal import Database

/// What PostgreSQL's own programs need to log in as we do: variables of their environment (libpq documentation,
/// "Environment Variables") and a password file. Nothing of it is an argument, which every user could read.
///
/// The password file lies in memory where the machine has `/dev/shm`, and goes with this value.
struct ClientLogin: ~Copyable {
  let variables: [String: String]
  private let folder: TemporaryFolder?

  /// - Throws: `unusable` for a password that the file's format cannot hold; what the password's lender throws.
  init(_ address: PostgresAddress, _ options: ConnectOptions) throws {
    var variables = [
      "PGHOST": address.host, "PGPORT": String(address.port), "PGDATABASE": address.database,
      "PGAPPNAME": "\(options.applicationName) backup", "PGGSSENCMODE": "disable", "LC_ALL": "C",
      "PGCONNECT_TIMEOUT": String(max(2, Int(options.connectTimeout.rounded(.up)))),
      "PGOPTIONS": "-c default_transaction_read_only=on",
      "PGSSLMODE": address.isSocket ? "disable" : address.tlsMode.rawValue,
    ]
    variables["PGUSER"] = address.user
    if !address.isSocket {
      let isVerified = address.tlsMode == .verifyFull || address.tlsMode == .verifyCA
      variables["PGSSLROOTCERT"] = address.rootCertificate ?? (isVerified ? ClientLogin.systemCertificates : nil)
      variables["PGSSLCERT"] = address.clientCertificate
      variables["PGSSLKEY"] = address.clientKey
    }
    guard var line = try ClientLogin.passwordLine(options) else {
      self.variables = variables
      folder = nil
      return
    }
    // Taken out of the array at the end, whatever happens before.
    defer { _ = SecretBytes(taking: &line) }
    guard !line.dropLast().contains(UInt8(ascii: "\n")), !line.contains(0) else {
      throw AdministrationError(
        .unusable, doing: "hand the password to pg_dump", reason: "it holds a line break or a NUL",
        advice: "give this login another password")
    }
    let folder = try TemporaryFolder(prefix: "locktender-login", in: ClientLogin.memoryFolder)
    try Files.write(line.span, to: folder.path("password"))
    variables["PGPASSFILE"] = folder.path("password")
    self.variables = variables
    self.folder = consume folder
  }

  /// Where Debian keeps the certificates that the machine trusts: what the program's own connections take too.
  private static let systemCertificates = "/etc/ssl/certs/ca-certificates.crt"

  private static var memoryFolder: String? {
    // Where it cannot be looked at, the temporary folder does as well.
    guard let status = try? Files.status(of: "/dev/shm"), status.kind == .folder else { return nil }
    return "/dev/shm"
  }

  /// One line of a password file for every host, port, database and user (libpq documentation, "The Password File");
  /// nil where no password is configured, and the programs look for one as libpq does.
  private static func passwordLine(_ options: ConnectOptions) throws -> [UInt8]? {
    guard let lend = options.password else { return nil }
    var line: [UInt8]?
    try lend { password in
      var escaped = [UInt8]()
      // In one piece from the start, so that no copy of a part is left behind.
      escaped.reserveCapacity(9 + 2 * password.count)
      escaped += Array("*:*:*:*:".utf8)
      for index in password.indices {
        let byte = password[index]
        if byte == UInt8(ascii: ":") || byte == UInt8(ascii: "\\") { escaped.append(UInt8(ascii: "\\")) }
        escaped.append(byte)
      }
      escaped.append(UInt8(ascii: "\n"))
      line = escaped
    }
    return line
  }
}
