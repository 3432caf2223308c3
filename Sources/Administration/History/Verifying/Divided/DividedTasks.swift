internal import Base
internal import Database
internal import Transfer

/// Reads tasks from a table for each kind, as facts.
struct DividedTasks: ~Copyable {
  private let side: DividedSide
  private let skipped: SkippedTasks.Lookup
  private let progress: ReadProgress
  private var output: DividedFacts

  /// - Parameter skipped: tasks that are left out on both sides, by their keys in the source.
  init(
    _ side: DividedSide, skipping skipped: SkippedTasks.Lookup, _ progress: ReadProgress,
    _ facts: consuming FactWriter
  ) {
    self.side = side
    self.skipped = skipped
    self.progress = progress
    output = DividedFacts(side, facts)
  }

  var sums: RangeSums { output.facts.sums }

  /// Reads the tasks of one kind within a range of keys.
  mutating func read(_ kind: TaskColumns, _ range: KeyRange, on connections: ReadConnections) throws {
    var rows = try RowCursor(connections[0], query(kind, range), DividedTasks.kinds, progress)
    var originals = try Originals(side, range, on: connections[1], progress)
    while !rows.isAtEnd {
      try originals.load(rows.id)
      add(rows.view, kind, isWhole: !rows.hasMismatch, &originals)
      try rows.advance()
    }
  }

  private static let kinds: [ColumnKind] = [
    .uuid, .uuid, .uuid, .text, .text, .text, .timestamp, .integer, .text, .boolean, .text, .text, .text, .text,
    .timestamp,
  ]

  private func query(_ kind: TaskColumns, _ range: KeyRange) -> SQL {
    let payload = kind.payload.map { "t." + $0 }
    return """
      select t.id, t.request_id, r.id, \(unsafeSQL: side.column("r.source_key", else: "''")),
        t.\(unsafeSQL: kind.subject), t.\(unsafeSQL: kind.party), t.due_at, t.due_offset, t.zone,
        \(unsafeSQL: side.column("t.ambiguous", else: "false")), t.state,
        \(unsafeSQL: payload[0]), \(unsafeSQL: payload.count > 1 ? payload[1] : "null"),
        \(unsafeSQL: side.column("t.source_key", else: "''")), r.\(unsafeSQL: side.layout.submissionColumn)
      from \(identifier: kind.table) t
      left join change_request r on r.id = t.request_id and \(fragment: side.condition("r"))
      where \(fragment: side.condition("t")) and \(fragment: range.condition("t.id")) order by t.id
      """
  }

  private mutating func add(
    _ row: borrowing RowView, _ kind: TaskColumns, isWhole: Bool, _ originals: inout Originals
  ) {
    let id = row.uuid(0) ?? UniqueID(high: 0, low: 0)
    guard let key = side.key(id, row.field(13)) else {
      output.add(.sourceKey, at: SourceKey.lowest(side.keyKind))
      return
    }
    if skipped.contains(key) { return }
    let state = state(row.field(10), &originals)
    if let scope = side.scope, !DividedTasks.belongs(row, key, state.code, scope) { return }
    output.facts.begin(.task, of: key)
    output.facts.put(code: kind.code, of: .taskKinds)
    putRequest(row, &originals)
    output.put(row, 4, kind.subjectField, 0, &originals)
    output.put(row, 5, kind.partyField, 0, &originals)
    output.facts.put(instant: row.timestamp(6), offset: row.integer(7))
    output.put(row, 8, "zone", 0, &originals)
    output.facts.put(row.boolean(9) ?? true)
    if let code = state.code {
      output.facts.put(code: code, of: .taskStates)
    } else {
      output.facts.put(term: row.field(10), of: side.taskStates)
    }
    putPayload(row, kind, &originals)
    output.facts.end(at: key)
    output.addUnreadableText(at: key)
    if !isWhole || state.isWrong { output.add(.term, at: key) }
    guard side.isDestination else { return }
    if id.version != 8 || id.low >> 62 != 0b10 { output.add(.key, at: key) }
    if originals.hasStray { output.add(.strayOriginal, at: key) }
  }

  private static func belongs(
    _ row: borrowing RowView, _ key: Key, _ state: Int64?, _ scope: ComparisonScope
  ) -> Bool {
    if scope.rejected.tasks.contains(key) { return false }
    if let state, Terms.isUnfinishedTask(state) { return scope.includesUnfinishedTasks }
    return scope.contains((row.timestamp(6) ?? row.timestamp(14))?.microseconds)
  }

  /// The code of the state in which a task was before it was imported, and whether an import may have left it so.
  private func state(_ text: RawSpan, _ originals: inout Originals) -> (code: Int64?, isWrong: Bool) {
    if side.layout == .release82, Terms.held.code(of: text) != nil {
      let original = originals.take("state")
      let code = original.flatMap { Terms.oldTaskStates.code(of: unsafe $0.span.bytes) }
      return (code, !(code.map(Terms.isUnfinishedTask) ?? false))
    }
    let code = side.taskStates.code(of: text)
    // In a destination an unfinished task must wait until its services are handed over.
    return (code, code == nil || (side.isDestination && Terms.isUnfinishedTask(code ?? 0)))
  }

  private mutating func putRequest(_ row: borrowing RowView, _ originals: inout Originals) {
    if row.isNull(1) {
      // A request that never was there has no key; what the source named is kept as an original.
      if !originals.isEmpty, originals.take("request_id") != nil {
        output.facts.put(request: nil, side.scope)
      } else {
        output.facts.putAbsent()
      }
      return
    }
    var request: Key?
    if let id = row.uuid(2), side.scope?.contains(row.timestamp(14)?.microseconds) ?? true {
      request = side.key(id, row.field(3))
    }
    output.facts.put(request: request, side.scope)
  }

  private mutating func putPayload(
    _ row: borrowing RowView, _ kind: TaskColumns, _ originals: inout Originals
  ) {
    switch kind.code {
    case TaskColumns.approval.code:
      output.put(row, 11, "decision", 0, &originals)
      output.put(row, 12, "comment", 0, &originals)
    case TaskColumns.membership.code:
      output.put(row, 11, "action", 0, &originals)
    default:
      output.putActions(row, 11, &originals)
    }
  }
}

extension TaskColumns {
  var subjectField: StaticString { code == TaskColumns.membership.code ? "member" : "subject" }

  var partyField: StaticString {
    switch code {
    case TaskColumns.approval.code: "approver"
    case TaskColumns.membership.code: "group_dn"
    default: "policy"
    }
  }
}
