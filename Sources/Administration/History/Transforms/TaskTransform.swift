internal import Base
internal import Database
internal import Transfer

/// Turns tasks into the task tables of 8.2. Unfinished ones arrive held.
final class TaskTransform: RowTransform {
  /// Outputs of a release whose tasks share a table: the three kinds in the order of ``TaskKind``, then originals.
  static func outputs(_ release: Release, _ kind: TaskKind?) -> [OutputTable] {
    (kind.map { [$0] } ?? TaskKind.allCases).map(HistoryTables.task) + [HistoryTables.original]
  }

  /// - Parameter kind: the kind whose table is read, in releases that divide them; nil where they share one.
  static func scan(_ release: Release, _ kind: TaskKind?, condition: String?) -> SourceScan {
    if let kind { return dividedScan(release, kind, condition: condition) }
    let table = TaskKind.approval.table(in: release)
    let parent = release == .v7_5 ? "request" : release == .v7_6 ? "change_history" : "change_request"
    let local = release.timesAreLocal
    let fold = release.timesHaveFold
    return SourceScan(
      columns: [
        "t.id", "t.request_id", "t.kind", local ? "t.status" : "t.state", "t.subject", "t.party",
        local ? "t.due" : "t.due_at", local ? (fold ? "t.due_fold" : "NULL") : "t.due_offset", "t.zone", "t.detail",
        local ? "p.submitted" : "p.submitted_at",
        local ? (fold ? "p.submitted_fold" : "NULL") : "p.submitted_offset", "p.zone",
      ],
      kinds: [
        .integer, .integer, local ? .integer : .text, local ? .integer : .text, .text, .text,
        local ? .text : .timestamp, local && !fold ? .text : .integer, .text, .text, local ? .text : .timestamp,
        local && !fold ? .text : .integer, .text,
      ],
      from: "\(table) t LEFT JOIN \(parent) p ON p.id = t.request_id", keyExpression: "t.id", keyKind: .integer,
      condition: condition)
  }

  private static func dividedScan(_ release: Release, _ kind: TaskKind, condition: String?) -> SourceScan {
    var columns = ["t.id", "t.request_id"]
    var kinds: [ColumnKind] = [.uuid, .uuid]
    switch kind {
    case .approval: columns += ["t.subject", "t.approver", "t.decision", "t.comment"]
    case .temporalMembership: columns += ["t.member", "t.group_dn", "t.action", "NULL"]
    case .deprovisioning: columns += ["t.subject", "t.policy", "t.actions", "NULL"]
    }
    kinds += [.text, .text, .text, .text]
    columns += ["t.state", "t.due_at", "t.due_offset", "t.zone"]
    kinds += [.text, .timestamp, .integer, .text]
    if release == .v8_2 {
      columns.append("t.ambiguous")
      kinds.append(.boolean)
    }
    return SourceScan(
      columns: columns, kinds: kinds, from: "\(kind.table(in: release)) t", keyExpression: "t.id", keyKind: .uuid,
      condition: condition)
  }

  private let release: Release
  private let kind: TaskKind?
  private let kinds: TermMap<TaskKind>
  private let states: TermMap<TaskState>
  private let stateNames = TermNames<TaskState>()
  private var writer: RowComposer
  private let earlier: Set<Key>
  private var packed = PackedFields()
  private var actions: [UInt8] = []

  init(_ release: Release, _ kind: TaskKind?, _ writer: consuming RowComposer, earlier: Set<Key>) {
    self.release = release
    self.kind = kind
    self.earlier = earlier
    self.writer = writer
    kinds = TermMap(release)
    states = TermMap(release)
  }

  private var originals: Int { kind == nil ? TaskKind.allCases.count : 1 }

  func transform(_ row: borrowing RowView, into outputs: OutputRows) throws(RowRejection) -> Bool {
    try kind == nil ? transformShared(row, outputs) : transformDivided(row, outputs)
  }

  // MARK: 7.5 to 8.0: one table of tasks

  private func transformShared(_ row: borrowing RowView, _ outputs: OutputRows) throws(RowRejection) -> Bool {
    guard let sourceKey = row.integer(0) else { throw RowRejection("key.missing", column: "id") }
    if !earlier.isEmpty, earlier.contains(.integer(sourceKey)) { return false }
    let kind = try kinds.term(row, 2, "kind")
    let state = try states.term(row, 3, "state")
    var due: ResolvedTime?
    if !row.isNull(6) {
      if release.timesAreLocal {
        let second: Bool? = release.timesHaveFold ? row.integer(7).map { $0 != 0 } ?? false : nil
        due = try writer.zones.instant(row.text(6), zone: row.text(8), secondReading: second)
      } else if let instant = row.timestamp(6) {
        due = ResolvedTime(instant: instant, offset: Int(row.integer(7) ?? 0), isAmbiguous: false)
      }
    }
    let requested = try writer.parentTime(row, 10, release)
    let time = due?.instant ?? requested
    guard isAskedFor(state, time) else { return false }
    try packed.parse(row.text(9))
    let id = writer.identity.key(entity(kind), sourceKey, at: time?.milliseconds ?? 0)
    let request = row.integer(1).map { writer.identity.key(.request, $0, at: requested?.milliseconds ?? 0) }
    try outputs.withTable(TaskKind.allCases.firstIndex(of: kind)!) { block throws(RowRejection) in
      block.beginRow()
      block.append(id)
      if let request { block.append(request) } else { block.appendNull() }
      let names = TaskTransform.fieldNames(kind)
      writer.append(field: 4, of: row, to: &block, names.0, of: id, outputs, originals: originals)
      writer.append(field: 5, of: row, to: &block, names.1, of: id, outputs, originals: originals)
      if kind == .temporalMembership { try appendAction(row.text(9), to: &block, id, outputs) }
      if let due {
        block.append(due.instant)
        block.append(Int64(due.offset))
      } else {
        block.appendNull()
        block.appendNull()
      }
      writer.append(field: 8, of: row, to: &block, "zone", of: id, outputs, originals: originals)
      block.append(due?.isAmbiguous == true)
      appendState(state, to: &block, id, outputs)
      switch kind {
      case .approval: try appendDecision(row.text(9), to: &block, id, outputs)
      case .temporalMembership: break
      case .deprovisioning: try appendActions(row.text(9), to: &block, id, outputs)
      }
      block.append(writer.importID)
      writer.append(key: sourceKey, to: &block)
      block.append(0)
      block.endRow()
    }
    return true
  }

  private func appendAction(
    _ text: Span<UInt8>, to block: inout RowBlock, _ id: UniqueID, _ outputs: OutputRows
  ) throws(RowRejection) {
    guard packed.items.count == 1, packed.items[0].letter == UInt8(ascii: "A") else {
      throw RowRejection("packed.misplaced")
    }
    writer.append(
      packed: packed.items[0].fields[0], of: text, to: &block, "action", of: id, outputs, originals: originals)
  }

  private func appendDecision(
    _ text: Span<UInt8>, to block: inout RowBlock, _ id: UniqueID, _ outputs: OutputRows
  ) throws(RowRejection) {
    guard let item = packed.items.first else {
      block.appendNull()
      block.appendNull()
      return
    }
    guard packed.items.count == 1, item.letter == UInt8(ascii: "D") else { throw RowRejection("packed.misplaced") }
    writer.append(
      packed: item.fields[0], of: text, to: &block, "decision", of: id, outputs, originals: originals)
    writer.append(
      packed: item.fields[1], of: text, to: &block, "comment", of: id, outputs, originals: originals)
  }

  /// One action a line, with backslash and LF escaped.
  private func appendActions(
    _ packedText: Span<UInt8>, to block: inout RowBlock, _ id: UniqueID, _ outputs: OutputRows
  ) throws(RowRejection) {
    actions.removeAll(keepingCapacity: true)
    for (index, item) in packed.items.enumerated() {
      guard item.letter == UInt8(ascii: "A"), !item.fields[0].isAbsent else {
        throw RowRejection("packed.misplaced")
      }
      if index > 0 { actions.append(0x0A) }
      PackedFields.unescape(item.fields[0], of: packedText, into: &writer.scratch)
      for byte in writer.scratch {
        switch byte {
        case UInt8(ascii: "\\"): actions += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
        case 0x0A: actions += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
        default: actions.append(byte)
        }
      }
    }
    let text = actions
    writer.append(text.span, to: &block, "actions", of: id, outputs, originals: originals)
  }

  // MARK: 8.1 and 8.2: a table for each kind

  private func transformDivided(_ row: borrowing RowView, _ outputs: OutputRows) throws(RowRejection) -> Bool {
    guard let kind, let sourceKey = row.uuid(0) else { throw RowRejection("key.missing", column: "id") }
    if !earlier.isEmpty, earlier.contains(.uuid(sourceKey)) { return false }
    let state = try states.term(row, 6, "state")
    guard isAskedFor(state, Timestamp(microseconds: sourceKey.milliseconds * 1000)) else { return false }
    let id = writer.identity.key(entity(kind), sourceKey)
    let request = row.uuid(1).map { writer.identity.key(.request, $0) }
    outputs.withTable(0) { block in
      block.beginRow()
      block.append(id)
      if let request { block.append(request) } else { block.appendNull() }
      let names = TaskTransform.fieldNames(kind)
      writer.append(field: 2, of: row, to: &block, names.0, of: id, outputs, originals: originals)
      writer.append(field: 3, of: row, to: &block, names.1, of: id, outputs, originals: originals)
      if kind == .temporalMembership {
        writer.append(field: 4, of: row, to: &block, "action", of: id, outputs, originals: originals)
      }
      block.append(field: 7, of: row)
      block.append(field: 8, of: row)
      writer.append(field: 9, of: row, to: &block, "zone", of: id, outputs, originals: originals)
      block.append(release == .v8_2 && row.boolean(10) == true)
      appendState(state, to: &block, id, outputs)
      switch kind {
      case .approval:
        writer.append(field: 4, of: row, to: &block, "decision", of: id, outputs, originals: originals)
        writer.append(field: 5, of: row, to: &block, "comment", of: id, outputs, originals: originals)
      case .temporalMembership: break
      case .deprovisioning:
        writer.append(field: 4, of: row, to: &block, "actions", of: id, outputs, originals: originals)
      }
      block.append(writer.importID)
      writer.append(key: sourceKey, to: &block)
      block.append(0)
      block.endRow()
    }
    return true
  }

  // MARK: Both

  /// Unfinished tasks always come; finished ones when their time is asked for.
  private func isAskedFor(_ state: TaskState, _ time: Timestamp?) -> Bool {
    if !state.isFinished { return true }
    // It came with no earlier import, and no later one could ask for it by its time.
    guard let time else { return true }
    return writer.range.contains(time)
  }

  private func appendState(_ state: TaskState, to block: inout RowBlock, _ id: UniqueID, _ outputs: OutputRows) {
    guard !state.isFinished, state != .held else { return stateNames.append(state, to: &block) }
    stateNames.append(.held, to: &block)
    let came = Array(state.wording.newName.utf8)
    writer.keepOriginal(came.span, "state", of: id, ordinal: 0, outputs, originals: originals)
  }

  private func entity(_ kind: TaskKind) -> RowIdentity.Entity {
    switch kind {
    case .approval: .approvalTask
    case .temporalMembership: .temporalMembershipTask
    case .deprovisioning: .deprovisioningTask
    }
  }

  private static func fieldNames(_ kind: TaskKind) -> (StaticString, StaticString) {
    switch kind {
    case .approval: ("subject", "approver")
    case .temporalMembership: ("member", "group_dn")
    case .deprovisioning: ("subject", "policy")
    }
  }
}
