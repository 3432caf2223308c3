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
    if tellsImport { ownRow(&requests) }
    requests.endRow()
  }

  private mutating func write(_ task: HistoryEvent.Task, of event: borrowing HistoryEvent) {
    switch task.kind {
    case .approval:
      begin(task, of: event, in: &approvals)
      state(task, of: event, in: &approvals)
      approvals.append(task.first, of: event.arena)
      approvals.append(task.second, of: event.arena)
      end(&approvals)
    case .temporalMembership:
      begin(task, of: event, in: &memberships)
      memberships.append(task.first, of: event.arena)
      state(task, of: event, in: &memberships)
      end(&memberships)
    case .deprovisioning:
      begin(task, of: event, in: &deprovisionings)
      state(task, of: event, in: &deprovisionings)
      scratch.removeAll(keepingCapacity: true)
      for (index, action) in task.actions.enumerated() {
        if index > 0 { scratch.append(UInt8(ascii: "\n")) }
        PackedText.escape(event.arena[action.range], to: &scratch)
      }
      deprovisionings.append(scratch)
      end(&deprovisionings)
    }
  }

  private func begin(
    _ task: HistoryEvent.Task, of event: borrowing HistoryEvent, in table: inout TableBuffer
  ) {
    table.rows.beginRow()
    table.rows.append(task.id)
    table.append(task.belongs ? event.id : nil)
    table.append(task.subject, of: event.arena)
    table.append(task.party, of: event.arena)
  }

  private func state(
    _ task: HistoryEvent.Task, of event: borrowing HistoryEvent, in table: inout TableBuffer
  ) {
    table.append(task.due)
    table.append(zones[event.place])
    if tellsImport { table.rows.append(false) }
    table.append(taskStates[task.state])
  }

  private func end(_ table: inout TableBuffer) {
    if tellsImport {
      ownRow(&table)
      table.rows.append(Int64(0))
    }
    table.endRow()
  }

  /// Of no import, and with no key elsewhere.
  private func ownRow(_ table: inout TableBuffer) {
    table.rows.append(Int64(0))
    table.rows.append("")
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
