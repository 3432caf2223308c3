/// The changes of one request as the verifier understands them (docs/sources.md, "Changed properties").
struct LogChanges {
  /// What is done with values of one attribute.
  struct Change: Equatable {
    var name: [UInt8]
    /// `+` gives values, `-` takes them, `=` puts them in place of all, `#` counts up.
    var act: UInt8
    var values: [[UInt8]] = []
    /// Values that the log hides.
    var hidden = 0
  }

  var changes: [Change] = []
  var old: [(name: [UInt8], value: [UInt8])] = []
  private var startsAnew = true

  /// The next change is not part of the one before.
  mutating func part() { startsAnew = true }

  mutating func add(_ name: [UInt8], _ act: UInt8, _ value: [UInt8]?) {
    if startsAnew || changes.last?.name != name || changes.last?.act != act {
      changes.append(Change(name: name, act: act))
    }
    startsAnew = false
    if let value { changes[changes.count - 1].values.append(value) }
  }

  mutating func hide() { changes[changes.count - 1].hidden += 1 }

  private var own: [Change] { changes.filter { !LogValues.traits($0.name).contains(.bookkeeping) } }

  /// The request's operation, if it modifies an object.
  var operation: String {
    let own = own
    let traits = own.map { LogValues.traits($0.name) }
    let touchesPassword = traits.contains { $0.contains(.password) }
    let touchesElse = traits.contains { $0.intersection([.password, .passwordCompanion]).isEmpty }
    if touchesPassword, !touchesElse { return "reset-password" }
    let names = Set(own.map(\.name))
    let acts = Set(own.map(\.act))
    if names.count == 1, acts.count == 1, traits[0].contains(.membership) {
      if acts == [UInt8(ascii: "+")] { return "add-member" }
      if acts == [UInt8(ascii: "-")] { return "remove-member" }
    }
    if own.count == 2, own.allSatisfy({ LogValues.plainName($0.name) == "useraccountcontrol" }),
      own.map(\.act) == [UInt8(ascii: "-"), UInt8(ascii: "+")], own.allSatisfy({ $0.values.count == 1 }),
      let before = number(own[0].values[0]), let after = number(own[1].values[0]),
      before & 2 != after & 2
    {
      return after & 2 == 0 ? "enable" : "disable"
    }
    return "modify"
  }

  private func number(_ text: [UInt8]) -> Int64? { Int64(String(decoding: text, as: UTF8.self)) }

  /// The rows of `property_change`.
  var properties: [LogRecord.Property] {
    var rows: [LogRecord.Property] = []
    var index = 0
    while index < changes.count {
      let change = changes[index]
      let next = index + 1 < changes.count ? changes[index + 1] : nil
      index += 1
      if LogValues.traits(change.name).contains(.bookkeeping) { continue }
      func add(_ old: [UInt8]?, _ new: [UInt8]?) {
        rows.append(LogChanges.row(change.name, old, new))
      }
      let before = old.filter { $0.name == change.name }.map(\.value)
      switch change.act {
      case UInt8(ascii: "+"):
        for value in change.values { add(nil, value) }
        for _ in 0..<change.hidden { add(nil, LogChanges.mask) }
      case UInt8(ascii: "-"):
        if change.values.count == 1, change.hidden == 0, let next, next.name == change.name,
          next.act == UInt8(ascii: "+"), next.values.count == 1, next.hidden == 0
        {
          add(change.values[0], next.values[0])
          index += 1
        } else if change.values.isEmpty, change.hidden == 0 {
          for value in before { add(value, nil) }
          if before.isEmpty { add(nil, nil) }
        } else {
          for value in change.values { add(value, nil) }
          for _ in 0..<change.hidden { add(LogChanges.mask, nil) }
        }
      case UInt8(ascii: "="):
        if before.isEmpty, change.values.isEmpty, change.hidden == 0 { add(nil, nil) }
        let gone = before.filter { !change.values.contains($0) || change.values.isEmpty }
        let come = change.values.filter { !before.contains($0) }
        for place in 0..<max(gone.count, come.count) {
          add(place < gone.count ? gone[place] : nil, place < come.count ? come[place] : nil)
        }
        for _ in 0..<change.hidden { add(nil, LogChanges.mask) }
      default:
        for step in change.values {
          guard before.count == 1, change.values.count == 1 else {
            add(nil, Array("+".utf8) + step)
            continue
          }
          var result = Array("+".utf8) + step
          if let start = number(before[0]), let by = number(step), !start.addingReportingOverflow(by).overflow {
            result = Array(String(start + by).utf8)
          }
          add(before[0], result)
        }
      }
    }
    return rows
  }

  static let mask = Array(AttributeTable.mask.utf8)

  /// A row, its values hidden where they are secrets.
  static func row(_ name: [UInt8], _ old: [UInt8]?, _ new: [UInt8]?) -> LogRecord.Property {
    let isSecret = LogValues.traits(name).contains(.secret)
    return LogRecord.Property(
      name: name, old: isSecret ? old.map { _ in mask } : old, new: isSecret ? new.map { _ in mask } : new)
  }
}
