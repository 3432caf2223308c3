internal import Base
internal import Database

/// 8.0: names, instants with offsets, typed guids; integer keys and packed changes still.
struct InstantWriter: HistoryWriter, ~Copyable {
  private var requests: TableBuffer
  private var sections: TableBuffer
  private var tasks: TableBuffer
  private var packed = PackedText()
  private let operations: Words<Operation>
  private let requestStates: Words<RequestState>
  private let taskKinds: Words<TaskKind>
  private let taskStates: Words<TaskState>
  private let sectionKinds: Words<SectionKind>
  private let zones: [[UInt8]]

  init(_ schema: ReleaseSchema) {
    requests = TableBuffer("change_request", of: schema)
    sections = TableBuffer("request_section", of: schema)
    tasks = TableBuffer("task", of: schema)
    operations = Words(schema.release)
    requestStates = Words(schema.release)
    taskKinds = Words(schema.release)
    taskStates = Words(schema.release)
    sectionKinds = Words(schema.release)
    zones = Places.all.map { Array($0.zone.utf8) }
  }

  mutating func write(_ event: borrowing HistoryEvent) {
    if !event.isMissing { writeRequest(event) }
    for (ordinal, section) in event.sections.enumerated() {
      sections.rows.beginRow()
      sections.rows.append(section.key)
      sections.rows.append(event.key)
      sections.rows.append(Int64(ordinal))
      sections.append(sectionKinds[section.kind])
      sections.append(section.name, of: event.arena)
      sections.append(section.outcome, of: event.arena)
      sections.append(section.message, of: event.arena)
      sections.endRow()
    }
    for task in event.tasks { write(task, of: event) }
  }

  private mutating func writeRequest(_ event: borrowing HistoryEvent) {
    let arena = event.arena
    requests.rows.beginRow()
    requests.rows.append(event.key)
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
    requests.append(requestStates[event.state])
    packed.write(event, withSections: false)
    requests.append(packed.bytes)
    requests.endRow()
  }

  private mutating func write(_ task: HistoryEvent.Task, of event: borrowing HistoryEvent) {
    tasks.rows.beginRow()
    tasks.rows.append(task.key)
    if task.belongs { tasks.rows.append(event.key) } else { tasks.rows.appendNull() }
    tasks.append(taskKinds[task.kind])
    tasks.append(taskStates[task.state])
    tasks.append(task.subject, of: event.arena)
    tasks.append(task.party, of: event.arena)
    tasks.append(task.due)
    tasks.append(zones[event.place])
    packed.write(task, of: event.arena)
    tasks.append(packed.bytes)
    tasks.endRow()
  }

  var isFull: Bool { requests.isFull || sections.isFull || tasks.isFull }

  mutating func flush(to connection: Connection) throws(DatabaseError) {
    try requests.flush(to: connection)
    try sections.flush(to: connection)
    try tasks.flush(to: connection)
  }

  var totals: [TableTotal] { [requests.tableTotal, sections.tableTotal, tasks.tableTotal] }
}
