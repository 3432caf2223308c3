internal import Base

/// What a log was found to hold, and what of it is not carried: every record is in a history or counted here.
struct CaptureTally: Sendable, Codable, Equatable {
  /// Records that are carried, by kind: `add`, `groupChange Added`.
  var records: [String: Int] = [:]
  /// Rows that become of them.
  var rows = 0
  /// What is left out because it changes nothing: reads, logins, transactions, lines of other programs.
  var leftOut: [String: Int] = [:]
  /// Records that cannot be carried; they go to the reject file.
  var damaged = 0
  /// The line of the first of them.
  var firstDamage: Int64?
  /// Records that the input holds more than once.
  var repeated = 0
  /// Secret values that were replaced.
  var maskedValues = 0
  /// Values of attributes that the directory keeps for itself.
  var bookkeepingValues = 0
  /// Values that a replacement left as they were.
  var unchangedValues = 0
  /// Values of other parts of records that 8.2 has no place for, by attribute: `reqControls`.
  var otherValues: [String: Int] = [:]
  /// Successful changes of what was there before, with and without a word of what that was.
  var changesWithOldValues = 0
  var changesWithoutOldValues = 0
  /// Records that a transaction took back.
  var rolledBack = 0
  /// Whether the input ends within a line.
  var endsWithinLine = false
  var first: Timestamp?
  var last: Timestamp?
  /// The key of the first record: of several of one moment, the lowest.
  var firstKey: UniqueID?
  /// Likewise of the last one, the highest.
  var lastKey: UniqueID?
  /// A record that is looked for, and whether it was there.
  var wanted: UniqueID?
  var holdsWanted = false

  var carried: Int { records.values.reduce(0, +) }
  var leftOutCount: Int { leftOut.values.reduce(0, +) }

  /// Counts a record that is carried.
  mutating func count(_ record: borrowing CapturedRecord, as kind: String) {
    if record.fault != nil {
      damaged += 1
      if firstDamage == nil { firstDamage = record.place }
      return
    }
    records[kind, default: 0] += 1
    rows += 1 + record.itemCount
    if let first, let key = firstKey {
      if (record.at, record.key) < (first, key) { (self.first, firstKey) = (record.at, record.key) }
    } else {
      (first, firstKey) = (record.at, record.key)
    }
    if let last, let key = lastKey {
      if (record.at, record.key) > (last, key) { (self.last, lastKey) = (record.at, record.key) }
    } else {
      (last, lastKey) = (record.at, record.key)
    }
    if record.key == wanted { holdsWanted = true }
  }

  /// What is not carried, in one line for a person; nil where everything is.
  var summary: String? {
    var parts: [String] = []
    func add(_ count: Int, _ what: String) { if count > 0 { parts.append("\(what): \(Human.count(count))") } }
    add(leftOutCount, "entries that change nothing (\(leftOut.keys.sorted().joined(separator: ", ")))")
    add(damaged, "damaged records")
    add(repeated, "repeated records")
    add(bookkeepingValues, "values of the directory's own attributes")
    add(unchangedValues, "values that were replaced by themselves")
    add(otherValues.values.reduce(0, +), "values of \(otherValues.keys.sorted().joined(separator: ", "))")
    add(maskedValues, "secret values, masked")
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
