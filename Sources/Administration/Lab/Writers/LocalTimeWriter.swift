internal import Base
internal import Database

/// 7.5 and 7.6: codes, local times, packed changes. 7.6 has folds, and sections in a table of their own.
struct LocalTimeWriter: HistoryWriter, ~Copyable {
  private let hasFold: Bool
  private var requests: TableBuffer
  private var tasks: TableBuffer
  /// 7.5 has no such table: the buffer stays empty there.
  private var sections: TableBuffer
  private var packed = PackedText()
  private var time = LocalTimeText()
  private var scratch: [UInt8] = []
  private let operations = Codes<Operation>()
  private let requestStates = Codes<RequestState>()
  private let taskKinds = Codes<TaskKind>()
  private let taskStates = Codes<TaskState>()
  private let sectionKinds = Codes<SectionKind>()
  private let zones = Places.all.map { Array($0.zone.utf8) }

  init(_ schema: ReleaseSchema) {
    hasFold = schema.release.timesHaveFold
    requests = TableBuffer(hasFold ? "change_history" : "request", of: schema)
    tasks = TableBuffer(TaskKind.approval.table(in: schema.release), of: schema)
    sections = TableBuffer(
      schema.table("change_history_section") ?? SchemaTable(name: "", columns: []))
  }

  mutating func write(_ event: borrowing HistoryEvent) {
    if !event.isMissing { writeRequest(event) }
    if hasFold { writeSections(event) }
    for index in event.tasks.indices { write(event.tasks[index], of: event) }
  }

  private mutating func writeRequest(_ event: borrowing HistoryEvent) {
    let arena = event.arena
    requests.rows.beginRow()
    requests.rows.append(event.key)
    requests.rows.append(operations[event.operation])
    if let guid = event.guid {
      requests.rows.append(event.guidIsCapital ? guid.description.uppercased() : guid.description)
    } else {
      requests.rows.appendNull()
    }
    requests.append(event.objectDN, of: arena)
    requests.append(event.objectClass, of: arena)
    requests.append(event.initiator, of: arena)
    requests.append(event.accountUsed, of: arena)
    requests.append(event.host, of: arena)
    LocalTimeWriter.append(event.submitted, to: &requests, &time, hasFold)
    LocalTimeWriter.append(event.completed, to: &requests, &time, hasFold)
    requests.append(zones[event.place])
    requests.rows.append(requestStates[event.state])
    packed.write(event, withSections: !hasFold)
    requests.append(packed.bytes)
    requests.endRow()
  }

  private static func append(
    _ moment: Moment?, to table: inout TableBuffer, _ time: inout LocalTimeText, _ hasFold: Bool
  ) {
    if let moment {
      time.write(moment)
      table.append(time.bytes)
    } else {
      table.rows.appendNull()
    }
    if hasFold { table.append(integer: moment?.fold) }
  }

  private mutating func writeSections(_ event: borrowing HistoryEvent) {
    for (ordinal, section) in event.sections.enumerated() {
      sections.rows.beginRow()
      sections.rows.append(section.key)
      sections.rows.append(event.key)
      sections.rows.append(Int64(ordinal))
      scratch = [UInt8(sectionKinds[section.kind])]
      sections.append(scratch)
      sections.append(section.name, of: event.arena)
      sections.append(section.outcome, of: event.arena)
      sections.append(section.message, of: event.arena)
      sections.endRow()
    }
  }

  private mutating func write(_ task: HistoryEvent.Task, of event: borrowing HistoryEvent) {
    tasks.rows.beginRow()
    tasks.rows.append(task.key)
    if task.belongs { tasks.rows.append(event.key) } else { tasks.rows.appendNull() }
    tasks.rows.append(taskKinds[task.kind])
    tasks.rows.append(taskStates[task.state])
    tasks.append(task.subject, of: event.arena)
    tasks.append(task.party, of: event.arena)
    LocalTimeWriter.append(task.due, to: &tasks, &time, hasFold)
    tasks.append(zones[event.place])
    packed.write(task, of: event.arena)
    tasks.append(packed.bytes)
    tasks.endRow()
  }

  var isFull: Bool { requests.isFull || tasks.isFull || sections.isFull }

  mutating func flush(to connection: Connection) throws(DatabaseError) {
    try requests.flush(to: connection)
    try tasks.flush(to: connection)
    try sections.flush(to: connection)
  }

  var totals: [TableTotal] {
    var totals = [requests.tableTotal, tasks.tableTotal]
    if hasFold { totals.append(sections.tableTotal) }
    return totals
  }
}
