internal import CODBC

/// A database behind ODBC as an engine: a source that is read.
///
/// Nothing is ever committed: the connection runs without autocommit, and each statement or transaction ends with a
/// rollback. Where the program behind has read-only sessions, this is one besides.
@safe
final class ODBCSession: EngineSession {
  // SAFETY: `connection` is the pointer of `handle`, and nothing uses it after `close` has taken the handle.
  let engine = Engine.odbc
  let source: String
  let connection: SQLHDBC
  let dialect: SQLDialect
  private(set) var driver: ODBCDriver
  let control = ODBCControl()
  let options: ConnectOptions
  private var handle: ODBCHandle?
  /// A result is being read: the connection can do nothing else.
  private(set) var isStreaming = false
  private var isLost = false
  /// The session's own limit does not hold for the stream that is open.
  private var limitIsLifted = false
  var transaction: TransactionKind?

  /// - Parameter adjust: changes what was found out, for tests of what other drivers and programs lead to.
  init(
    _ source: String, options: ConnectOptions,
    adjusting adjust: (inout ODBCDriver, inout SQLDialect) -> Void = { _, _ in }
  ) throws(DatabaseError) {
    guard options.access == .readOnly else {
      throw DatabaseError(
        .permission, doing: "open odbc:\(source)", reason: "a database behind ODBC is only read",
        advice: "Name a SQLite file or a PostgreSQL database to write to.")
    }
    self.source = source
    self.options = options
    let handle = try ODBCConnector(source: source, options: options).connect()
    unsafe connection = handle.connection
    var driver = unsafe ODBCDriver(handle.connection)
    var dialect = unsafe SQLDialect.odbc(
      product: ODBCDriver.text(SQL_DBMS_NAME, handle.connection),
      quote: ODBCDriver.text(SQL_IDENTIFIER_QUOTE_CHAR, handle.connection),
      levels: ODBCDriver.bits(SQL_TXN_ISOLATION_OPTION, handle.connection))
    adjust(&driver, &dialect)
    self.driver = driver
    self.dialect = dialect
    self.handle = consume handle
    try prepareSession()
  }

  deinit { control.aimAtNothing() }

  /// Settings that hold for the whole session, which a rollback would take back: so they come before autocommit ends.
  private func prepareSession() throws(DatabaseError) {
    if driver.isPsqlODBC {
      for (attribute, value) in ODBCDriver.settings {
        try setConnection(attribute, value, doing: "set up the driver")
      }
    }
    for text in dialect.sessionStatements(options) { try run(text, doing: "set up the session") }
    if dialect.product == "PostgreSQL", driver.textForm == .bytes,
      try word("select current_setting('server_encoding')") == "SQL_ASCII"
    {
      // Texts may be anything there; asked for in UTF-8, the server would refuse what is not.
      try run("set client_encoding = 'SQL_ASCII'", doing: "set up the session")
      driver.hasTextsInNoEncoding = true
    }
    try setConnection(SQL_ATTR_AUTOCOMMIT, Int(SQL_AUTOCOMMIT_OFF), doing: "end autocommit")
  }

  func setConnection(_ attribute: Int32, _ value: Int, doing: String) throws(DatabaseError) {
    let code = unsafe SQLSetConnectAttrW(connection, attribute, codbc_value(UInt(bitPattern: value)), 0)
    if codbc_succeeded(code) == 0 {
      throw failure(unsafe ODBCDiagnostic.records(SQL_HANDLE_DBC, connection), doing: doing)
    }
  }

  var inTransaction: Bool { handle != nil && transaction != nil }

  func checkReady() throws(DatabaseError) {
    if handle == nil { throw DatabaseError(.misuse, doing: "use the database", reason: "the connection is closed") }
    if isStreaming {
      throw DatabaseError(
        .misuse, doing: "use the database", reason: "a stream of this connection has not ended")
    }
  }

  // MARK: Errors

  func failure(_ statement: ODBCStatement, doing: String) -> DatabaseError {
    failure(statement.diagnostics, doing: doing)
  }

  func failure(_ records: [ODBCDiagnostic], doing: String) -> DatabaseError {
    var error = DatabaseError.odbc(records, doing: doing)
    if error.code == .connectionLost || isLost || isConnectionDead {
      isLost = true
      transaction = nil
      if error.code == .connectionLost { return error }
      var lost = DatabaseError(
        .connectionLost, doing: doing, reason: "the server closed the connection",
        advice: "Look into the server's log, then resume.", transient: true)
      lost.sqlState = error.sqlState
      return lost
    }
    if control.isCancelled, error.code != .timeout {
      let state = error.sqlState
      error = DatabaseError(.cancelled, doing: doing, reason: "cancelled")
      error.sqlState = state
    }
    return error
  }

  private var isConnectionDead: Bool {
    var isDead: SQLUINTEGER = 0
    let code = unsafe SQLGetConnectAttrW(connection, SQL_ATTR_CONNECTION_DEAD, &isDead, 0, nil)
    return codbc_succeeded(code) != 0 && isDead == SQLUINTEGER(SQL_CD_TRUE)
  }

  // MARK: Statements

  /// Runs a text that gives no rows.
  func run(_ text: String, doing: String) throws(DatabaseError) {
    try checkReady()
    let statement = try unsafe ODBCStatement(on: connection)
    let code = statement.execute(text)
    if codbc_succeeded(code) == 0, code != SQL_NO_DATA { throw failure(statement, doing: doing) }
  }

  /// Prepares and runs a query, and finds out how its columns are fetched.
  private func open(
    _ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy, isTimed: Bool
  ) throws(DatabaseError) -> ODBCRowSource {
    let (text, values) = sql.rendered(dialect)
    let parameters = try ODBCParameters(values, for: dialect)
    let (statement, sent) = try prepared(text, kinds)
    if isTimed, let seconds = options.statementTimeout, !dialect.boundsStatements {
      // A driver without this attribute has no limit to offer.
      _ = statement.set(SQL_ATTR_QUERY_TIMEOUT, Int(min(max(1, seconds.rounded(.up)), 1_000_000)))
    }
    control.aim(at: statement)
    do throws(DatabaseError) {
      guard parameters.bind(to: statement) else { throw failure(statement, doing: "bind values") }
      guard codbc_succeeded(statement.execute()) != 0, !control.isCancelled else {
        throw failure(statement, doing: "read rows")
      }
      let columns = try columns(of: statement, kinds, sent: sent)
      return try ODBCRowSource(self, statement, columns, policy)
    } catch {
      control.aimAtNothing()
      throw error
    }
  }

  /// The statement, prepared; on PostgreSQL with its times sent in binary form, since psqlODBC knows neither
  /// `infinity` nor years beyond 9999 and gives other times instead.
  ///
  /// - Returns: with the statement, the columns that are sent.
  private func prepared(
    _ text: String, _ kinds: [ColumnKind]
  ) throws(DatabaseError) -> (ODBCStatement, Set<Int>) {
    let statement = try unsafe ODBCStatement(on: connection)
    if codbc_succeeded(statement.prepare(text)) == 0 { throw failure(statement, doing: "read rows") }
    guard dialect.product == "PostgreSQL", kinds.contains(.timestamp), statement.columnCount == kinds.count else {
      return (statement, [])
    }
    let sent = Set(
      kinds.indices.filter {
        kinds[$0] == .timestamp && statement.description(ofColumn: $0)?.type == Int32(SQL_TYPE_TIMESTAMP)
      })
    if sent.isEmpty { return (statement, []) }
    let names = kinds.indices.map { "c\($0)" }.joined(separator: ", ")
    let columns = kinds.indices.map { sent.contains($0) ? "timestamptz_send(c\($0)::timestamptz)" : "c\($0)" }
    let wrapped = try unsafe ODBCStatement(on: connection)
    let fitted = "select \(columns.joined(separator: ", ")) from (\(text)) as source (\(names))"
    if codbc_succeeded(wrapped.prepare(fitted)) == 0 { throw failure(wrapped, doing: "read rows") }
    return (wrapped, sent)
  }

  private func columns(
    of statement: ODBCStatement, _ kinds: [ColumnKind], sent: Set<Int>
  ) throws(DatabaseError) -> [ODBCColumn] {
    let count = statement.columnCount
    guard count == kinds.count else {
      throw DatabaseError(
        .misuse, doing: "read rows", reason: "the statement gives \(count) columns, \(kinds.count) are expected")
    }
    var columns: [ODBCColumn] = []
    for (index, kind) in kinds.enumerated() {
      guard let description = statement.description(ofColumn: index) else {
        throw failure(statement, doing: "read rows")
      }
      guard let column = ODBCColumn(kind, description, driver, isSent: sent.contains(index)) else {
        throw DatabaseError.unfit(index, odbcType: description.type, kind)
      }
      columns.append(column)
    }
    return columns
  }

  /// Called when a result ends, however it does.
  func endStatement() {
    control.aimAtNothing()
    isStreaming = false
    let hasLiftedLimit = limitIsLifted
    limitIsLifted = false
    if handle == nil || isLost { return }
    // Neither failure has anybody to be told to here; both show at the next statement.
    if transaction == nil {
      unsafe SQLEndTran(Int16(SQL_HANDLE_DBC), connection, Int16(SQL_ROLLBACK))
    } else if hasLiftedLimit, let seconds = options.statementTimeout {
      // The error at hand is the one to tell.
      try? run(dialect.limitingStatements(seconds: seconds), doing: "limit statements again")
    }
  }

  // MARK: EngineSession

  func result(
    _ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy
  ) throws(DatabaseError) -> any RowSource {
    try ODBCResultSource(readingAll: begun(sql, kinds, policy, isTimed: true), kinds)
  }

  func stream(
    _ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy
  ) throws(DatabaseError) -> any RowSource {
    try begun(sql, kinds, policy, isTimed: false)
  }

  private func begun(
    _ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy, isTimed: Bool
  ) throws(DatabaseError) -> ODBCRowSource {
    try checkReady()
    do throws(DatabaseError) {
      if !isTimed, options.statementTimeout != nil, dialect.boundsStatements {
        try run(dialect.limitingStatements(seconds: 0), doing: "read rows")
        limitIsLifted = true
      }
      let source = try open(sql, kinds, policy, isTimed: isTimed)
      isStreaming = true
      return source
    } catch {
      endStatement()
      throw error
    }
  }

  func makeCanceller() -> Canceller {
    let control = control
    return Canceller { control.cancel() }
  }

  func close() throws(DatabaseError) {
    if isStreaming { throw DatabaseError.streamIsOpen }
    control.aimAtNothing()
    handle = nil
  }

  // MARK: What a source does not do

  private var readOnly: DatabaseError {
    DatabaseError(
      .permission, doing: "write", reason: "a database behind ODBC is only read",
      advice: "Use `rows`, `first` or `stream` for queries; write to SQLite or PostgreSQL.")
  }

  func execute(_ sql: SQL) throws(DatabaseError) -> Int { throw readOnly }

  func executeScript(_ text: String) throws(DatabaseError) { throw readOnly }

  func insert(
    into table: TableName, columns: [String], rows: borrowing RowBlock, range: Range<Int>
  ) throws(DatabaseError) { throw readOnly }
}
