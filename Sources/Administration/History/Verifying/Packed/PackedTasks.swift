internal import Base
internal import Database
internal import Transfer

/// Reads the tasks of 7.5, 7.6 and 8.0, all kinds in one table, as facts.
struct PackedTasks: ~Copyable {
  private let layout: SourceLayout
  private let scope: ComparisonScope
  private let skipped: SkippedTasks.Lookup
  private let progress: ReadProgress
  private var times: SourceTimes
  private(set) var facts: FactWriter

  /// - Parameter skipped: tasks that are left out on both sides.
  init(
    _ layout: SourceLayout, _ scope: ComparisonScope, skipping skipped: SkippedTasks.Lookup,
    _ progress: ReadProgress,
    _ facts: consuming FactWriter
  ) {
    self.layout = layout
    self.scope = scope
    self.skipped = skipped
    self.progress = progress
    self.facts = facts
    times = SourceTimes(layout)
  }

  mutating func read(_ range: KeyRange, on connection: Connection) throws {
    let query: SQL = """
      select \(unsafeSQL: columns) from \(identifier: layout.taskTables[0].name) t
      left join \(identifier: layout.requestTable) r on r.id = t.request_id
      where \(fragment: range.condition("t.id"))
      """
    var rows = try RowCursor(connection, query, kinds, progress)
    while !rows.isAtEnd {
      add(rows.view, isWhole: !rows.hasMismatch)
      try rows.advance()
    }
  }

  private var columns: String {
    let common = "t.id, t.request_id, r.id, t.kind, "
    let none = "cast(null as bigint)"
    return switch layout {
    case .release75:
      common + "t.status, t.subject, t.party, t.due, \(none), t.zone, t.detail, r.submitted, \(none), r.zone"
    case .release76:
      common
        + "t.status, t.subject, t.party, t.due, t.due_fold, t.zone, t.detail, r.submitted, r.submitted_fold, r.zone"
    default:
      common
        + "t.state, t.subject, t.party, t.due_at, t.due_offset, t.zone, t.detail, r.submitted_at, r.submitted_offset, r.zone"
    }
  }

  private var kinds: [ColumnKind] {
    let term: ColumnKind = layout.hasCodes ? .integer : .text
    let time: ColumnKind = layout.hasLocalTimes ? .text : .timestamp
    return [
      .integer, .integer, .integer, term, term, .text, .text, time, .integer, .text, .text, time, .integer, .text,
    ]
  }

  private mutating func add(_ row: borrowing RowView, isWhole: Bool) {
    let key = Key.integer(row.integer(0) ?? .min)
    if scope.rejected.tasks.contains(key) || skipped.contains(key) { return }
    let kind = layout.hasCodes ? row.integer(3) : Terms.taskKinds.code(of: row.field(3))
    let state = layout.hasCodes ? row.integer(4) : Terms.oldTaskStates.code(of: row.field(4))
    let due = times.read(row, 7, 8, zone: 9)
    let request = times.read(row, 11, 12, zone: 13)
    if let state, Terms.isUnfinishedTask(state) {
      if !scope.includesUnfinishedTasks { return }
    } else {
      guard scope.contains(due.form == .absent ? request.instant : due.instant) else { return }
    }
    facts.begin(.task, of: key)
    facts.put(code: kind, of: .taskKinds)
    if row.isNull(1) {
      facts.putAbsent()
    } else {
      let isThere = !row.isNull(2) && scope.contains(request.instant)
      facts.put(request: isThere ? Key.integer(row.integer(1) ?? .min) : nil, scope)
    }
    for column in 5...6 { facts.put(text: row.field(column), isNull: row.isNull(column)) }
    facts.put(due, orText: row.field(7))
    facts.put(text: row.field(9), isNull: row.isNull(9))
    facts.put(layout == .release75 && due.isAmbiguous)
    facts.put(code: state, of: .oldTaskStates)
    let isGood = putPayload(row.field(10), kind)
    facts.end(at: key)
    if !isGood || !isWhole || row.isNull(10) {
      facts.begin(.unreadable, of: key)
      facts.end(at: key)
    }
  }

  private mutating func putPayload(_ text: RawSpan, _ kind: Int64?) -> Bool {
    switch kind {
    case TaskColumns.approval.code: putSingle(text, UInt8(ascii: "D"), fields: 2)
    case TaskColumns.membership.code: putSingle(text, UInt8(ascii: "A"), fields: 1)
    case TaskColumns.deprovisioning.code: putActions(text)
    default: false
    }
  }

  /// The fields of the one item that such a task may have.
  private mutating func putSingle(_ text: RawSpan, _ letter: UInt8, fields: Int) -> Bool {
    var items = PackedItems(text)
    guard items.next() else {
      for _ in 0..<fields { facts.putAbsent() }
      return !items.isMalformed
    }
    guard items.letter == letter, items.fieldCount == fields else { return false }
    var isGood = true
    for index in 0..<fields where !facts.put(items.field(index)) { isGood = false }
    return isGood && !items.next() && !items.isMalformed
  }

  private mutating func putActions(_ text: RawSpan) -> Bool {
    var items = PackedItems(text)
    var actions = ActionList()
    var isGood = true
    while items.next() {
      guard items.letter == UInt8(ascii: "A"), items.fieldCount == 1, !items.field(0).isAbsent else {
        isGood = false
        continue
      }
      if !actions.add(items.field(0), to: &facts) { isGood = false }
    }
    actions.end(&facts)
    return isGood && !items.isMalformed
  }
}

extension FactWriter {
  /// The request that a task has grown out of: its key, or that it is not among the rows compared, where neither
  /// side can tell which one it was.
  mutating func put(request: Key?, _ scope: ComparisonScope?) {
    if let request, scope.map({ !$0.rejected.requests.contains(request) && !$0.skipped.contains(request) }) ?? true
    {
      put(UInt8(1))
      put(request)
    } else {
      put(UInt8(2))
    }
  }
}
