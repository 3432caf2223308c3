internal import Base

/// One record of a log as 8.2 will tell it, before it has a row: made by the reader of one kind of log, kept in a
/// capture, and written by one transform for all kinds.
///
/// Filled again for each record, so that a record costs no memory. Secrets never come in here.
struct CapturedRecord: ~Copyable {
  /// The record's key in its source: a time-ordered UUID; see docs/sources.md, "Keys".
  var key = UniqueID(high: 0, low: 0)
  /// The line on which the record begins, from 1, over all files of the source.
  var place: Int64 = 0
  var at = Timestamp(microseconds: 0)
  var completed: Timestamp?
  /// Minutes east of UTC at which the log wrote its times.
  var offsetMinutes = 0
  var operation = Operation.modify
  var state = RequestState.completed
  var objectID: UniqueID?
  var objectName = [UInt8]()
  var objectClass = [UInt8]()
  var initiator = [UInt8]()
  var account = [UInt8]()
  var host = [UInt8]()
  /// What ties records together that took effect or not as one; empty where the log has no such thing.
  var transaction = [UInt8]()
  /// Why the record cannot be carried; nil for a good one. Holds no value.
  var fault: String?
  /// Changed properties and sections, packed: see ``RecordItems``.
  private(set) var items = [UInt8]()
  private(set) var itemCount = 0

  /// Forgets the record at hand.
  mutating func begin(place: Int64) {
    self.place = place
    completed = nil
    offsetMinutes = 0
    operation = .modify
    state = .completed
    objectID = nil
    fault = nil
    objectName.removeAll(keepingCapacity: true)
    objectClass.removeAll(keepingCapacity: true)
    initiator.removeAll(keepingCapacity: true)
    account.removeAll(keepingCapacity: true)
    host.removeAll(keepingCapacity: true)
    transaction.removeAll(keepingCapacity: true)
    items.removeAll(keepingCapacity: true)
    itemCount = 0
  }

  /// Drops what a record that cannot be carried would have said: nobody may find values of it.
  mutating func fail(_ fault: String) {
    let (key, place, at) = (self.key, self.place, self.at)
    begin(place: place)
    self.key = key
    self.at = at
    self.fault = fault
  }

  // MARK: Items: a kind, then three fields.

  mutating func begin(_ kind: RecordItems.Kind) {
    items.append(kind.rawValue)
    itemCount += 1
  }

  mutating func append(_ field: Span<UInt8>) {
    appendLength(UInt32(field.count))
    unsafe field.withUnsafeBufferPointer { unsafe items.append(contentsOf: $0) }
  }

  mutating func append(_ field: String) {
    appendLength(UInt32(field.utf8.count))
    items.append(contentsOf: field.utf8)
  }

  mutating func appendAbsent() { appendLength(.max) }

  private mutating func appendLength(_ length: UInt32) {
    items.append(UInt8(truncatingIfNeeded: length))
    items.append(UInt8(truncatingIfNeeded: length >> 8))
    items.append(UInt8(truncatingIfNeeded: length >> 16))
    items.append(UInt8(truncatingIfNeeded: length >> 24))
  }

  /// A section that tells where the record comes from or how it ended.
  mutating func addSection(_ name: String, outcome: String? = nil, message: String? = nil) {
    begin(.section)
    append(name)
    if let outcome { append(outcome) } else { appendAbsent() }
    if let message { append(message) } else { appendAbsent() }
  }
}
