internal import Base

/// One open database of any engine.
///
/// A connection belongs to the task or thread that uses it, one call at a time; it may be handed on with `sending`.
/// Every call blocks: run it on a ``BlockingThread``. The last reference closes it without a word; ``close()`` tells
/// what went wrong.
public final class Connection {
  public let location: DatabaseLocation
  let session: any EngineSession
  private var depth = 0

  init(_ location: DatabaseLocation, _ session: any EngineSession) {
    self.location = location
    self.session = session
  }

  /// Opens a database.
  ///
  /// - Throws: `DatabaseError` with advice for a person.
  public static func open(
    _ location: DatabaseLocation, options: ConnectOptions
  ) throws(DatabaseError) -> sending Connection {
    switch location.kind {
    case .sqlite(let path):
      Connection(location, try SQLiteSession(path: path, options: options))
    case .postgresql(let address):
      Connection(location, try PostgresSession(address, options: options))
    case .odbc(let source):
      Connection(location, try ODBCSession(source, options: options))
    }
  }

  public var engine: Engine { session.engine }

  /// Closes and tells what went wrong. The connection can do nothing afterwards. Streams must have ended before.
  public func close() throws(DatabaseError) { try session.close() }

  /// Runs one statement.
  ///
  /// - Returns: how many rows it inserted, changed or deleted.
  @discardableResult
  public func execute(_ sql: SQL) throws(DatabaseError) -> Int { try session.execute(sql) }

  /// Runs many statements from one text, which the program itself must have written.
  public func execute(unsafeScript text: String) throws(DatabaseError) { try session.executeScript(text) }

  /// Inserts whole rows of a block, all or none (in a transaction of its own where none is open).
  ///
  /// The block's kinds are the columns' kinds: on PostgreSQL a `medium` goes into an `integer` column, not into a
  /// `bigint`. Within an open transaction a failure leaves it good for nothing but a rollback.
  ///
  /// - Throws: `constraint`, `mismatch` and others, with the row's ordinal within the range where the engine tells it.
  public func insert(
    into table: TableName, columns: [String], rows: borrowing RowBlock, range: Range<Int>
  ) throws(DatabaseError) {
    invariant(columns.count == rows.kinds.count, "\(columns.count) columns for \(rows.kinds.count) kinds")
    try session.insert(into: table, columns: columns, rows: rows, range: range)
  }

  /// What interrupts this connection from another thread.
  public func canceller() -> Canceller { session.makeCanceller() }

  // MARK: Transactions

  public var inTransaction: Bool { session.inTransaction }

  /// Runs work in a transaction, which is committed when the work returns and rolled back when it throws. Within
  /// another one it is a savepoint, whatever its kind.
  public func transaction<R>(_ kind: TransactionKind = .immediate, _ body: () throws -> R) throws -> R {
    if depth > 0 || session.inTransaction { return try savepoint(body) }
    try begin(kind)
    do {
      depth += 1
      defer { depth -= 1 }
      let result = try body()
      try commit()
      return result
    } catch {
      // The error that brought us here says more than one of the rollback, which the server does by itself when
      // the connection is gone.
      try? rollBack()
      throw error
    }
  }

  private func savepoint<R>(_ body: () throws -> R) throws -> R {
    // A source is only read: there is nothing to take back.
    if engine == .odbc { return try body() }
    let name = "locktender_\(depth)"
    try session.executeScript("savepoint \(name)")
    do {
      depth += 1
      defer { depth -= 1 }
      let result = try body()
      try session.executeScript("release savepoint \(name)")
      return result
    } catch {
      // As above: the first error is the one that matters.
      try? session.executeScript("rollback to savepoint \(name); release savepoint \(name)")
      throw error
    }
  }

  /// Begins a transaction that outlives the call. Prefer ``transaction(_:_:)``.
  ///
  /// - Parameter snapshot: with `readOnlySnapshot`, the picture of another connection's transaction. SQLite throws
  ///   `serialization` when the file has changed since.
  public func begin(_ kind: TransactionKind, sharing snapshot: Snapshot? = nil) throws(DatabaseError) {
    if session.inTransaction {
      throw DatabaseError(.misuse, doing: "begin a transaction", reason: "one is open already")
    }
    // ODBC shares none at all, and says so itself.
    if let snapshot, engine != .odbc, kind != .readOnlySnapshot || snapshot.engine != engine {
      throw DatabaseError(
        .misuse, doing: "begin a transaction",
        reason: "only a readOnlySnapshot of the same engine shares a snapshot")
    }
    try session.begin(kind, sharing: snapshot)
  }

  /// - Throws: also where the server rolled back instead; with `outcomeUnknown` where the connection broke.
  public func commit() throws(DatabaseError) { try session.commit() }

  /// Does nothing where no transaction is open.
  public func rollBack() throws(DatabaseError) { try session.rollBack() }

  /// The picture that this connection's `readOnlySnapshot` transaction sees, for others to share while it is open.
  public func exportSnapshot() throws(DatabaseError) -> Snapshot { try session.exportSnapshot() }
}
