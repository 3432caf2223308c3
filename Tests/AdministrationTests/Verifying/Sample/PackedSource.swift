import Administration
import Base
import Database

/// Writes a sample into a source of 7.5, 7.6 or 8.0, a row at a time.
struct PackedSource {
  let release: Release
  let history: SampleHistory

  static let operations = [
    "create", "modify", "delete", "rename", "move", "add-member", "remove-member", "enable", "disable",
    "reset-password",
  ]
  static let requestStates = [
    "pending", "awaiting-approval", "executing", "done", "failed", "rejected", "cancelled",
  ]
  static let taskStates = ["open", "done", "cancelled", "running"]
  static let taskKinds = ["approval", "temporal-membership", "deprovisioning"]
  static let sectionKinds = ["workflow", "policy"]

  func write(to connection: Connection) throws {
    for statement in ReleaseSchema(release, .history).tableStatements(for: connection.engine) {
      try connection.execute(unsafeScript: statement)
    }
    try addRows(to: connection)
  }

  /// Adds the rows to tables that are there.
  func addRows(to connection: Connection) throws {
    try (release == .v8_0 ? requests80 : requests7).insert(on: connection)
    if release != .v7_5 { try sections.insert(on: connection) }
    try (release == .v8_0 ? tasks80 : tasks7).insert(on: connection)
  }

  private var kept: [SampleRequest] { history.requests.filter { !$0.isLost } }

  private var requests7: TableRows {
    let is75 = release == .v7_5
    var rows = TableRows(
      is75 ? "request" : "change_history",
      is75
        ? [
          "id": .integer, "operation": .integer, "object_guid": .text, "object_dn": .text, "object_class": .text,
          "initiator": .text, "account_used": .text, "host": .text, "zone": .text, "status": .integer,
          "submitted": .text, "completed": .text, "detail": .text,
        ]
        : [
          "id": .integer, "operation": .integer, "object_guid": .text, "object_dn": .text, "object_class": .text,
          "initiator": .text, "account_used": .text, "host": .text, "zone": .text, "status": .integer,
          "submitted": .text, "completed": .text, "changes": .text, "submitted_fold": .integer,
          "completed_fold": .integer,
        ])
    for request in kept {
      let folds: [TableRows.Cell] =
        is75
        ? []
        : [
          .integer(request.submitted.fold), .optional(request.completed?.fold),
        ]
      rows.rows.append(
        [
          .integer(request.key), .integer(Int64(request.operation)), .optional(request.guid.map { Array($0.utf8) }),
          .text(request.dn), .text(request.objectClass), .text(request.initiator), .text(request.account),
          .text(request.host), .text(request.zone), .integer(Int64(request.status)),
          .text(request.submitted.local), .optional(request.completed.map { Array($0.local.utf8) }),
          .text(packed(request, withSections: is75)),
        ] + folds)
    }
    return rows
  }

  private var requests80: TableRows {
    var rows = TableRows(
      "change_request",
      [
        "id": .integer, "operation": .text, "object_guid": .uuid, "object_dn": .text, "object_class": .text,
        "initiator": .text, "account_used": .text, "host": .text, "submitted_at": .timestamp,
        "submitted_offset": .integer, "completed_at": .timestamp, "completed_offset": .integer, "zone": .text,
        "state": .text, "changes": .text,
      ])
    for request in kept {
      rows.add(
        .integer(request.key), .text(PackedSource.operations[request.operation - 1]),
        .optional(request.guid.flatMap { UniqueID($0) }), .text(request.dn), .text(request.objectClass),
        .text(request.initiator), .text(request.account), .text(request.host), .time(request.submitted.instant),
        .integer(request.submitted.offset), .optional(request.completed?.instant),
        .optional(request.completed?.offset), .text(request.zone),
        .text(PackedSource.requestStates[request.status]), .text(packed(request, withSections: false)))
    }
    return rows
  }

  private var sections: TableRows {
    var rows = TableRows(
      release == .v7_6 ? "change_history_section" : "request_section",
      [
        "id": .integer, "request_id": .integer, "ordinal": .integer, "kind": .text, "name": .text,
        "outcome": .text, "message": .text,
      ])
    for request in history.requests {
      for (ordinal, section) in request.sections.enumerated() {
        let id = request.key * 100 + Int64(ordinal)
        let kind = release == .v7_6 ? ["W", "P"] : PackedSource.sectionKinds
        rows.add(
          .integer(id), .integer(request.key), .integer(Int64(ordinal)), .text(kind[section.kind - 1]),
          .text(section.name), .optional(section.outcome), .optional(section.message))
      }
    }
    return rows
  }

  private var tasks7: TableRows {
    let is75 = release == .v7_5
    var rows = TableRows(
      is75 ? "task" : "management_task",
      is75
        ? [
          "id": .integer, "request_id": .integer, "kind": .integer, "status": .integer, "subject": .text,
          "party": .text, "zone": .text, "detail": .text, "due": .text,
        ]
        : [
          "id": .integer, "request_id": .integer, "kind": .integer, "status": .integer, "subject": .text,
          "party": .text, "zone": .text, "detail": .text, "due": .text, "due_fold": .integer,
        ])
    for task in history.tasks {
      rows.rows.append(
        [
          .integer(task.key), .optional(task.request), .integer(Int64(task.kind.code)),
          .integer(Int64(task.status)), .text(task.subject), .text(task.party), .text(task.zone),
          .text(packed(task)), .optional(task.due.map { Array($0.local.utf8) }),
        ] + (is75 ? [] : [.optional(task.due?.fold)]))
    }
    return rows
  }

  private var tasks80: TableRows {
    var rows = TableRows(
      "task",
      [
        "id": .integer, "request_id": .integer, "kind": .text, "state": .text, "subject": .text, "party": .text,
        "due_at": .timestamp, "due_offset": .integer, "zone": .text, "detail": .text,
      ])
    for task in history.tasks {
      rows.add(
        .integer(task.key), .optional(task.request), .text(PackedSource.taskKinds[task.kind.code - 1]),
        .text(PackedSource.taskStates[task.status]), .text(task.subject), .text(task.party),
        .optional(task.due?.instant), .optional(task.due?.offset), .text(task.zone), .text(packed(task)))
    }
    return rows
  }

  // MARK: Packed text

  /// The items of a request: sections among the properties, the reason last.
  private func packed(_ request: SampleRequest, withSections: Bool) -> [UInt8] {
    var items: [[UInt8]] = []
    for index in 0..<max(request.properties.count, request.sections.count) {
      if withSections, index < request.sections.count {
        let section = request.sections[index]
        items.append(
          PackedSource.item(section.kind == 1 ? "W" : "P", [section.name, section.outcome, section.message]))
      }
      if index < request.properties.count {
        let property = request.properties[index]
        items.append(PackedSource.item("C", [property.name, property.old, property.new]))
      }
    }
    if let reason = request.reason { items.append(PackedSource.item("R", [reason])) }
    return Array(items.joined(separator: [0x0A]))
  }

  private func packed(_ task: SampleTask) -> [UInt8] {
    switch task.kind {
    case .approval(let decision, let comment):
      guard let decision else { return [] }
      return PackedSource.item("D", [Array(decision.utf8), comment.map { Array($0.utf8) }])
    case .membership(let action): return PackedSource.item("A", [Array(action.utf8)])
    case .deprovisioning(let actions):
      return Array(actions.map { PackedSource.item("A", [Array($0.utf8)]) }.joined(separator: [0x0A]))
    }
  }

  static func item(_ letter: String, _ fields: [[UInt8]?]) -> [UInt8] {
    fields.reduce(into: Array(letter.utf8)) { item, field in item += [0x7C] + field.map(escaped).asField }
  }

  static func escaped(_ text: [UInt8]) -> [UInt8] {
    if text == [0x7E] { return Array("\\~".utf8) }
    return text.flatMap { byte -> [UInt8] in
      switch byte {
      case 0x5C: Array("\\\\".utf8)
      case 0x7C: Array("\\|".utf8)
      case 0x0A: Array("\\n".utf8)
      default: [byte]
      }
    }
  }
}

extension [UInt8]? {
  fileprivate var asField: [UInt8] { self ?? [0x7E] }
}
