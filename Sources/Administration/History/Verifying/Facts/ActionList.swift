/// Writes the actions of a deprovisioning task, which older releases hold as items of a packed text and newer ones
/// as lines.
///
/// No action at all and a single empty one look the same as lines, so they are the same fact.
struct ActionList {
  private var count = 0
  private var beginsEmpty = false

  mutating func add(_ action: borrowing PackedField, to facts: inout FactWriter) -> Bool {
    if count == 0, action.bytes.isEmpty {
      beginsEmpty = true
      count = 1
      return true
    }
    if count == 1, beginsEmpty { facts.put(text: RawSpan()) }
    count += 1
    facts.beginText()
    let isGood = facts.appendUnescaped(action)
    facts.endText()
    return isGood
  }

  consuming func end(_ facts: inout FactWriter) { facts.putAbsent() }

  /// Writes the lines of an `actions` column. A backslash before anything that is not escaped stands for itself.
  static func put(lines: RawSpan, to facts: inout FactWriter) {
    var list = ActionList()
    var start = 0
    while start <= lines.byteCount {
      let end = lines.place(of: UInt8(ascii: "\n"), from: start, to: lines.byteCount) ?? lines.byteCount
      _ = list.add(PackedField(lines.extracting(start..<end)), to: &facts)
      start = end + 1
    }
    list.end(&facts)
  }
}
