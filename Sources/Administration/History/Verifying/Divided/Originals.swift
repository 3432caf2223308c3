internal import Base
internal import Database
internal import Transfer

/// The original bytes of repaired texts, for the row at hand, read beside the rows in the same order.
struct Originals: ~Copyable {
  private struct Entry {
    let field: [UInt8]
    let ordinal: Int64
    let value: [UInt8]
    var isTaken = false
  }

  private var rows: RowCursor
  private var entries: [Entry] = []

  /// - Parameter range: of the rows' keys.
  init(_ side: DividedSide, _ range: KeyRange, on connection: Connection, _ progress: ReadProgress) throws {
    let condition: SQL = side.hasOriginals ? side.condition("o") : "1 = 0"
    // Releases without that table have nothing to read, in columns of the same types.
    let query: SQL =
      side.hasOriginals
      ? """
      select o.row_id, o.ordinal, o.field, o.value from original_value o
      where \(fragment: condition) and \(fragment: range.condition("o.row_id"))
      order by o.row_id, o.field, o.ordinal
      """
      : "select id, 0, zone, cast(null as bytea) from \(identifier: side.layout.requestTable) where 1 = 0"
    rows = try RowCursor(connection, query, [.uuid, .integer, .text, .bytes], progress)
  }

  private static func entry(_ row: borrowing RowView) -> Entry {
    Entry(field: row.text(2).array, ordinal: row.integer(1) ?? .min, value: row.text(3).array)
  }

  var isEmpty: Bool { entries.isEmpty }

  /// Goes on to a row, whose key must be above that of the last one.
  mutating func load(_ id: UniqueID) throws {
    if !entries.isEmpty { entries.removeAll(keepingCapacity: true) }
    while !rows.isAtEnd, rows.id <= id {
      if rows.id == id { add() }
      try rows.advance()
    }
  }

  private mutating func add() {
    let entry = Originals.entry(rows.view)
    entries.append(entry)
  }

  /// Takes the original of a text, where there is one that the text is the readable form of.
  mutating func take(_ field: StaticString, _ ordinal: Int64, readableForm text: RawSpan) -> [UInt8]? {
    for index in entries.indices where !entries[index].isTaken && entries[index].ordinal == ordinal {
      let original = entries[index].value
      guard Originals.names(entries[index].field, field),
        Readability.isReadableForm(text, of: unsafe original.span.bytes)
      else { continue }
      entries[index].isTaken = true
      return original
    }
    return nil
  }

  /// Takes an original whose readable form stands nowhere.
  mutating func take(_ field: StaticString) -> [UInt8]? {
    for index in entries.indices where !entries[index].isTaken && Originals.names(entries[index].field, field) {
      entries[index].isTaken = true
      return entries[index].value
    }
    return nil
  }

  /// Whether an original belongs to nothing that was read.
  var hasStray: Bool { entries.contains { !$0.isTaken } }

  private static func names(_ bytes: [UInt8], _ field: StaticString) -> Bool {
    field.withUTF8Buffer { unsafe bytes.elementsEqual($0) }
  }
}

extension Span<UInt8> {
  var array: [UInt8] { indices.map { self[$0] } }
}
