public import Base

/// Rows in one piece of memory: the only form in which rows cross the faces of this module.
///
/// A row is a tuple of PostgreSQL's binary COPY format (documentation of COPY, "Tuples"): a 16-bit field count,
/// then for each field a 32-bit length (−1 for null) and that many bytes; all integers big-endian. A block can
/// hence be copied into PostgreSQL, bound to SQLite, and digested without being encoded again.
///
/// A block owns its memory, grows by doubling, and keeps it over ``removeAll()``. At most ``maximumColumns``
/// columns.
@safe
public struct RowBlock: ~Copyable, @unchecked Sendable {
  // SAFETY: Sendable because the storage is owned by exactly one block and nothing else points to it.

  public static let maximumColumns = 24

  public let kinds: [ColumnKind]
  /// How many rows are complete.
  public private(set) var count = 0
  /// How many bytes the complete rows take.
  public var byteCount: Int { count == 0 ? 0 : unsafe ends[count - 1] }

  private var storage: UnsafeMutableRawPointer
  private var capacity: Int
  private var used = 0
  private var ends: UnsafeMutablePointer<Int>
  private var endsCapacity: Int
  private var fieldsWritten = 0

  public init(kinds: [ColumnKind], capacity: Int = 1 << 14) {
    invariant(kinds.count <= RowBlock.maximumColumns, "a row block of \(kinds.count) columns")
    self.kinds = kinds
    self.capacity = max(64, capacity)
    unsafe storage = .allocate(byteCount: self.capacity, alignment: 8)
    endsCapacity = 256
    unsafe ends = .allocate(capacity: endsCapacity)
  }

  deinit {
    unsafe storage.deallocate()
    unsafe ends.deallocate()
  }

  /// Forgets all rows and keeps the memory.
  public mutating func removeAll() {
    count = 0
    used = 0
  }

  // MARK: Reading

  /// One row, with its fields found.
  public subscript(row: Int) -> RowView {
    @_lifetime(borrow self)
    get { RowView(bytes(of: row)) }
  }

  /// One row as it stands, field count included.
  @_lifetime(borrow self)
  public func bytes(of row: Int) -> RawSpan {
    invariant(row >= 0 && row < count, "row \(row) of \(count)")
    let start = row == 0 ? 0 : unsafe ends[row - 1]
    let length = unsafe ends[row] - start
    let span = unsafe RawSpan(_unsafeStart: storage + start, byteCount: length)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  /// Several whole rows as they stand, one behind the other.
  @_lifetime(borrow self)
  public func bytes(of rows: Range<Int>) -> RawSpan {
    invariant(rows.lowerBound >= 0 && rows.upperBound <= count, "rows \(rows) of \(count)")
    let start = rows.lowerBound == 0 ? 0 : unsafe ends[rows.lowerBound - 1]
    let end = rows.upperBound == 0 ? 0 : unsafe ends[rows.upperBound - 1]
    let span = unsafe RawSpan(_unsafeStart: storage + start, byteCount: end - start)
    return unsafe _overrideLifetime(span, borrowing: self)
  }

  // MARK: Writing

  /// Begins a row; its fields follow by `append`, in order, and ``endRow()`` completes it.
  public mutating func beginRow() {
    used = byteCount
    fieldsWritten = 0
    reserve(2)
    unsafe storage.storeBytes(of: UInt16(kinds.count).bigEndian, toByteOffset: used, as: UInt16.self)
    used += 2
  }

  /// Completes the row. Every column must have been given.
  public mutating func endRow() {
    invariant(fieldsWritten == kinds.count, "a row of \(fieldsWritten) fields for \(kinds.count) columns")
    closeRow()
  }

  /// Drops the row that was begun and not ended.
  public mutating func discardRow() { used = byteCount }

  /// Drops the rows from the given one on.
  public mutating func truncate(to rows: Int) {
    invariant(rows <= count, "truncating \(count) rows to \(rows)")
    count = rows
    used = byteCount
  }

  public mutating func appendNull() {
    reserve(4)
    put(UInt32.max)
    fieldsWritten += 1
  }

  public mutating func append(_ value: Bool) {
    reserve(5)
    put(UInt32(1))
    put(UInt8(value ? 1 : 0))
    fieldsWritten += 1
  }

  /// Writes an integer in the width of its column. A value that does not fit its column is a broken invariant:
  /// readers check before.
  public mutating func append(_ value: Int64) {
    reserve(12)
    switch kinds[fieldsWritten] {
    case .small:
      put(UInt32(2))
      put(UInt16(bitPattern: Int16(value)))
    case .medium:
      put(UInt32(4))
      put(UInt32(bitPattern: Int32(value)))
    default:
      put(UInt32(8))
      put(UInt64(bitPattern: value))
    }
    fieldsWritten += 1
  }

  public mutating func append(_ value: UniqueID) {
    reserve(20)
    put(UInt32(16))
    put(value.high)
    put(value.low)
    fieldsWritten += 1
  }

  /// Writes a time. One before the year −290308 is a broken invariant, but for the end of the range.
  public mutating func append(_ value: Timestamp) {
    guard let time = postgresTime(unix: value.microseconds) else {
      fatalError("broken invariant: a time before the year -290308")
    }
    reserve(12)
    put(UInt32(8))
    put(UInt64(bitPattern: time))
    fieldsWritten += 1
  }

  /// Writes a text or bytes field.
  public mutating func append(_ value: Span<UInt8>) { append(unsafe value.bytes) }

  /// Writes a field in its kind's binary form, of its kind's width.
  public mutating func append(_ value: RawSpan) {
    reserve(4 + value.byteCount)
    put(UInt32(value.byteCount))
    unsafe value.withUnsafeBytes { source in
      if let base = source.baseAddress {
        unsafe (storage + used).copyMemory(from: base, byteCount: source.count)
      }
    }
    used += value.byteCount
    fieldsWritten += 1
  }

  public mutating func append(_ value: String) {
    var value = value
    value.withUTF8 { utf8 in
      append(unsafe Span(_unsafeElements: utf8).bytes)
    }
  }

  /// Writes a field as it stands in another row of the same encoding; null stays null.
  public mutating func append(field index: Int, of row: borrowing RowView) {
    if row.isNull(index) { appendNull() } else { append(row.field(index)) }
  }

  /// Adds a whole tuple in the block's own format, as a binary COPY delivers it.
  public mutating func appendTuple(_ tuple: RawSpan) {
    used = byteCount
    reserve(tuple.byteCount)
    unsafe tuple.withUnsafeBytes { source in
      if let base = source.baseAddress {
        unsafe (storage + used).copyMemory(from: base, byteCount: source.count)
      }
    }
    used += tuple.byteCount
    closeRow()
  }

  /// Adds a tuple that came from outside; false where its form is not that of the block's kinds.
  mutating func appendTuple(checking tuple: RawSpan) -> Bool {
    guard tuple.byteCount >= 2,
      UInt16(bigEndian: unsafe tuple.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt16.self)) == UInt16(kinds.count)
    else { return false }
    var offset = 2
    for kind in kinds {
      guard offset + 4 <= tuple.byteCount else { return false }
      let length = Int32(bigEndian: unsafe tuple.unsafeLoadUnaligned(fromByteOffset: offset, as: Int32.self))
      offset += 4
      if length == -1 { continue }
      guard length >= 0, kind.width == 0 || Int(length) == kind.width else { return false }
      offset += Int(length)
    }
    guard offset == tuple.byteCount else { return false }
    appendTuple(tuple)
    return true
  }

  private mutating func closeRow() {
    if count == endsCapacity {
      let larger = UnsafeMutablePointer<Int>.allocate(capacity: endsCapacity * 2)
      unsafe larger.update(from: ends, count: count)
      unsafe ends.deallocate()
      unsafe ends = larger
      endsCapacity *= 2
    }
    unsafe ends[count] = used
    count += 1
  }

  private mutating func reserve(_ more: Int) {
    let needed = used + more
    if needed <= capacity { return }
    var larger = capacity * 2
    while larger < needed { larger *= 2 }
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 8)
    unsafe moved.copyMemory(from: storage, byteCount: used)
    unsafe storage.deallocate()
    unsafe storage = moved
    capacity = larger
  }

  private mutating func put<Word: FixedWidthInteger & BitwiseCopyable>(_ word: Word) {
    unsafe storage.storeBytes(of: word.bigEndian, toByteOffset: used, as: Word.self)
    used += MemoryLayout<Word>.size
  }
}
