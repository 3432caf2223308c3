internal import CODBC

/// What stands behind an ODBC source, and what leads there.
public struct ODBCFacts: Sendable, Hashable {
  /// `SQL_DBMS_NAME`: `PostgreSQL`, `Microsoft SQL Server`.
  public let product: String
  /// `SQL_SERVER_NAME` and `SQL_DATABASE_NAME`, as the driver tells them.
  public let server: String
  public let database: String
  /// The driver's file and version: `psqlodbcw.so`, `13.02.0000`.
  public let driver: String
  public let driverVersion: String
  /// Whether the session is encrypted; nil where the program behind does not tell.
  public let isEncrypted: Bool?
  /// The server was reached without a network. Not told where it is not known.
  public let isLocal: Bool?
}

extension ODBCSession {
  func facts() throws(DatabaseError) -> ServerFacts {
    try checkReady()
    // `15.0.20`: the standard wants major, minor and release, each a number.
    let version = unsafe ODBCDriver.text(SQL_DBMS_VER, connection)
    let parts = version.prefix { $0 == "." || $0.isNumber }.split(separator: ".").map { Int($0) ?? 0 } + [0, 0, 0]
    var (isEncrypted, isLocal): (Bool?, Bool?) = (nil, nil)
    var encoding = ""
    if dialect.product == "PostgreSQL" {
      isEncrypted = try word("select ssl::text from pg_stat_ssl where pid = pg_backend_pid()").map { $0 == "true" }
      isLocal = try word("select (inet_server_addr() is null)::text").map { $0 == "true" }
      encoding = try word("select current_setting('server_encoding')") ?? ""
    }
    let facts = unsafe ODBCFacts(
      product: dialect.product, server: ODBCDriver.text(SQL_SERVER_NAME, connection),
      database: ODBCDriver.text(SQL_DATABASE_NAME, connection), driver: driver.name,
      driverVersion: driver.version, isEncrypted: isEncrypted, isLocal: isLocal)
    return ServerFacts(
      engine: .odbc, version: version,
      versionNumber: parts[0] * 10_000 + min(parts[1], 99) * 100 + min(parts[2], 99),
      encoding: encoding, collation: "", user: unsafe ODBCDriver.text(SQL_USER_NAME, connection),
      isSuperuser: false,
      canCreateRoles: false, canCreateDatabases: false, isInRecovery: false, backendProcess: nil, loginProcess: nil,
      tls: nil, tlsIsConfigured: isEncrypted == true, pendingRestart: [], odbc: facts)
  }

  func identity() throws(DatabaseError) -> String? {
    if dialect.product == "PostgreSQL" { return try word(SQL(unsafeSQL: postgresIdentityQuery)) }
    return unsafe [
      dialect.product, ODBCDriver.text(SQL_SERVER_NAME, connection), ODBCDriver.text(SQL_DATABASE_NAME, connection),
    ].joined(separator: "/")
  }
}

extension Connection {
  func odbc(_ doing: String) throws(DatabaseError) -> ODBCSession {
    guard let session = session as? ODBCSession else {
      throw DatabaseError(.unsupported, doing: doing, reason: "\(engine.rawValue) cannot do this")
    }
    try session.checkReady()
    return session
  }
}
