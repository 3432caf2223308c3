internal import CODBC

extension ODBCSession {
  func begin(_ kind: TransactionKind, sharing snapshot: Snapshot?) throws(DatabaseError) {
    if snapshot != nil { throw ODBCSession.cannotShare }
    try checkReady()
    do throws(DatabaseError) {
      switch kind {
      case .deferred, .immediate: break
      case .serializable:
        try setConnection(SQL_ATTR_TXN_ISOLATION, Int(SQL_TXN_SERIALIZABLE), doing: "begin a transaction")
      case .readOnlySnapshot: try takePicture()
      }
      transaction = kind
      // The picture is taken by the first statement, which shall not be some time later.
      if kind == .readOnlySnapshot { _ = try result("select 1", [.medium], .throwing) }
    } catch {
      // The first error is the one that matters.
      try? rollBack()
      throw error
    }
  }

  private func takePicture() throws(DatabaseError) {
    switch dialect.stablePicture {
    case .isolation(let level):
      try setConnection(SQL_ATTR_TXN_ISOLATION, Int(level), doing: "begin a transaction")
    case .statement(let text): try run(text, doing: "begin a transaction")
    case .none:
      throw DatabaseError(
        .unsupported, doing: "begin a transaction",
        reason: "\(dialect.product) offers no unchanging picture of the database over ODBC",
        advice: "Stop whatever writes to the source, or copy it into SQLite or PostgreSQL first.")
    }
  }

  /// The same as a rollback: nothing can have been written.
  func commit() throws(DatabaseError) { try rollBack() }

  func rollBack() throws(DatabaseError) {
    guard let kind = transaction else { return }
    try checkReady()
    transaction = nil
    let code = unsafe SQLEndTran(Int16(SQL_HANDLE_DBC), connection, Int16(SQL_ROLLBACK))
    if codbc_succeeded(code) == 0 {
      throw failure(unsafe ODBCDiagnostic.records(SQL_HANDLE_DBC, connection), doing: "end a transaction")
    }
    if kind == .serializable || kind == .readOnlySnapshot { try resetIsolation(kind) }
  }

  private func resetIsolation(_ kind: TransactionKind) throws(DatabaseError) {
    if kind == .readOnlySnapshot, case .statement = dialect.stablePicture {
      try run("set transaction isolation level read committed", doing: "end a transaction")
    } else {
      try setConnection(SQL_ATTR_TXN_ISOLATION, Int(SQL_TXN_READ_COMMITTED), doing: "end a transaction")
    }
  }

  func exportSnapshot() throws(DatabaseError) -> Snapshot { throw ODBCSession.cannotShare }

  private static var cannotShare: DatabaseError {
    DatabaseError(
      .unsupported, doing: "share a snapshot", reason: "several connections cannot see one picture over ODBC",
      advice: "Let one connection read everything in one transaction.")
  }
}
