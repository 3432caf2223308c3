internal import Base

/// Tells the facts of an accesslog for the verifier.
enum AccesslogFacts {
  static func read(_ log: RestoredLog, into facts: inout LogFacts) throws {
    try log.withFile { path in
      let seen = try SeenRecords(path + ".seen")
      var entries = try PlainEntries(path)
      while let entry = try entries.next() {
        guard let record = record(entry), facts.isAskedFor(record), try seen.isNew(record.key) else { continue }
        facts.add(record)
      }
    }
  }

  /// nil for an entry that is no change, and for one that cannot be carried.
  static func record(_ entry: PlainEntries.Entry) -> LogRecord? {
    let classes = entry.all("objectclass").map { String(decoding: $0, as: UTF8.self).lowercased() }
    guard classes.contains(where: { $0.hasPrefix("audit") && $0 != "auditcontainer" }),
      let type = entry.first("reqtype").map({ String(decoding: $0, as: UTF8.self).lowercased() }),
      ["add", "modify", "delete", "modrdn"].contains(type), let start = entry.first("reqstart"),
      let at = LogValues.generalizedTime(start), let name = entry.first("reqdn")
    else { return nil }
    var record = LogRecord()
    record.at = at
    record.key = LogValues.key(
      "accesslog", [start, entry.first("reqsession") ?? [], entry.first("reqtype") ?? [], name], at: at)
    if let end = entry.first("reqend") {
      guard let completed = LogValues.generalizedTime(end) else { return nil }
      record.completed = completed
    }
    var code: Int64 = 0
    if let text = entry.first("reqresult") {
      guard let number = Int64(String(decoding: text, as: UTF8.self)) else { return nil }
      code = number
    }
    record.failed = code != 0
    record.objectName = name
    record.initiator = entry.first("reqauthzid") ?? []
    record.objectID = entry.first("reqentryuuid").flatMap { UniqueID(String(decoding: $0, as: UTF8.self)) }
    guard readChanges(entry, type, &record) else { return nil }
    if let session = entry.first("reqsession") { record.sections.append(.init("session", message: session)) }
    let message = entry.first("reqmessage")
    if code != 0 || message != nil {
      record.sections.append(.init("result", outcome: Array(ResultNames.outcome(code).utf8), message: message))
    }
    return record
  }

  private static func readChanges(_ entry: PlainEntries.Entry, _ type: String, _ record: inout LogRecord) -> Bool {
    var changes = LogChanges()
    for text in entry.all("reqmod") where type != "delete" {
      if text == [UInt8(ascii: ":")], type != "add" {
        changes.part()
        continue
      }
      guard let (name, act, value) = split(text) else { return false }
      changes.add(name, act, value)
    }
    for text in entry.all("reqold") where type != "add" {
      guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return false }
      let value = text[(colon + 1)...]
      changes.old.append((Array(text[..<colon]), Array(value.first == 0x20 ? value.dropFirst() : value)))
    }
    switch type {
    case "add":
      record.operation = "create"
      guard changes.changes.allSatisfy({ $0.act == UInt8(ascii: "+") && !$0.values.isEmpty }) else { return false }
      record.properties = changes.properties
      describe(&record, changes.changes.flatMap { change in change.values.map { (change.name, $0) } })
    case "delete":
      record.operation = "delete"
      record.properties = changes.old.filter { !LogValues.traits($0.name).contains(.bookkeeping) }
        .map { LogChanges.row($0.name, $0.value, nil) }
      describe(&record, changes.old)
    case "modify":
      record.operation = changes.operation
      record.properties = changes.properties
      describe(&record, changes.old)
    default:
      guard let relative = entry.first("reqnewrdn") else { return false }
      let parent = LogNames.parent(of: record.objectName)
      let superior = entry.first("reqnewsuperior") ?? parent
      record.operation = LogNames.isSame(parent, superior) ? "rename" : "move"
      let new = entry.first("reqnewdn") ?? (superior.isEmpty ? relative : relative + [0x2C] + superior)
      record.properties = [.init(name: Array("distinguishedName".utf8), old: record.objectName, new: new)]
      record.properties += changes.properties
      describe(&record, changes.old)
    }
    return true
  }

  /// `attribute:+ value`
  private static func split(_ text: [UInt8]) -> (name: [UInt8], act: UInt8, value: [UInt8]?)? {
    guard let colon = text.firstIndex(of: UInt8(ascii: ":")), colon > 0, colon + 1 < text.count else { return nil }
    let act = text[colon + 1]
    let rest = text[(colon + 2)...]
    guard "+-=#".utf8.contains(act) else { return nil }
    if rest.isEmpty { return "-=".utf8.contains(act) ? (Array(text[..<colon]), act, nil) : nil }
    guard rest.first == UInt8(ascii: " ") else { return nil }
    return (Array(text[..<colon]), act, Array(rest.dropFirst()))
  }

  private static func describe(_ record: inout LogRecord, _ values: [(name: [UInt8], value: [UInt8])]) {
    for (name, value) in values {
      switch LogValues.plainName(name) {
      case "objectclass", "structuralobjectclass": record.objectClass = value
      case "entryuuid" where record.objectID == nil:
        record.objectID = UniqueID(String(decoding: value, as: UTF8.self))
      default: break
      }
    }
  }
}
