/// An entry of a directory: its name and its attribute values, in the order in which they came.
///
/// All bytes lie in one piece of memory that readers use again for the next entry; keep one with ``copy()``.
public struct DirectoryEntry: ~Copyable, Sendable {
  private struct Value {
    var name: Range<Int>
    var value: Range<Int>
  }

  private var storage: [UInt8]
  private var nameEnd: Int
  private var values: [Value]

  init() {
    storage = []
    nameEnd = 0
    values = []
  }

  // MARK: Reading

  /// The distinguished name as it was written; empty for the root of a server.
  public var name: String { String(decoding: storage[..<nameEnd], as: UTF8.self) }

  /// How many values there are, over all attributes.
  public var count: Int { values.count }

  /// The bytes that the entry takes.
  public var byteCount: Int { storage.count }

  /// The attribute description of a value, with its options: `cn;lang-fr`.
  @_lifetime(borrow self)
  public func attribute(_ index: Int) -> Span<UInt8> { storage.span.extracting(values[index].name) }

  /// The bytes of a value.
  @_lifetime(borrow self)
  public func value(_ index: Int) -> Span<UInt8> { storage.span.extracting(values[index].value) }

  /// Whether a value belongs to this attribute, options included; upper and lower case are the same.
  public func isValue(_ index: Int, of attribute: String) -> Bool {
    let range = values[index].name
    var attribute = attribute
    return attribute.withUTF8 { wanted in
      guard wanted.count == range.count else { return false }
      for offset in 0..<wanted.count
      where lowered(unsafe wanted[offset]) != lowered(storage[range.lowerBound + offset]) {
        return false
      }
      return true
    }
  }

  /// The first value of an attribute at or behind a position.
  public func index(of attribute: String, from start: Int = 0) -> Int? {
    var index = start
    while index < values.count {
      if isValue(index, of: attribute) { return index }
      index += 1
    }
    return nil
  }

  /// The first value of an attribute as text, with invalid UTF-8 replaced.
  public func string(_ attribute: String) -> String? {
    index(of: attribute).map { String(decoding: storage[values[$0].value], as: UTF8.self) }
  }

  /// All values of an attribute as text, with invalid UTF-8 replaced.
  public func strings(_ attribute: String) -> [String] {
    values.indices.filter { isValue($0, of: attribute) }
      .map { String(decoding: storage[values[$0].value], as: UTF8.self) }
  }

  /// All values of an attribute.
  public func bytes(_ attribute: String) -> [[UInt8]] {
    values.indices.filter { isValue($0, of: attribute) }.map { Array(storage[values[$0].value]) }
  }

  public func copy() -> DirectoryEntry {
    var copy = DirectoryEntry()
    copy.storage = storage
    copy.nameEnd = nameEnd
    copy.values = values
    return copy
  }

  // MARK: Writing

  /// Forgets everything, keeps the memory, and takes the next entry's name.
  mutating func begin(name: Span<UInt8>) {
    storage.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    append(name)
    nameEnd = storage.count
  }

  mutating func append(attribute: Span<UInt8>, value: Span<UInt8>) {
    let start = storage.count
    append(attribute)
    let middle = storage.count
    append(value)
    values.append(Value(name: start..<middle, value: middle..<storage.count))
  }

  private mutating func append(_ bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe storage.append(contentsOf: $0) }
  }
}

/// An ASCII letter in lower case; other bytes as they are.
@inline(__always)
func lowered(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 0x20 : byte }
