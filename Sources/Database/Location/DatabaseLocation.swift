internal import Glibc

/// Where a database is. Holds no password; printable.
///
/// The text forms, which ``init(_:)`` reads and ``description`` prints:
/// - `sqlite:relative/or/absolute.db`, or the bare path of an existing file;
/// - `postgresql://user@host:port/database?sslmode=…&sslrootcert=…&sslcert=…&sslkey=…&schema=…`, with `?host=/folder`
///   for a Unix socket;
/// - `odbc:DSN=…;…`.
public struct DatabaseLocation: Sendable, Hashable, Codable, CustomStringConvertible {
  public let kind: Kind

  public enum Kind: Sendable, Hashable {
    /// An absolute path.
    case sqlite(path: String)
    case postgresql(PostgresAddress)
    /// A connection string without credentials.
    case odbc(String)
  }

  public init(_ kind: Kind) { self.kind = kind }

  /// A SQLite file; a relative path is taken from the current folder.
  public static func sqlite(path: String) -> DatabaseLocation { DatabaseLocation(.sqlite(path: absolute(path))) }

  public var engine: Engine {
    switch kind {
    case .sqlite: .sqlite
    case .postgresql: .postgresql
    case .odbc: .odbc
    }
  }

  /// The path of a SQLite file.
  public var path: String? {
    if case .sqlite(let path) = kind { path } else { nil }
  }

  public var postgres: PostgresAddress? {
    if case .postgresql(let address) = kind { address } else { nil }
  }

  /// The TLS mode when it is weaker than full verification and the connection leaves the machine; a check reports it.
  public var weakTLS: TLSMode? {
    guard let address = postgres, !address.isSocket, address.tlsMode != .verifyFull else { return nil }
    return address.tlsMode
  }

  public var description: String {
    switch kind {
    case .sqlite(let path): "sqlite:\(path)"
    case .postgresql(let address): address.description
    case .odbc(let text): "odbc:\(text)"
    }
  }

  /// A text that is equal for two locations that name the same data: links in a file's path are followed, host
  /// names lower-cased; user and TLS settings do not count, the schema does.
  public var canonical: String {
    switch kind {
    case .sqlite(let path):
      return "sqlite:\(DatabaseLocation.resolved(path))"
    case .postgresql(let address):
      let host = address.isSocket ? DatabaseLocation.resolved(address.host) : address.host.lowercased()
      return "postgresql:\(host):\(address.port)/\(address.database)?schema=\(address.schema ?? "public")"
    case .odbc(let text):
      return "odbc:\(text)"
    }
  }

  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    guard let folder = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(folder) }
    let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return unsafe String(cString: folder) + "/" + relative
  }

  /// The path without links; where the file does not exist yet, its folder's.
  private static func resolved(_ path: String) -> String {
    if let real = unsafe realpath(path, nil) {
      defer { unsafe free(real) }
      return unsafe String(cString: real)
    }
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return path }
    return resolved(String(path[..<slash])) + String(path[slash...])
  }
}

/// Where a PostgreSQL database is.
public struct PostgresAddress: Sendable, Hashable, CustomStringConvertible {
  /// A host name, an address, or the folder of a Unix socket.
  public var host: String
  public var port: Int
  /// Nil for the name of the operating system's user.
  public var user: String?
  public var database: String
  /// The schema in which unqualified names are looked up; nil for the server's own setting.
  public var schema: String?
  /// Full verification unless the text said otherwise.
  public var tlsMode: TLSMode
  /// A file of trusted certificates; nil for the system's.
  public var rootCertificate: String?
  public var clientCertificate: String?
  public var clientKey: String?

  public init(
    host: String, port: Int = 5432, user: String? = nil, database: String, schema: String? = nil,
    tlsMode: TLSMode = .verifyFull
  ) {
    self.host = host
    self.port = port
    self.user = user
    self.database = database
    self.schema = schema
    self.tlsMode = tlsMode
  }

  public var isSocket: Bool { host.hasPrefix("/") }

  public var description: String {
    var text = "postgresql://"
    if let user { text += percentEncoded(user) + "@" }
    if !isSocket { text += host.contains(":") ? "[\(host)]" : percentEncoded(host) }
    if port != 5432 { text += ":\(port)" }
    text += "/" + percentEncoded(database)
    var query: [String] = []
    if isSocket { query.append("host=" + percentEncoded(host, keeping: "/")) }
    if tlsMode != .verifyFull { query.append("sslmode=\(tlsMode.rawValue)") }
    for (key, value) in [
      ("sslrootcert", rootCertificate), ("sslcert", clientCertificate), ("sslkey", clientKey), ("schema", schema),
    ] {
      if let value { query.append("\(key)=" + percentEncoded(value, keeping: "/")) }
    }
    return query.isEmpty ? text : text + "?" + query.joined(separator: "&")
  }
}
