internal import Base
internal import Database

/// Rows of one table on their way into the database.
struct TableBuffer: ~Copyable {
  let table: SchemaTable
  var rows: RowBlock
  /// How many rows have been written, those waiting here included.
  private(set) var total = 0

  private let columns: [String]
  private static let fullRows = 20_000
  private static let fullBytes = 8 << 20

  init(_ name: String, of schema: ReleaseSchema) {
    guard let table = schema.table(name) else { fatalError("broken invariant: no table \(name)") }
    self.init(table)
  }

  init(_ table: SchemaTable) {
    self.table = table
    columns = table.columnNames
    rows = RowBlock(kinds: table.kinds, capacity: 1 << 20)
  }

  var tableTotal: TableTotal { TableTotal(table: table.name, rows: total) }

  var isFull: Bool { rows.count >= TableBuffer.fullRows || rows.byteCount >= TableBuffer.fullBytes }

  @inline(__always)
  mutating func append(_ piece: HistoryEvent.Piece, of arena: [UInt8]) {
    if piece.isAbsent {
      rows.appendNull()
    } else {
      rows.append(arena.span.extracting(piece.range))
    }
  }

  @inline(__always)
  mutating func append(_ text: [UInt8]) { rows.append(text.span) }

  @inline(__always)
  mutating func append(integer value: Int?) {
    if let value { rows.append(Int64(value)) } else { rows.appendNull() }
  }

  /// An instant and its offset, or two nulls.
  @inline(__always)
  mutating func append(_ moment: Moment?) {
    guard let moment else {
      rows.appendNull()
      rows.appendNull()
      return
    }
    rows.append(moment.instant)
    rows.append(Int64(moment.offset))
  }

  /// A guid, or null.
  @inline(__always)
  mutating func append(_ id: UniqueID?) {
    if let id { rows.append(id) } else { rows.appendNull() }
  }

  mutating func endRow() {
    rows.endRow()
    total += 1
  }

  mutating func flush(to connection: Connection) throws(DatabaseError) {
    if rows.count == 0 { return }
    try connection.insert(into: TableName(table.name), columns: columns, rows: rows, range: 0..<rows.count)
    rows.removeAll()
  }
}
