internal import Base
internal import Database
internal import Transfer

/// What the readers of divided tables share: facts, and texts that may stand in their readable form.
struct DividedFacts: ~Copyable {
  let side: DividedSide
  var facts: FactWriter
  /// Set when a text of the row at hand is not what a destination may hold.
  private(set) var hasUnreadableText = false

  init(_ side: DividedSide, _ facts: consuming FactWriter) {
    self.side = side
    self.facts = facts
  }

  /// Writes a text as the source has it: the original bytes where they were kept.
  mutating func put(
    _ row: borrowing RowView, _ column: Int, _ field: StaticString, _ ordinal: Int64 = 0,
    _ originals: inout Originals
  ) {
    if row.isNull(column) {
      facts.putAbsent()
      return
    }
    let text = row.field(column)
    if !originals.isEmpty, let original = originals.take(field, ordinal, readableForm: text) {
      facts.put(text: unsafe original.span.bytes)
    } else {
      facts.put(text: text)
    }
    if side.isDestination, !Readability.isReadable(text) { hasUnreadableText = true }
  }

  /// Writes the actions of a deprovisioning task.
  mutating func putActions(_ row: borrowing RowView, _ column: Int, _ originals: inout Originals) {
    let text = row.field(column)
    if !originals.isEmpty, let original = originals.take("actions", 0, readableForm: text) {
      ActionList.put(lines: unsafe original.span.bytes, to: &facts)
    } else {
      ActionList.put(lines: text, to: &facts)
    }
    if side.isDestination, !Readability.isReadable(text) { hasUnreadableText = true }
  }

  /// Writes what is wrong with a row. On the side of a source nothing is wrong but what cannot be read.
  mutating func add(_ damage: Damage, at key: Key, ordinal: Int64 = 0) {
    facts.begin(side.isDestination ? .damage : .unreadable, of: key, ordinal: ordinal)
    if side.isDestination { facts.put(damage.rawValue) }
    facts.end(at: key)
  }

  /// Reports unreadable texts since the last call.
  mutating func addUnreadableText(at key: Key, ordinal: Int64 = 0) {
    guard hasUnreadableText else { return }
    hasUnreadableText = false
    add(.text, at: key, ordinal: ordinal)
  }
}
