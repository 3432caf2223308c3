internal import Base

/// The rows of an ordered query, looked at one after the other and read from the engine in pieces. Several can be open
/// on one connection at once, which a ``RowStream`` of PostgreSQL cannot.
///
/// Lives within a transaction of its connection. PostgreSQL: a cursor on the server (DECLARE, FETCH); SQLite: the
/// statement itself. ODBC has none. Blocks.
public final class QueryCursor {
  private let connection: Connection
  private let kinds: [ColumnKind]
  private let rows: Int
  /// SQLite's statement.
  private let statement: (any RowSource)?
  /// PostgreSQL's cursor.
  private let name: String
  private var block: RowBlock
  private var index = 0
  private var isRead = false

  /// - Parameter rows: how many are read at once.
  /// - Throws: `misuse` outside a transaction on PostgreSQL, `unsupported` over ODBC.
  public init(_ connection: Connection, _ sql: SQL, _ kinds: [ColumnKind], rows: Int = 64) throws(DatabaseError) {
    self.connection = connection
    self.kinds = kinds
    self.rows = rows
    block = RowBlock(kinds: kinds, capacity: 4096)
    name = "locktender_\(String(UniqueID.random().low, radix: 36))"
    switch connection.engine {
    case .sqlite: statement = try connection.session.stream(sql, kinds, .throwing)
    case .postgresql:
      guard connection.inTransaction else {
        throw DatabaseError(.misuse, doing: "open a cursor", reason: "no transaction is open")
      }
      try connection.execute("DECLARE \(identifier: name) NO SCROLL CURSOR FOR \(fragment: sql)")
      statement = nil
    case .odbc:
      throw DatabaseError(.unsupported, doing: "open a cursor", reason: "ODBC has none that all drivers know")
    }
  }

  deinit {
    statement?.close()
    // The transaction's end closes it as well, and a broken transaction has closed it already.
    if statement == nil { _ = try? connection.execute("CLOSE \(identifier: name)") }
  }

  /// What a body makes of the row at hand; nil behind the last one.
  public func current<R>(_ body: (borrowing RowView) throws -> R) throws -> R? {
    if index == block.count { try read() }
    guard index < block.count else { return nil }
    return try QueryCursor.row(index, of: block, body)
  }

  private static func row<R>(
    _ index: Int, of block: borrowing RowBlock, _ body: (borrowing RowView) throws -> R
  ) rethrows -> R {
    try body(block[index])
  }

  /// Goes on to the next row.
  public func advance() { if index < block.count { index += 1 } }

  private func read() throws(DatabaseError) {
    guard !isRead else { return }
    index = 0
    block.removeAll()
    if let statement {
      try statement.read(into: &block, rows: rows, bytes: 1 << 20)
      isRead = block.count == 0
    } else {
      let fetched = try connection.session.result(
        "FETCH FORWARD \(unsafeSQL: String(rows)) FROM \(identifier: name)", kinds, .throwing)
      try fetched.read(into: &block, rows: rows, bytes: .max)
      isRead = block.count < rows
    }
  }
}
