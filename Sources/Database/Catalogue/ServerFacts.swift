internal import CPostgres
internal import CSQLite

/// What a connection tells about the program behind it.
public struct ServerFacts: Sendable, Hashable {
  public let engine: Engine
  /// `15.20` or `3.40.1`.
  public let version: String
  /// `150020` or `3040001`. Over ODBC: ten thousand times the first number, and what of the others fits behind it.
  public let versionNumber: Int
  /// Of the database's texts: `UTF8`.
  public let encoding: String
  public let collation: String
  public let user: String
  public let isSuperuser: Bool
  public let canCreateRoles: Bool
  public let canCreateDatabases: Bool
  /// The server only follows another one.
  public let isInRecovery: Bool
  /// The process number of the session as the server says it, and as libpq was told at login. A pooler in between
  /// gives its own.
  public let backendProcess: Int?
  public let loginProcess: Int?
  /// Nil where the connection is not encrypted.
  public let tls: TLSFacts?
  /// `ssl` stands in the server's configuration, which does not mean that this connection uses it.
  public let tlsIsConfigured: Bool
  /// Settings that were changed and wait for a restart.
  public let pendingRestart: [String]
  /// Nil but for a source behind ODBC, of which rights and settings are not known.
  public var odbc: ODBCFacts?

  /// Whether a pooler stands between, so that session locks and temporary tables cannot be relied on.
  public var isPooled: Bool { backendProcess != loginProcess }
}

/// How the connection is encrypted.
public struct TLSFacts: Sendable, Hashable {
  /// `TLSv1.3`.
  public let version: String
  public let cipher: String
  public let keyBits: Int
  public let certificate: PeerCertificate?

  init?(_ connection: borrowing PostgresHandle) {
    guard unsafe PQsslInUse(connection.pointer) != 0 else { return nil }
    version = TLSFacts.attribute("protocol", connection)
    cipher = TLSFacts.attribute("cipher", connection)
    keyBits = Int(TLSFacts.attribute("key_bits", connection)) ?? 0
    certificate = PeerCertificate(connection)
  }

  private static func attribute(_ name: String, _ connection: borrowing PostgresHandle) -> String {
    unsafe PQsslAttribute(connection.pointer, name).map { unsafe String(cString: $0) } ?? ""
  }
}

extension Connection {
  /// Asks the server, or the library where there is none, what it is and what this user may do.
  public func serverFacts() throws(DatabaseError) -> ServerFacts {
    if let postgres = session as? PostgresSession { return try postgresFacts(postgres) }
    if let odbc = session as? ODBCSession { return try odbc.facts() }
    return ServerFacts(
      engine: .sqlite, version: unsafe String(cString: sqlite3_libversion()),
      versionNumber: Int(sqlite3_libversion_number()), encoding: try text("pragma encoding") ?? "",
      collation: "BINARY", user: "", isSuperuser: false, canCreateRoles: false, canCreateDatabases: false,
      isInRecovery: false, backendProcess: nil, loginProcess: nil, tls: nil, tlsIsConfigured: false,
      pendingRestart: [])
  }

  private func postgresFacts(_ postgres: PostgresSession) throws(DatabaseError) -> ServerFacts {
    let row = try texts(
      """
      select current_setting('server_version'), current_setting('server_version_num'),
        pg_encoding_to_char(d.encoding), d.datcollate, r.rolname, r.rolsuper::text, r.rolcreaterole::text,
        r.rolcreatedb::text, pg_is_in_recovery()::text, pg_backend_pid()::text, current_setting('ssl'),
        coalesce((select string_agg(name, ',' order by name) from pg_settings where pending_restart), '')
      from pg_database d, pg_roles r where d.datname = current_database() and r.rolname = current_user
      """, 12
    ).first
    guard let row else {
      throw DatabaseError(.other, doing: "ask the server what it is", reason: "the server does not know this user")
    }
    func isTrue(_ column: Int) -> Bool { row[column] == "true" }
    return ServerFacts(
      engine: .postgresql, version: row[0] ?? "", versionNumber: Int(row[1] ?? "") ?? 0, encoding: row[2] ?? "",
      collation: row[3] ?? "", user: row[4] ?? "", isSuperuser: isTrue(5), canCreateRoles: isTrue(6),
      canCreateDatabases: isTrue(7), isInRecovery: isTrue(8), backendProcess: Int(row[9] ?? ""),
      loginProcess: postgres.loginProcess, tls: postgres.tlsFacts(), tlsIsConfigured: row[10] == "on",
      pendingRestart: (row[11] ?? "").split(separator: ",").map(String.init))
  }
}

extension Connection {
  /// A text that is equal for two connections to the same data, by whatever address they came: PostgreSQL's system
  /// identifier with database and schema (the same by libpq and by ODBC); for a file its device and inode; for any
  /// other program behind ODBC the names that it gives to server and database.
  public func dataIdentity() throws(DatabaseError) -> String {
    if let session = session as? SQLiteSession { return try session.fileIdentity() }
    let identity: String?
    if let odbc = session as? ODBCSession {
      identity = try odbc.identity()
    } else {
      identity = try text(SQL(unsafeSQL: postgresIdentityQuery))
    }
    guard let identity else {
      throw DatabaseError(.other, doing: "identify the database", reason: "the server does not tell")
    }
    return identity
  }
}

/// One text that names the data of a PostgreSQL session.
let postgresIdentityQuery = """
  select 'postgresql:' || system_identifier || '/' || (select oid from pg_database where datname = current_database())
    || '/' || coalesce(current_schema(), '') from pg_control_system()
  """

extension PostgresSession {
  var loginProcess: Int { Int(unsafe PQbackendPID(connection)) }

  func tlsFacts() -> TLSFacts? { handle == nil ? nil : TLSFacts(handle!) }
}
