internal import Base

/// Tells the facts of a bundle of audit logs for the verifier.
enum AuditFacts {
  static func read(_ log: RestoredLog, into facts: inout LogFacts) throws {
    try log.withFile { path in
      // What a transaction takes back is known at its end only, so the log is read twice.
      var takenBack = Set<[UInt8]>()
      var lines = try PlainAuditLines(path)
      while let line = try lines.next() {
        guard let value = PlainJSON.read(line), let body = value["dsdbTransaction"],
          value["type"]?.text.map({ $0.elementsEqual("dsdbTransaction".utf8) }) == true,
          body["action"]?.text.map({ $0.elementsEqual("rollback".utf8) }) == true,
          let transaction = body["transactionId"]?.text
        else { continue }
        takenBack.insert(transaction)
      }
      let seen = try SeenRecords(path + ".seen")
      lines = try PlainAuditLines(path)
      while let line = try lines.next() {
        guard let value = PlainJSON.read(line), let record = record(value, line, takenBack),
          facts.isAskedFor(record), try seen.isNew(record.key)
        else { continue }
        facts.add(record)
      }
    }
  }

  /// nil for a line that is no change, and for one that cannot be carried.
  static func record(_ value: PlainJSON, _ line: [UInt8], _ takenBack: Set<[UInt8]>) -> LogRecord? {
    guard let type = value["type"]?.text, let body = value[type], body.members != nil,
      let (at, offset) = value["timestamp"]?.text.flatMap(LogValues.internetTime)
    else { return nil }
    var record = LogRecord()
    record.at = at
    record.offset = offset
    record.zone = zone(offset)
    record.key = LogValues.key("samba-audit", [line], at: at)
    let code = body["statusCode"]?.integer ?? 0
    let transaction = body["transactionId"]?.text
    let isTakenBack = transaction.map(takenBack.contains) ?? false
    record.failed = code != 0 || isTakenBack
    record.initiator = body["userSid"]?.text ?? []
    record.account = body["performedAsSystem"]?.isTrue == true ? Array("SYSTEM".utf8) : []
    record.host = body["remoteAddress"]?.text ?? []
    var truncated: [[UInt8]] = []
    let isWhole =
      switch String(decoding: type, as: UTF8.self) {
      case "dsdbChange": change(body, &record, &truncated)
      case "groupChange": groupChange(body, &record)
      case "passwordChange": passwordChange(body, &record)
      default: false
      }
    guard isWhole else { return nil }
    record.sections += [("transaction", transaction), ("session", body["sessionId"]?.text)].compactMap {
      name, text in
      text.map { LogRecord.Section(name, message: $0) }
    }
    if let event = body["eventId"]?.integer {
      record.sections.append(.init("event", message: Array(String(event).utf8)))
    }
    if let action = body["action"]?.text { record.sections.append(.init("action", outcome: action)) }
    if !truncated.isEmpty {
      record.sections.append(
        .init("truncated values", message: Array(truncated.joined(separator: Array(", ".utf8)))))
    }
    if code != 0 {
      let outcome = Array("\(code) ".utf8) + (body["status"]?.text ?? [])
      record.sections.append(.init("result", outcome: outcome))
    }
    if isTakenBack { record.sections.append(.init("result", outcome: Array("rolled back".utf8))) }
    return record
  }

  private static func zone(_ offset: Int64) -> String {
    if offset == 0 { return "UTC" }
    let minutes = abs(offset) / 60
    let parts = [minutes / 60, minutes % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "UTC" + (offset < 0 ? "-" : "+") + parts.joined(separator: ":")
  }

  private static func change(_ body: PlainJSON, _ record: inout LogRecord, _ truncated: inout [[UInt8]]) -> Bool {
    guard let operation = body["operation"]?.text.map({ String(decoding: $0, as: UTF8.self) }),
      let name = body["dn"]?.text
    else { return false }
    record.objectName = name
    var changes = LogChanges()
    if let attributes = body["attributes"] {
      guard let members = attributes.members else { return false }
      for (attribute, value) in members {
        guard let actions = value["actions"]?.list else { return false }
        for action in actions {
          guard read(action, attribute, &changes, &truncated) else { return false }
        }
        changes.part()
        let isClass = String(decoding: attribute, as: UTF8.self).lowercased() == "objectclass"
        if operation == "Add", isClass, record.objectClass.isEmpty {
          record.objectClass = actions.last?["values"]?.list?.last?["value"]?.text ?? []
        }
      }
    }
    switch operation {
    case "Add": record.operation = "create"
    case "Modify": record.operation = changes.operation
    case "Delete": record.operation = "delete"
    case "Rename":
      guard let new = body["newDn"]?.text else { return false }
      let isRenamed = LogNames.isSame(LogNames.parent(of: name), LogNames.parent(of: new))
      record.operation = isRenamed ? "rename" : "move"
      record.properties.append(.init(name: Array("distinguishedName".utf8), old: name, new: new))
    default: return false
    }
    record.properties += changes.properties
    return true
  }

  private static func read(
    _ action: PlainJSON, _ attribute: [UInt8], _ changes: inout LogChanges, _ truncated: inout [[UInt8]]
  ) -> Bool {
    let acts = ["add": UInt8(ascii: "+"), "delete": UInt8(ascii: "-"), "replace": UInt8(ascii: "=")]
    guard let act = action["action"]?.text.flatMap({ acts[String(decoding: $0, as: UTF8.self)] }) else {
      return false
    }
    changes.add(attribute, act, nil)
    if action["redacted"]?.isTrue == true { changes.hide() }
    guard let values = action["values"] else { return true }
    guard let list = values.list else { return false }
    for element in list {
      guard var value = element["value"]?.text else { return false }
      if element["base64"]?.isTrue == true {
        guard let decoded = LogValues.base64(value) else { return false }
        value = decoded
      }
      changes.add(attribute, act, value)
      if element["truncated"]?.isTrue == true, truncated.last != attribute { truncated.append(attribute) }
    }
    return true
  }

  private static func groupChange(_ body: PlainJSON, _ record: inout LogRecord) -> Bool {
    guard let action = body["action"]?.text, let group = body["group"]?.text else { return false }
    let word = String(decoding: action, as: UTF8.self)
    record.objectName = group
    record.objectClass = Array("group".utf8)
    record.operation =
      ["Added": "add-member", "PrimaryGroup": "add-member", "Removed": "remove-member"][word] ?? "modify"
    guard let user = body["user"]?.text, !user.isEmpty else { return true }
    let name = Array((word == "PrimaryGroup" ? "primaryGroupMember" : "member").utf8)
    record.properties = [
      .init(name: name, old: word == "Removed" ? user : nil, new: word == "Removed" ? nil : user)
    ]
    return true
  }

  private static func passwordChange(_ body: PlainJSON, _ record: inout LogRecord) -> Bool {
    guard let name = body["dn"]?.text, body["action"]?.text != nil else { return false }
    record.objectName = name
    record.operation = "reset-password"
    return true
  }
}
