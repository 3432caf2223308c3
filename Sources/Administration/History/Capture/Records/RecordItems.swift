/// Changed properties and sections of one record, one behind the other.
///
/// An item is a kind, then three fields, each a length of four bytes, lowest first, and that many bytes; the length
/// 2³² − 1 stands for a field that is not there. A property's fields are name, old and new value; a section's are
/// name, outcome and message.
struct RecordItems: ~Escapable {
  enum Kind: UInt8 {
    case property = 1
    case section = 2
  }

  private let bytes: Span<UInt8>
  private var position = 0
  private(set) var kind = Kind.property
  private var starts = InlineArray<3, Int>(repeating: 0)
  private var ends = InlineArray<3, Int>(repeating: -1)

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  /// Goes on to the next item.
  ///
  /// - Returns: false behind the last one; also for bytes that are no items, since nobody but this program wrote them.
  @_lifetime(self: copy self)
  mutating func next() -> Bool {
    guard position < bytes.count, let kind = Kind(rawValue: bytes[position]) else { return false }
    self.kind = kind
    position += 1
    for field in 0..<3 {
      guard position + 4 <= bytes.count else { return false }
      let length =
        UInt32(bytes[position]) | UInt32(bytes[position + 1]) << 8 | UInt32(bytes[position + 2]) << 16
        | UInt32(bytes[position + 3]) << 24
      position += 4
      starts[field] = position
      if length == .max {
        ends[field] = -1
        continue
      }
      guard position + Int(length) <= bytes.count else { return false }
      position += Int(length)
      ends[field] = position
    }
    return true
  }

  func isAbsent(_ field: Int) -> Bool { ends[field] < 0 }

  /// The bytes of a field; empty for one that is not there.
  @_lifetime(copy self)
  func field(_ field: Int) -> Span<UInt8> { bytes.extracting(starts[field]..<max(starts[field], ends[field])) }
}
