internal import Base
internal import Database
internal import Transfer

/// Reads requests of 7.5, 7.6 and 8.0, whose changed properties stand in a packed text, as facts.
struct PackedRequests: ~Copyable {
  private let layout: SourceLayout
  private let scope: ComparisonScope
  private let progress: ReadProgress
  private var times: SourceTimes
  private(set) var facts: FactWriter

  init(_ layout: SourceLayout, _ scope: ComparisonScope, _ progress: ReadProgress, _ facts: consuming FactWriter) {
    self.layout = layout
    self.scope = scope
    self.progress = progress
    self.facts = facts
    times = SourceTimes(layout)
  }

  /// Reads the requests of a range of keys, with what their packed texts hold.
  mutating func read(_ range: KeyRange, on connection: Connection) throws {
    let query: SQL = """
      select \(unsafeSQL: columns) from \(identifier: layout.requestTable)
      where \(fragment: range.condition("id")) order by id
      """
    var rows = try RowCursor(connection, query, kinds, progress)
    while !rows.isAtEnd {
      add(rows.view, isWhole: !rows.hasMismatch)
      try rows.advance()
    }
  }

  private var columns: String {
    let common = "id, operation, object_guid, object_dn, object_class, initiator, account_used, host, "
    return switch layout {
    case .release75:
      common + "submitted, cast(null as bigint), completed, cast(null as bigint), zone, status, detail"
    case .release76: common + "submitted, submitted_fold, completed, completed_fold, zone, status, changes"
    default: common + "submitted_at, submitted_offset, completed_at, completed_offset, zone, state, changes"
    }
  }

  private var kinds: [ColumnKind] {
    let term: ColumnKind = layout.hasCodes ? .integer : .text
    let time: ColumnKind = layout.hasLocalTimes ? .text : .timestamp
    return [
      .integer, term, layout.hasCodes ? .text : .uuid, .text, .text, .text, .text, .text, time, .integer, time,
      .integer, .text, term, .text,
    ]
  }

  private mutating func add(_ row: borrowing RowView, isWhole: Bool) {
    let key = Key.integer(row.integer(0) ?? .min)
    let submitted = times.read(row, 8, 9, zone: 12)
    if scope.rejected.requests.contains(key) || scope.skipped.contains(key) || !scope.contains(submitted.instant) {
      return
    }
    let completed = times.read(row, 10, 11, zone: 12)
    facts.begin(.request, of: key)
    if layout.hasCodes {
      facts.put(code: row.integer(1), of: .operations)
    } else {
      facts.put(term: row.field(1), of: .operations)
    }
    if row.isNull(2) {
      facts.putAbsent()
    } else if layout.hasCodes {
      facts.put(objectID: row.field(2))
    } else if let id = row.uuid(2) {
      facts.put(objectID: id)
    }
    for column in 3...7 { facts.put(text: row.field(column), isNull: row.isNull(column)) }
    facts.put(submitted, orText: row.field(8))
    facts.put(completed, orText: row.field(10))
    facts.put(text: row.field(12), isNull: row.isNull(12))
    facts.put(layout == .release75 && (submitted.isAmbiguous || completed.isAmbiguous))
    if layout.hasCodes {
      facts.put(code: row.integer(13), of: .oldRequestStates)
    } else {
      facts.put(term: row.field(13), of: .oldRequestStates)
    }
    let isGood = putReason(row.field(14))
    facts.end(at: key)
    if !isGood || !isWhole || row.isNull(14) || !addItems(row.field(14), key) { addUnreadable(key) }
  }

  /// The reason stands among the items, the first fact of the row tells it.
  private mutating func putReason(_ text: RawSpan) -> Bool {
    var items = PackedItems(text)
    var isGood = true
    var reasons = 0
    while items.next() {
      guard items.letter == UInt8(ascii: "R") else { continue }
      reasons += 1
      guard items.fieldCount == 1, reasons == 1 else {
        isGood = false
        continue
      }
      if !facts.put(items.field(0)) { isGood = false }
    }
    if reasons == 0 { facts.putAbsent() }
    return isGood && !items.isMalformed
  }

  /// - Returns: false where an item is not what this release has in such a text.
  private mutating func addItems(_ text: RawSpan, _ key: Key) -> Bool {
    var items = PackedItems(text)
    var isGood = true
    var properties: Int64 = 0
    var sections: Int64 = 0
    while items.next() {
      let letter = items.letter
      if letter == UInt8(ascii: "R") { continue }
      guard items.fieldCount == 3 else { return false }
      if letter == UInt8(ascii: "C") {
        facts.begin(.property, of: key, ordinal: properties)
        facts.put(properties)
        properties += 1
      } else if layout == .release75, letter == UInt8(ascii: "W") || letter == UInt8(ascii: "P") {
        facts.begin(.section, of: key, ordinal: sections)
        facts.put(sections)
        facts.put(code: letter == UInt8(ascii: "W") ? 1 : 2, of: .sectionKinds)
        sections += 1
      } else {
        return false
      }
      for index in 0..<3 where !facts.put(items.field(index)) { isGood = false }
      facts.end(at: key)
    }
    return isGood && !items.isMalformed
  }

  private mutating func addUnreadable(_ key: Key) {
    facts.begin(.unreadable, of: key)
    facts.end(at: key)
  }
}
