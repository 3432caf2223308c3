/// What an engine gives to ``Connection``. One object per open database, confined to its user's thread.
protocol EngineSession: AnyObject {
  var engine: Engine { get }
  /// Whether a transaction is open, as the engine itself says.
  var inTransaction: Bool { get }

  func execute(_ sql: SQL) throws(DatabaseError) -> Int
  func executeScript(_ text: String) throws(DatabaseError)
  /// A result that fits into memory; other statements may run while it is read.
  func result(_ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy) throws(DatabaseError) -> any RowSource
  /// A result of any size. PostgreSQL can do nothing else until it ends.
  func stream(_ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy) throws(DatabaseError) -> any RowSource
  func insert(
    into table: TableName, columns: [String], rows: borrowing RowBlock, range: Range<Int>
  ) throws(DatabaseError)
  func begin(_ kind: TransactionKind, sharing snapshot: Snapshot?) throws(DatabaseError)
  func commit() throws(DatabaseError)
  func rollBack() throws(DatabaseError)
  func exportSnapshot() throws(DatabaseError) -> Snapshot
  func makeCanceller() -> Canceller
  func close() throws(DatabaseError)
}

/// Rows that come from an engine.
protocol RowSource: AnyObject {
  /// Values that became null under ``MismatchPolicy/asNull`` in the last read.
  var mismatches: [DatabaseError.Place] { get }
  /// Appends rows until the block has so many rows or bytes, or the source is at its end.
  func read(into block: inout RowBlock, rows: Int, bytes: Int) throws(DatabaseError)
  /// Frees what the source holds; a source that is not at its end is cut off.
  func close()
}

/// What happens when a SQLite value is of another storage class than its kind and cannot be converted without loss.
public enum MismatchPolicy: Sendable {
  /// The read throws `mismatch`, with the place in the error.
  case throwing
  /// The field becomes null, and its place (row within the block) is listed in ``RowStream/mismatches``.
  case asNull
}

/// How a transaction begins.
public enum TransactionKind: String, Sendable {
  /// Locks are taken when they are needed. PostgreSQL: READ COMMITTED.
  case deferred
  /// SQLite takes the write lock at once, so that the transaction cannot fail half-way for want of it. PostgreSQL:
  /// as `deferred`.
  case immediate
  /// PostgreSQL: SERIALIZABLE. SQLite, where every transaction is: as `immediate`.
  case serializable
  /// One unchanging picture of the database, without writes. PostgreSQL: REPEATABLE READ, READ ONLY.
  case readOnlySnapshot
}

/// A picture of the database that several read-only transactions can share while its exporter's is open.
public struct Snapshot: Sendable, Hashable {
  let engine: Engine
  let token: String
}
