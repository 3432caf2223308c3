internal import Base

/// Makes a record of a line of Samba's audit logs; docs/sources.md says what becomes of what.
struct AuditRecordReader: ~Copyable {
  /// What a line is.
  enum Meaning {
    /// A change, carried under this kind.
    case change(String)
    /// Something that changes nothing, counted under this name.
    case nothing(String)
    /// A transaction that was taken back.
    case rollback([UInt8])
  }

  var record = CapturedRecord()
  private var changes = ChangeList()
  private var keys = RecordKey()
  private var decoded = [UInt8]()
  private var truncated = [String]()
  /// When the last good line was written: a damaged one has no time of its own.
  private var lastTime = Timestamp(microseconds: 0)

  /// Reads a text into ``record``.
  ///
  /// A change that cannot be read gives a record with a fault.
  mutating func read(_ text: Span<UInt8>, place: Int64, isWhole: Bool, _ tally: inout CaptureTally) -> Meaning {
    record.begin(place: place)
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue(parsing: text, source: "log")
    } catch {
      return fail(isWhole ? "json.malformed" : "json.unfinished", text)
    }
    guard let type = value["type"]?.stringValue, case .object(let object)? = value[type] else {
      return fail("record.malformed", text)
    }
    switch type {
    case "dsdbChange", "groupChange", "passwordChange": break
    case "dsdbTransaction":
      if object["action"]?.stringValue == "rollback", let id = object["transactionId"]?.stringValue {
        return .rollback(Array(id.utf8))
      }
      return .nothing(type)
    default: return .nothing(String(type.prefix(40)))
    }
    guard readTime(value) else { return fail("time.unreadable", text) }
    identify(text)
    truncated.removeAll(keepingCapacity: true)
    let body = AuditBody(object)
    readCommon(body)
    let kind: String?
    switch type {
    case "dsdbChange": kind = readChange(body, &tally)
    case "groupChange": kind = readGroupChange(body)
    default: kind = readPasswordChange(body)
    }
    guard let kind else { return fail("record.malformed", text) }
    addSections(body)
    return .change(kind)
  }

  // MARK: What all records have

  private mutating func readTime(_ value: JSONValue) -> Bool {
    guard let text = value["timestamp"]?.stringValue, let at = Timestamp(rfc3339: text),
      let offset = LogOffset.minutes(text)
    else { return false }
    record.at = at
    record.offsetMinutes = offset
    lastTime = at
    return true
  }

  private mutating func identify(_ text: Span<UInt8>) {
    keys.begin("samba-audit")
    keys.add(text)
    record.key = keys.key(at: record.at)
  }

  /// A damaged line gets a key of its own from its place, and the time of the line before it.
  private mutating func fail(_ fault: String, _ text: Span<UInt8>) -> Meaning {
    record.at = lastTime
    keys.begin("damaged \(record.place)")
    keys.add(text)
    record.key = keys.key(at: lastTime)
    record.fail(fault)
    return .change("damaged")
  }

  private mutating func readCommon(_ body: AuditBody) {
    record.state = (body.statusCode ?? 0) == 0 ? .completed : .failed
    if let sid = body.initiator { record.initiator += sid.utf8 }
    if body.isSystem { record.account += "SYSTEM".utf8 }
    if let address = body.address { record.host += address.utf8 }
    if let transaction = body.transaction { record.transaction += transaction.utf8 }
  }

  private mutating func addSections(_ body: AuditBody) {
    if let transaction = body.transaction { record.addSection("transaction", message: transaction) }
    if let session = body.session { record.addSection("session", message: session) }
    if let event = body.eventID { record.addSection("event", message: String(event)) }
    if let action = body.action { record.addSection("action", outcome: action) }
    if !truncated.isEmpty {
      record.addSection("truncated values", message: truncated.joined(separator: ", "))
    }
    if record.state == .failed {
      record.addSection("result", outcome: "\(body.statusCode ?? 0) \(body.status ?? "")")
    }
  }

  // MARK: Kinds

  private mutating func readChange(_ body: AuditBody, _ tally: inout CaptureTally) -> String? {
    guard let operation = body.operation, let name = body.name, readAttributes(body.attributes) else { return nil }
    record.objectName += name.utf8
    let kind: String
    switch operation {
    case "Add":
      record.operation = .create
      kind = "dsdbChange Add"
      if let last = objectClass(body.attributes) { record.objectClass += last.utf8 }
    case "Modify":
      record.operation = changes.operation
      kind = "dsdbChange Modify"
    case "Delete":
      record.operation = .delete
      kind = "dsdbChange Delete"
    case "Rename":
      guard let new = body.newName else { return nil }
      rename(from: name, to: new)
      kind = "dsdbChange Rename"
    default: return nil
    }
    changes.write(to: &record, &tally)
    return kind
  }

  private mutating func rename(from old: String, to new: String) {
    record.operation = RawName.isSame(RawName.parent(of: old), RawName.parent(of: new)) ? .rename : .move
    record.begin(.property)
    record.append("distinguishedName")
    record.append(old)
    record.append(new)
  }

  private mutating func readGroupChange(_ body: AuditBody) -> String? {
    guard let action = body.action, let group = body.group else { return nil }
    record.objectName += group.utf8
    record.objectClass += "group".utf8
    let kind: String
    switch action {
    case "Added":
      record.operation = .addMember
      kind = "groupChange Added"
    case "PrimaryGroup":
      record.operation = .addMember
      kind = "groupChange PrimaryGroup"
    case "Removed":
      record.operation = .removeMember
      kind = "groupChange Removed"
    default:
      record.operation = .modify
      kind = "groupChange \(action.prefix(40))"
    }
    guard let user = body.user, !user.isEmpty else { return kind }
    record.begin(.property)
    record.append(action == "PrimaryGroup" ? "primaryGroupMember" : "member")
    if record.operation == .removeMember {
      record.append(user)
      record.appendAbsent()
    } else {
      record.appendAbsent()
      record.append(user)
    }
    return kind
  }

  private mutating func readPasswordChange(_ body: AuditBody) -> String? {
    guard let name = body.name, let action = body.action else { return nil }
    record.objectName += name.utf8
    record.operation = .resetPassword
    return "passwordChange \(action.prefix(40))"
  }

  // MARK: Attributes

  /// The last value of `objectClass`, in whatever case.
  private func objectClass(_ attributes: JSONValue?) -> String? {
    guard case .object(let object)? = attributes,
      let member = object.members.first(where: { $0.key.lowercased() == "objectclass" })
    else { return nil }
    return member.value["actions"]?.arrayValue?.last?["values"]?.arrayValue?.last?["value"]?.stringValue
  }

  private mutating func readAttributes(_ attributes: JSONValue?) -> Bool {
    changes.removeAll()
    guard let attributes else { return true }
    guard case .object(let object) = attributes else { return false }
    for member in object.members {
      guard let actions = member.value["actions"]?.arrayValue else { return false }
      let name = Array(member.key.utf8)
      for action in actions {
        guard let kind = AuditRecordReader.kind(action["action"]?.stringValue) else { return false }
        changes.begin(name.span, kind)
        if action["redacted"]?.boolValue == true { changes.addHidden() }
        guard let values = action["values"] else { continue }
        guard case .array(let elements) = values else { return false }
        for element in elements {
          guard add(element) else { return false }
          if element["truncated"]?.boolValue == true, truncated.last != member.key { truncated.append(member.key) }
        }
      }
      changes.separate()
    }
    return true
  }

  private static func kind(_ action: String?) -> ChangeList.Kind? {
    switch action {
    case "add": .add
    case "delete": .delete
    case "replace": .replace
    default: nil
    }
  }

  /// Values that are not ASCII stand in Base64.
  private mutating func add(_ element: JSONValue) -> Bool {
    guard let text = element["value"]?.stringValue else { return false }
    let bytes = Array(text.utf8)
    if element["base64"]?.boolValue == true {
      guard Base64.decode(bytes.span, into: &decoded) else { return false }
      let value = decoded
      changes.add(value.span)
    } else {
      changes.add(bytes.span)
    }
    return true
  }
}
