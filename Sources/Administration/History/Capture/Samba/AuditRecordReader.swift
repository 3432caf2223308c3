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
    guard let type = value["type"]?.stringValue, let body = value[type], body.kind == .object else {
      return fail("record.malformed", text)
    }
    switch type {
    case "dsdbChange", "groupChange", "passwordChange": break
    case "dsdbTransaction":
      if body["action"]?.stringValue == "rollback", let id = body["transactionId"]?.stringValue {
        return .rollback(Array(id.utf8))
      }
      return .nothing(type)
    default: return .nothing(String(type.prefix(40)))
    }
    guard readTime(value) else { return fail("time.unreadable", text) }
    identify(text)
    readCommon(body)
    let kind: String?
    switch type {
    case "dsdbChange": kind = readChange(body, &tally)
    case "groupChange": kind = readGroupChange(body)
    default: kind = readPasswordChange(body)
    }
    guard let kind, addSections(body) else { return fail("record.malformed", text) }
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

  private mutating func readCommon(_ body: JSONValue) {
    record.state = (body["statusCode"]?.integerValue ?? 0) == 0 ? .completed : .failed
    if let sid = body["userSid"]?.stringValue { record.initiator += sid.utf8 }
    if body["performedAsSystem"]?.boolValue == true { record.account += "SYSTEM".utf8 }
    if let address = body["remoteAddress"]?.stringValue { record.host += address.utf8 }
    if let transaction = body["transactionId"]?.stringValue { record.transaction += transaction.utf8 }
  }

  private mutating func addSections(_ body: JSONValue) -> Bool {
    if let transaction = body["transactionId"]?.stringValue {
      record.addSection("transaction", message: transaction)
    }
    if let session = body["sessionId"]?.stringValue { record.addSection("session", message: session) }
    if let event = body["eventId"]?.integerValue { record.addSection("event", message: String(event)) }
    if let action = body["action"]?.stringValue { record.addSection("action", outcome: action) }
    if !truncated.isEmpty {
      record.addSection("truncated values", message: truncated.joined(separator: ", "))
    }
    if record.state == .failed {
      guard let code = body["statusCode"]?.integerValue else { return false }
      record.addSection("result", outcome: "\(code) \(body["status"]?.stringValue ?? "")")
    }
    return true
  }

  // MARK: Kinds

  private mutating func readChange(_ body: JSONValue, _ tally: inout CaptureTally) -> String? {
    truncated.removeAll(keepingCapacity: true)
    guard let operation = body["operation"]?.stringValue, let name = body["dn"]?.stringValue else { return nil }
    record.objectName += name.utf8
    guard readAttributes(body["attributes"]) else { return nil }
    switch operation {
    case "Add":
      record.operation = .create
      if let last = objectClass(body["attributes"]) { record.objectClass += last.utf8 }
    case "Modify": record.operation = changes.operation
    case "Delete": record.operation = .delete
    case "Rename":
      guard let new = body["newDn"]?.stringValue else { return nil }
      let isMoved = !RawName.isSame(RawName.parent(of: name), RawName.parent(of: new))
      record.operation = isMoved ? .move : .rename
      record.begin(.property)
      record.append("distinguishedName")
      record.append(name)
      record.append(new)
    default: return nil
    }
    if operation == "Modify" || operation == "Delete", record.state == .completed {
      tally.changesWithoutOldValues += 1
    }
    changes.write(to: &record, &tally)
    return "dsdbChange \(operation)"
  }

  private mutating func readGroupChange(_ body: JSONValue) -> String? {
    truncated.removeAll(keepingCapacity: true)
    guard let action = body["action"]?.stringValue, let group = body["group"]?.stringValue else { return nil }
    record.objectName += group.utf8
    record.objectClass += "group".utf8
    let isRemoval = action == "Removed"
    switch action {
    case "Added", "PrimaryGroup": record.operation = .addMember
    case "Removed": record.operation = .removeMember
    default: record.operation = .modify
    }
    guard let user = body["user"]?.stringValue, !user.isEmpty else { return "groupChange \(action.prefix(40))" }
    record.begin(.property)
    record.append(action == "PrimaryGroup" ? "primaryGroupMember" : "member")
    if isRemoval { record.append(user) } else { record.appendAbsent() }
    if isRemoval { record.appendAbsent() } else { record.append(user) }
    return "groupChange \(action.prefix(40))"
  }

  private mutating func readPasswordChange(_ body: JSONValue) -> String? {
    truncated.removeAll(keepingCapacity: true)
    guard let name = body["dn"]?.stringValue, let action = body["action"]?.stringValue else { return nil }
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
      guard LogBase64.decode(bytes.span, into: &decoded) else { return false }
      let value = decoded
      changes.add(value.span)
    } else {
      changes.add(bytes.span)
    }
    return true
  }
}
