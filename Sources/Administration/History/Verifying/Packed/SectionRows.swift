internal import Base
internal import Database
internal import Transfer

/// Reads the sections of 7.6 and 8.0, rows with keys of their own, as facts.
struct SectionRows: ~Copyable {
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

  static func table(_ layout: SourceLayout) -> String {
    layout == .release76 ? "change_history_section" : "request_section"
  }

  /// Reads the sections of a range of their own keys.
  mutating func read(_ range: KeyRange, on connection: Connection) throws {
    let query: SQL = """
      select s.id, s.request_id, s.ordinal, s.kind, s.name, s.outcome, s.message, r.id, \(unsafeSQL: timeColumns)
      from \(identifier: SectionRows.table(layout)) s
      left join \(identifier: layout.requestTable) r on r.id = s.request_id
      where \(fragment: range.condition("s.id"))
      """
    var rows = try RowCursor(connection, query, kinds, progress)
    while !rows.isAtEnd {
      add(rows.view, isWhole: !rows.hasMismatch)
      try rows.advance()
    }
  }

  /// The request's time, where it matters.
  private var timeColumns: String {
    if !scope.hasRange { return "null, null, null" }
    return layout == .release76
      ? "r.submitted, r.submitted_fold, r.zone" : "r.submitted_at, r.submitted_offset, r.zone"
  }

  private var kinds: [ColumnKind] {
    let time: [ColumnKind] =
      !scope.hasRange ? [.text, .text, .text] : [layout.hasLocalTimes ? .text : .timestamp, .integer, .text]
    return [.integer, .integer, .integer, .text, .text, .text, .text, .integer] + time
  }

  private mutating func add(_ row: borrowing RowView, isWhole: Bool) {
    let request = Key.integer(row.integer(1) ?? .min)
    if scope.rejected.sections.contains(.integer(row.integer(0) ?? .min)) { return }
    if scope.hasRange, !row.isNull(7), !scope.contains(times.read(row, 8, 9, zone: 10).instant) { return }
    if !row.isNull(7), scope.skipped.contains(request) { return }
    let isOrphan = row.isNull(7) || scope.rejected.requests.contains(request)
    if row.isNull(7), !scope.includesOrphans { return }
    let place = isOrphan ? SourceKey.lowest(.integer) : request
    let ordinal = row.integer(2) ?? .min
    if isOrphan {
      facts.begin(.orphanSection, ordinal: ordinal)
    } else {
      facts.begin(.section, of: request, ordinal: ordinal)
    }
    facts.put(ordinal)
    facts.put(term: row.field(3), of: layout.hasCodes ? .sectionLetters : .sectionKinds)
    for column in 4...6 { facts.put(text: row.field(column), isNull: row.isNull(column)) }
    facts.end(at: place)
    if !isWhole {
      facts.begin(.unreadable, of: place, ordinal: ordinal)
      facts.end(at: place)
    }
  }
}
