internal import Base
internal import Cryptography
internal import Transfer

/// Writes facts, one after another, into one piece of memory and adds their digests to the sums of a side.
///
/// A fact is a kind, mostly the key of the source row that it speaks of, and values of a form that depends on the
/// kind alone. Texts carry their length and an absent one is no empty one, so that no two facts have the same bytes.
/// The bytes never leave the process: both sides of a comparison are made by the same program.
@safe
struct FactWriter: ~Copyable {
  // SAFETY: the storage is owned by exactly one writer, and `reserve` stands before each store.
  private var storage: UnsafeMutableRawPointer
  private var capacity = 4096
  private var used = 0
  private var hasher = SHA256Hasher()
  private var label = FactLabel(.request, 0)
  private(set) var sums: RangeSums
  /// Told of every fact, where a person wants to know which ones differ.
  private let trace: FactTrace?

  init(_ sums: RangeSums, trace: FactTrace? = nil) {
    self.sums = sums
    self.trace = trace
    unsafe storage = .allocate(byteCount: capacity, alignment: 8)
  }

  deinit { unsafe storage.deallocate() }

  /// Begins a fact. What was begun before and not ended is forgotten.
  mutating func begin(_ kind: FactKind, ordinal: Int64 = 0) {
    used = 0
    label = FactLabel(kind, ordinal)
    put(kind.rawValue)
  }

  /// Begins a fact of the source row with the given key.
  mutating func begin(_ kind: FactKind, of key: Key, ordinal: Int64 = 0) {
    begin(kind, ordinal: ordinal)
    put(key)
  }

  /// Completes the fact and counts it to the range of the given key.
  mutating func end(at key: Key) {
    let digest = unsafe hasher.digest(of: RawSpan(_unsafeStart: storage, byteCount: used))
    sums.add(digest, key: key)
    if let trace { trace.add(digest, label, key) }
  }

  mutating func put(_ byte: UInt8) {
    reserve(1)
    store(byte)
  }

  mutating func put(_ flag: Bool) { put(flag ? UInt8(1) : 0) }

  mutating func put(_ value: Int64) {
    reserve(8)
    store(value)
  }

  mutating func put(_ id: UniqueID) {
    reserve(16)
    store(id.high)
    store(id.low)
  }

  mutating func put(_ key: Key) {
    reserve(17)
    switch key {
    case .integer(let value):
      store(UInt8(1))
      store(value)
    case .uuid(let id):
      store(UInt8(2))
      store(id.high)
      store(id.low)
    }
  }

  /// A value that is not there.
  mutating func putAbsent() { put(UInt8(0)) }

  mutating func put(text: RawSpan) {
    beginText()
    append(text)
    endText()
  }

  // MARK: A text in parts

  private var textStart = 0

  /// Begins a text whose bytes follow by ``append(_:)-(RawSpan)``.
  mutating func beginText() {
    reserve(9)
    store(UInt8(1))
    textStart = used
    store(Int64(0))
  }

  mutating func append(_ part: RawSpan) {
    reserve(part.byteCount)
    unsafe part.withUnsafeBytes { source in
      if let base = source.baseAddress { unsafe (storage + used).copyMemory(from: base, byteCount: source.count) }
    }
    used += part.byteCount
  }

  mutating func append(_ byte: UInt8) { put(byte) }

  mutating func endText() {
    let length = Int64(used - textStart - 8)
    unsafe storage.storeBytes(of: length, toByteOffset: textStart, as: Int64.self)
  }

  /// Writes behind the last byte, where room was reserved.
  private mutating func store<Word: FixedWidthInteger & BitwiseCopyable>(_ word: Word) {
    unsafe storage.storeBytes(of: word, toByteOffset: used, as: Word.self)
    used += MemoryLayout<Word>.size
  }

  private mutating func reserve(_ more: Int) {
    if used + more > capacity { grow(used + more) }
  }

  private mutating func grow(_ needed: Int) {
    var larger = capacity * 2
    while larger < needed { larger *= 2 }
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
    unsafe moved.copyMemory(from: storage, byteCount: used)
    unsafe storage.deallocate()
    unsafe storage = moved
    capacity = larger
  }
}
