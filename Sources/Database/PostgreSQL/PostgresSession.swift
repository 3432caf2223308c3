internal import Base
internal import CPostgres

/// A PostgreSQL session as an engine.
@safe
final class PostgresSession: EngineSession {
  // SAFETY: `connection` is the pointer of `handle`, and nothing uses it after `close` has taken the handle.
  let engine = Engine.postgresql
  let address: PostgresAddress
  let connection: OpaquePointer
  let statementTimeout: Double?
  var handle: PostgresHandle?
  /// A COPY TO is under way: the connection can do nothing else.
  var isStreaming = false
  let notices = NoticeLog()

  init(_ address: PostgresAddress, options: ConnectOptions) throws(DatabaseError) {
    self.address = address
    statementTimeout = options.statementTimeout
    let handle = try PostgresConnector(address: address, options: options).connect()
    unsafe connection = handle.pointer
    self.handle = consume handle
    unsafe PQsetErrorVerbosity(connection, PQERRORS_DEFAULT)
    unsafe PQsetNoticeReceiver(connection, receiveNotice, Unmanaged.passUnretained(notices).toOpaque())
    if unsafe PQparameterStatus(connection, "server_encoding").map({ unsafe String(cString: $0) }) == "SQL_ASCII" {
      // Texts may be anything there; asked for in UTF-8, the server would refuse what is not.
      unsafe PQsetClientEncoding(connection, "SQL_ASCII")
    }
  }

  var inTransaction: Bool {
    if handle == nil { return false }
    let status = unsafe PQtransactionStatus(connection)
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE
  }

  func checkReady() throws(DatabaseError) {
    if handle == nil { throw DatabaseError(.misuse, doing: "use the database", reason: "the connection is closed") }
    if isStreaming {
      throw DatabaseError(
        .misuse, doing: "use the database", reason: "a stream of this connection has not ended")
    }
  }

  // MARK: Statements

  /// Runs one statement with bound values.
  func run(_ sql: SQL, doing: String, binary: Bool = false) throws(DatabaseError) -> PostgresResult {
    try checkReady()
    let (text, values) = sql.rendered(.postgresql)
    let parameters = try PostgresParameters(values)
    let pointer = unsafe parameters.withPointers { pointers in
      unsafe PQexecParams(
        connection, text, Int32(parameters.count), parameters.types, pointers, nil, nil, binary ? 1 : 0)
    }
    return try unsafe checked(pointer, doing: doing)
  }

  /// Runs a text without parameters, of one or many statements.
  func run(text: String, doing: String) throws(DatabaseError) -> PostgresResult {
    try checkReady()
    return try unsafe checked(PQexec(connection, text), doing: doing)
  }

  private func checked(_ pointer: OpaquePointer?, doing: String) throws(DatabaseError) -> PostgresResult {
    guard let pointer = unsafe pointer else { throw lost(doing: doing) }
    let result = unsafe PostgresResult(adopting: pointer)
    if result.succeeded { return result }
    throw failure(result, doing: doing)
  }

  func failure(_ result: borrowing PostgresResult, doing: String) -> DatabaseError {
    guard let state = result.diagnostic(cpostgres_diag_sqlstate) else { return lost(doing: doing) }
    let object =
      result.diagnostic(cpostgres_diag_constraint) ?? result.diagnostic(cpostgres_diag_column)
      ?? result.diagnostic(cpostgres_diag_table) ?? ""
    let message = result.diagnostic(cpostgres_diag_primary) ?? ""
    var error: DatabaseError
    if state == "57014", message.contains("statement timeout") {
      error = DatabaseError(.timeout, doing: doing, reason: "the statement takes longer than it may")
      error.sqlState = state
    } else {
      error = DatabaseError.postgres(state, doing: doing, message: message, object: object)
    }
    error.notices = notices.last
    return error
  }

  /// The error where no server answers any more, or libpq itself refuses.
  func lost(doing: String) -> DatabaseError {
    if unsafe PQstatus(connection) == CONNECTION_BAD {
      var error = DatabaseError(
        .connectionLost, doing: doing, reason: "the server closed the connection",
        advice: "Look into the server's log, then resume.", transient: true)
      error.notices = notices.last
      return error
    }
    return DatabaseError(.other, doing: doing, reason: "libpq refuses the call")
  }

  // MARK: EngineSession

  func execute(_ sql: SQL) throws(DatabaseError) -> Int {
    try run(sql, doing: "execute a statement").affectedRows
  }

  func executeScript(_ text: String) throws(DatabaseError) {
    _ = try run(text: text, doing: "execute a script")
  }

  func result(
    _ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy
  ) throws(DatabaseError) -> any RowSource {
    try PostgresResultSource(try run(sql, doing: "read rows", binary: true), kinds)
  }

  func makeCanceller() -> Canceller {
    guard handle != nil, let cancel = unsafe PostgresCancel(connection) else { return Canceller {} }
    return Canceller { cancel.cancel() }
  }

  func close() throws(DatabaseError) {
    if isStreaming { throw DatabaseError.streamIsOpen }
    handle = nil
  }

  // MARK: Time limit

  /// Stands before a COPY: the limit of a statement counts from its start to the last row, and a slow reader or
  /// writer is no fault. Where the COPY fails the server takes it back.
  var liftingTimeLimit: String { statementTimeout == nil ? "" : "set statement_timeout = 0; " }

  /// Sets the limit again after a COPY.
  func restoreTimeLimit() throws(DatabaseError) {
    guard let statementTimeout else { return }
    try executeScript("set statement_timeout = \(PostgresConnector.milliseconds(statementTimeout))")
  }

  // MARK: Transactions

  func begin(_ kind: TransactionKind, sharing snapshot: Snapshot?) throws(DatabaseError) {
    switch kind {
    case .deferred, .immediate: try executeScript("begin isolation level read committed")
    case .serializable: try executeScript("begin isolation level serializable")
    case .readOnlySnapshot:
      try executeScript("begin isolation level repeatable read, read only")
      do throws(DatabaseError) {
        if let snapshot {
          let literal = try unsafe PostgresParameters.literal(.text(snapshot.token), on: connection)
          try executeScript("set transaction snapshot \(literal)")
        } else {
          // The picture is taken by the first statement, which shall not be some time later.
          try executeScript("select 1")
        }
      } catch {
        // The first error is the one that matters.
        try? rollBack()
        throw error
      }
    }
  }

  func exportSnapshot() throws(DatabaseError) -> Snapshot {
    let source = try result("select pg_export_snapshot()", [.text], .throwing)
    var block = RowBlock(kinds: [.text], capacity: 256)
    try source.read(into: &block, rows: 1, bytes: .max)
    guard block.count == 1, let token = block[0].string(0) else {
      throw DatabaseError(.other, doing: "export a snapshot", reason: "the server gives none")
    }
    return Snapshot(engine: .postgresql, token: token)
  }

  func commit() throws(DatabaseError) {
    do throws(DatabaseError) {
      // The server answers the commit of a broken transaction with a rollback, and calls that a success.
      if try run(text: "commit", doing: "commit").commandTag == "ROLLBACK" {
        throw DatabaseError(.misuse, doing: "commit", reason: "an earlier error has ended the transaction")
      }
    } catch {
      var error = error
      error.outcomeUnknown = error.code == .connectionLost
      throw error
    }
  }

  func rollBack() throws(DatabaseError) {
    if inTransaction { _ = try run(text: "rollback", doing: "roll back") }
  }
}
