internal import Base
internal import Database

/// 8.1 and 8.2: UUID keys, a row for each changed property, a table for each kind of task. Rows of 8.2 are such as
/// the service itself writes: of no import.
struct RowWriter: HistoryWriter, ~Copyable {
  private let tellsImport: Bool
  private var requests: TableBuffer
  private var changes: TableBuffer
  private var sections: TableBuffer
  private var approvals: TableBuffer
  private var memberships: TableBuffer
  private var deprovisionings: TableBuffer
  private var scratch: [UInt8] = []
  private let operations: Words<Operation>
  private let requestStates: Words<RequestState>
  private let taskStates: Words<TaskState>
  private let sectionKinds: Words<SectionKind>
  private let zones: [[UInt8]]

  init(_ schema: ReleaseSchema) {
    tellsImport = schema.release == .v8_2
    requests = TableBuffer("change_request", of: schema)
    changes = TableBuffer("property_change", of: schema)
    sections = TableBuffer("request_section", of: schema)
    approvals = TableBuffer(TaskKind.approval.table(in: schema.release), of: schema)
    memberships = TableBuffer(TaskKind.temporalMembership.table(in: schema.release), of: schema)
    deprovisionings = TableBuffer(TaskKind.deprovisioning.table(in: schema.release), of: schema)
    operations = Words(schema.release)
    requestStates = Words(schema.release)
    taskStates = Words(schema.release)
    sectionKinds = Words(schema.release)
    zones = Places.all.map { Array($0.zone.utf8) }
  }

  mutating func write(_ event: borrowing HistoryEvent) {
    if !event.isMissing { writeRequest(event) }
    for (ordinal, change) in event.changes.enumerated() {
      changes.rows.beginRow()
      changes.rows.append(event.id)
      changes.rows.append(Int64(ordinal))
      changes.append(change.name, of: event.arena)
      changes.append(change.old, of: event.arena)
      changes.append(change.new, of: event.arena)
      if tellsImport { changes.rows.append(Int64(0)) }
      changes.endRow()
    }
    for (ordinal, section) in event.sections.enumerated() {
      sections.rows.beginRow()
      sections.rows.append(event.id)
      sections.rows.append(Int64(ordinal))
      sections.append(sectionKinds[section.kind])
      sections.append(section.name, of: event.arena)
      sections.append(section.outcome, of: event.arena)
      sections.append(section.message, of: event.arena)
      if tellsImport { sections.rows.append(Int64(0)) }
      sections.endRow()
    }
    for task in event.tasks { write(task, of: event) }
  }

  private mutating func writeRequest(_ event: borrowing HistoryEvent) {
    let arena = event.arena
    requests.rows.beginRow()
    requests.rows.append(event.id)
    requests.append(operations[event.operation])
    requests.append(event.guid)
    requests.append(event.objectDN, of: arena)
    requests.append(event.objectClass, of: arena)
    requests.append(event.initiator, of: arena)
    requests.append(event.accountUsed, of: arena)
    requests.append(event.host, of: arena)
    requests.append(event.submitted)
    requests.append(event.completed)
    requests.append(zones[event.place])
    if tellsImport { requests.rows.append(false) }
    requests.append(requestStates[event.state])
    requests.append(event.reason, of: arena)
    if tellsImport { requests.appendOwn() }
    requests.endRow()
  }

  private mutating func write(_ task: HistoryEvent.Task, of event: borrowing HistoryEvent) {
    let zone = zones[event.place]
    let state = taskStates[task.state]
    switch task.kind {
    case .approval:
      approvals.begin(task, of: event)
      approvals.append(task, zone: zone, state: state, tellsImport: tellsImport)
      approvals.append(task.first, of: event.arena)
      approvals.append(task.second, of: event.arena)
      approvals.end(tellsImport: tellsImport)
    case .temporalMembership:
      memberships.begin(task, of: event)
      memberships.append(task.first, of: event.arena)
      memberships.append(task, zone: zone, state: state, tellsImport: tellsImport)
      memberships.end(tellsImport: tellsImport)
    case .deprovisioning:
      deprovisionings.begin(task, of: event)
      deprovisionings.append(task, zone: zone, state: state, tellsImport: tellsImport)
      scratch.removeAll(keepingCapacity: true)
      for (index, action) in task.actions.enumerated() {
        if index > 0 { scratch.append(UInt8(ascii: "\n")) }
        PackedText.escape(event.arena[action.range], to: &scratch)
      }
      deprovisionings.append(scratch)
      deprovisionings.end(tellsImport: tellsImport)
    }
  }

  var isFull: Bool {
    requests.isFull || changes.isFull || sections.isFull || approvals.isFull || memberships.isFull
      || deprovisionings.isFull
  }

  mutating func flush(to connection: Connection) throws(DatabaseError) {
    try requests.flush(to: connection)
    try changes.flush(to: connection)
    try sections.flush(to: connection)
    try approvals.flush(to: connection)
    try memberships.flush(to: connection)
    try deprovisionings.flush(to: connection)
  }

  var totals: [TableTotal] {
    [
      requests.tableTotal, changes.tableTotal, sections.tableTotal, approvals.tableTotal, memberships.tableTotal,
      deprovisionings.tableTotal,
    ]
  }
}

/// The parts that the tables of tasks have in common.
extension TableBuffer {
  fileprivate mutating func begin(_ task: HistoryEvent.Task, of event: borrowing HistoryEvent) {
    rows.beginRow()
    rows.append(task.id)
    append(task.belongs ? event.id : nil)
    append(task.subject, of: event.arena)
    append(task.party, of: event.arena)
  }

  fileprivate mutating func append(
    _ task: HistoryEvent.Task, zone: [UInt8], state: [UInt8], tellsImport: Bool
  ) {
    append(task.due)
    append(zone)
    if tellsImport { rows.append(false) }
    append(state)
  }

  fileprivate mutating func end(tellsImport: Bool) {
    if tellsImport {
      appendOwn()
      rows.append(Int64(0))
    }
    endRow()
  }

  /// Of no import, and with no key elsewhere.
  fileprivate mutating func appendOwn() {
    rows.append(Int64(0))
    rows.append("")
  }
}
