import Base
import Database

/// Rows of one table in a form that a person can write.
struct TableRows {
  enum Cell {
    case null
    case integer(Int64)
    case flag(Bool)
    case text([UInt8])
    case bytes([UInt8])
    case id(UniqueID)
    case time(Timestamp)

    static func text(_ text: String) -> Cell { .text(Array(text.utf8)) }
    static func optional(_ text: [UInt8]?) -> Cell { text.map { .text($0) } ?? .null }
    static func optional(_ time: Timestamp?) -> Cell { time.map { .time($0) } ?? .null }
    static func optional(_ value: Int64?) -> Cell { value.map { .integer($0) } ?? .null }
    static func optional(_ id: UniqueID?) -> Cell { id.map { .id($0) } ?? .null }
  }

  let table: String
  let columns: [(String, ColumnKind)]
  var rows: [[Cell]] = []

  init(_ table: String, _ columns: KeyValuePairs<String, ColumnKind>) {
    self.init(table, columns.map { ($0.key, $0.value) })
  }

  init(_ table: String, _ columns: [(String, ColumnKind)]) {
    self.table = table
    self.columns = columns
  }

  mutating func add(_ cells: Cell...) { rows.append(cells) }

  func insert(on connection: Connection) throws {
    var block = RowBlock(kinds: columns.map(\.1))
    for row in rows {
      block.beginRow()
      for cell in row {
        switch cell {
        case .null: block.appendNull()
        case .integer(let value): block.append(value)
        case .flag(let value): block.append(value)
        case .text(let bytes), .bytes(let bytes): block.append(bytes.span)
        case .id(let id): block.append(id)
        case .time(let time): block.append(time)
        }
      }
      block.endRow()
    }
    if block.count == 0 { return }
    try connection.insert(
      into: TableName(table), columns: columns.map(\.0), rows: block, range: 0..<block.count)
  }
}
