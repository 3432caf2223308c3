internal import Base
internal import Directory

/// Makes a record of an entry of slapd's accesslog; docs/sources.md says what becomes of what.
struct AccesslogRecordReader: ~Copyable {
  /// What an entry is.
  enum Meaning {
    /// A change, carried under this kind.
    case change(String)
    /// Something that changes nothing, counted under this name.
    case nothing(String)
  }

  var record = CapturedRecord()
  private var changes = ChangeList()
  private var keys = RecordKey()
  private let attributes = AttributeIndex()
  private let fields = AccesslogField.byHash
  /// Where the single fields of the entry at hand stand; −1 for one that is not there.
  private var start = -1
  private var end = -1
  private var type = -1
  private var session = -1
  private var authorization = -1
  private var object = -1
  private var result = -1
  private var message = -1
  private var objectID = -1
  private var newRelativeName = -1
  private var newSuperior = -1
  private var newName = -1
  private var modifications = [Int]()
  private var olds = [Int]()
  private var isContainer = false
  private var isAudit = false

  /// Reads an entry into ``record``.
  ///
  /// A change that cannot be read gives a record with a fault.
  mutating func read(_ entry: borrowing DirectoryEntry, line: Int, _ tally: inout CaptureTally) -> Meaning {
    find(entry, &tally)
    guard isAudit, type >= 0 else { return .nothing(isContainer ? "container" : "other entries") }
    let kind = lowered(entry.value(type))
    switch kind {
    case "add", "modify", "delete", "modrdn": break
    default: return .nothing(String(kind.prefix(40)))
    }
    record.begin(place: Int64(line))
    guard start >= 0, let at = GeneralizedTime.read(entry.value(start)) else {
      return fail("time.unreadable", Timestamp(microseconds: 0), entry, kind)
    }
    guard object >= 0 else { return fail("object.missing", at, entry, kind) }
    identify(entry, at)
    if end >= 0 {
      guard let completed = GeneralizedTime.read(entry.value(end)) else {
        return fail("time.unreadable", at, entry, kind)
      }
      record.completed = completed
    }
    guard let code = resultCode(entry) else { return fail("result.unreadable", at, entry, kind) }
    record.state = code == 0 ? .completed : .failed
    AccesslogRecordReader.copy(entry.value(object), to: &record.objectName)
    if authorization >= 0 { AccesslogRecordReader.copy(entry.value(authorization), to: &record.initiator) }
    if objectID >= 0 { record.objectID = UniqueID(utf8: entry.value(objectID)) }
    let isWhole =
      switch kind {
      case "add": readAddition(entry, &tally)
      case "delete": readDeletion(entry, &tally)
      case "modify": readModification(entry, &tally)
      default: readRenaming(entry, &tally)
      }
    guard isWhole else { return fail("modification.unreadable", at, entry, kind) }
    if code == 0, kind == "modify" || kind == "delete" {
      if olds.isEmpty { tally.changesWithoutOldValues += 1 } else { tally.changesWithOldValues += 1 }
    }
    addSections(entry, code)
    return .change(kind)
  }

  // MARK: Fields

  private mutating func find(_ entry: borrowing DirectoryEntry, _ tally: inout CaptureTally) {
    (start, end, type, session, authorization, object) = (-1, -1, -1, -1, -1, -1)
    (result, message, objectID, newRelativeName, newSuperior, newName) = (-1, -1, -1, -1, -1, -1)
    modifications.removeAll(keepingCapacity: true)
    olds.removeAll(keepingCapacity: true)
    isContainer = false
    isAudit = false
    for index in 0..<entry.count {
      guard let field = fields[AttributeIndex.hash(entry.attribute(index))] else {
        tally.otherValues[
          String(decoding: entry.attribute(index).bytes40, as: UTF8.self), default: 0] += 1
        continue
      }
      // Of a field that stands twice though it may stand once, the first counts.
      switch field {
      case .objectClass: noteClass(entry.value(index))
      case .start: if start < 0 { start = index }
      case .end: if end < 0 { end = index }
      case .type: if type < 0 { type = index }
      case .session: if session < 0 { session = index }
      case .authorization: if authorization < 0 { authorization = index }
      case .object: if object < 0 { object = index }
      case .result: if result < 0 { result = index }
      case .message: if message < 0 { message = index }
      case .objectID: if objectID < 0 { objectID = index }
      case .modification: modifications.append(index)
      case .old: olds.append(index)
      case .newRelativeName: if newRelativeName < 0 { newRelativeName = index }
      case .newSuperior: if newSuperior < 0 { newSuperior = index }
      case .newName: if newName < 0 { newName = index }
      case .ignored: break
      }
    }
  }

  private mutating func noteClass(_ value: Span<UInt8>) {
    let name = lowered(value)
    guard name.hasPrefix("audit") else { return }
    if name == "auditcontainer" { isContainer = true } else { isAudit = true }
  }

  private func lowered(_ value: Span<UInt8>) -> String {
    String(decoding: value.bytes40.map(AttributeIndex.lowered), as: UTF8.self)
  }

  private mutating func identify(_ entry: borrowing DirectoryEntry, _ at: Timestamp) {
    record.at = at
    keys.begin("accesslog")
    for field in [start, session, type, object] {
      if field >= 0 { keys.add(entry.value(field)) } else { keys.add(Span()) }
    }
    record.key = keys.key(at: at)
  }

  private mutating func fail(
    _ fault: String, _ at: Timestamp, _ entry: borrowing DirectoryEntry, _ kind: String
  ) -> Meaning {
    identify(entry, at)
    record.fail(fault)
    return .change(kind)
  }

  /// 0 where the log does not tell a result; nil where it tells none that is a number.
  private func resultCode(_ entry: borrowing DirectoryEntry) -> Int64? {
    result < 0 ? 0 : Int64(String(decoding: entry.value(result).bytes40, as: UTF8.self))
  }

  private static func copy(_ value: Span<UInt8>, to text: inout [UInt8]) {
    text.removeAll(keepingCapacity: true)
    unsafe value.withUnsafeBufferPointer { unsafe text.append(contentsOf: $0) }
  }

  private mutating func addSections(_ entry: borrowing DirectoryEntry, _ code: Int64) {
    if session >= 0 {
      record.addSection("session", message: String(decoding: entry.value(session).array, as: UTF8.self))
    }
    guard code != 0 || message >= 0 else { return }
    record.begin(.section)
    record.append("result")
    record.append(ResultNames.outcome(code))
    if message >= 0 { record.append(entry.value(message)) } else { record.appendAbsent() }
  }

  // MARK: Kinds

  /// `attribute:+ value`
  private mutating func readAddition(_ entry: borrowing DirectoryEntry, _ tally: inout CaptureTally) -> Bool {
    record.operation = .create
    for index in modifications {
      let text = entry.value(index)
      guard let parts = ModificationText(text), parts.kind == .add, parts.hasValue else { return false }
      describeObject(text, parts.nameEnd, parts.valueStart)
      addValue(text, parts.nameEnd, parts.valueStart, isNew: true, &tally)
    }
    return true
  }

  /// `attribute: value`, where the log was told to keep old values.
  private mutating func readDeletion(_ entry: borrowing DirectoryEntry, _ tally: inout CaptureTally) -> Bool {
    record.operation = .delete
    for index in olds {
      let text = entry.value(index)
      guard let (nameEnd, valueStart) = ModificationText.old(text) else { return false }
      describeObject(text, nameEnd, valueStart)
      addValue(text, nameEnd, valueStart, isNew: false, &tally)
    }
    return true
  }

  private mutating func readModification(_ entry: borrowing DirectoryEntry, _ tally: inout CaptureTally) -> Bool {
    guard readChanges(entry) else { return false }
    record.operation = changes.operation
    changes.write(to: &record, &tally)
    return true
  }

  private mutating func readRenaming(_ entry: borrowing DirectoryEntry, _ tally: inout CaptureTally) -> Bool {
    guard newRelativeName >= 0 else { return false }
    let old = record.objectName
    let parent = RawName.parent(of: String(decoding: old, as: UTF8.self))
    var superior = parent
    if newSuperior >= 0 { superior = String(decoding: entry.value(newSuperior).array, as: UTF8.self) }
    record.operation = RawName.isSame(superior, parent) ? .rename : .move
    record.begin(.property)
    record.append("distinguishedName")
    record.append(old.span)
    if newName >= 0 {
      record.append(entry.value(newName))
    } else {
      let name = String(decoding: entry.value(newRelativeName).array, as: UTF8.self)
      record.append(superior.isEmpty ? name : "\(name),\(superior)")
    }
    guard readChanges(entry) else { return false }
    changes.write(to: &record, &tally)
    return true
  }

  private mutating func readChanges(_ entry: borrowing DirectoryEntry) -> Bool {
    changes.removeAll()
    for index in modifications {
      let text = entry.value(index)
      if text.count == 1, text[0] == UInt8(ascii: ":") {
        changes.separate()
        continue
      }
      guard let parts = ModificationText(text) else { return false }
      changes.begin(text.extracting(0..<parts.nameEnd), parts.kind)
      if parts.hasValue { changes.add(text.extracting(parts.valueStart..<text.count)) }
    }
    for index in olds {
      let text = entry.value(index)
      guard let (nameEnd, valueStart) = ModificationText.old(text) else { return false }
      changes.addOld(text.extracting(0..<nameEnd), text.extracting(valueStart..<text.count))
      describeObject(text, nameEnd, valueStart)
    }
    return true
  }

  private mutating func addValue(
    _ text: Span<UInt8>, _ nameEnd: Int, _ valueStart: Int, isNew: Bool, _ tally: inout CaptureTally
  ) {
    let name = text.extracting(0..<nameEnd)
    let traits = attributes.traits(of: name)
    if traits.contains(.bookkeeping) {
      tally.bookkeepingValues += 1
      return
    }
    record.begin(.property)
    record.append(name)
    if isNew { record.appendAbsent() }
    if traits.contains(.secret) {
      record.append(AttributeTable.mask)
      tally.maskedValues += 1
    } else {
      record.append(text.extracting(valueStart..<text.count))
    }
    if !isNew { record.appendAbsent() }
  }

  /// Takes the object's class and id from its attributes: the structural class, else the last one.
  private mutating func describeObject(_ text: Span<UInt8>, _ nameEnd: Int, _ valueStart: Int) {
    let name = text.extracting(0..<nameEnd)
    let hash = AttributeIndex.hash(name)
    if hash == AccesslogRecordReader.structuralClass || hash == AccesslogRecordReader.objectClass {
      AccesslogRecordReader.copy(text.extracting(valueStart..<text.count), to: &record.objectClass)
    } else if hash == AccesslogRecordReader.entryID, record.objectID == nil {
      record.objectID = UniqueID(utf8: text.extracting(valueStart..<text.count))
    }
  }

  private static let structuralClass = hash("structuralobjectclass")
  private static let objectClass = hash("objectclass")
  private static let entryID = hash("entryuuid")

  private static func hash(_ name: String) -> UInt64 {
    let bytes = Array(name.utf8)
    return AttributeIndex.hash(bytes.span)
  }
}
