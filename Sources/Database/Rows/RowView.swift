public import Base

/// One row of a ``RowBlock``, lent: its fields are found once and then read at any order, without copies.
///
/// The accessors trust the column's kind: asking an integer column for a text gives its raw bytes.
public struct RowView: ~Escapable {
  private let tuple: RawSpan
  private var starts = InlineArray<24, Int32>(repeating: 0)
  private var lengths = InlineArray<24, Int32>(repeating: -1)
  public let count: Int

  @_lifetime(copy tuple)
  init(_ tuple: RawSpan) {
    self.tuple = tuple
    count = Int(RowView.word(tuple, 0, as: UInt16.self))
    invariant(count <= RowBlock.maximumColumns, "a tuple of \(count) fields")
    var offset = 2
    for index in 0..<count {
      let length = Int32(bitPattern: RowView.word(tuple, offset, as: UInt32.self))
      offset += 4
      starts[index] = Int32(offset)
      lengths[index] = length
      if length > 0 { offset += Int(length) }
    }
    invariant(offset == tuple.byteCount, "a tuple of \(tuple.byteCount) bytes that ends at \(offset)")
  }

  public func isNull(_ index: Int) -> Bool { lengths[index] < 0 }

  /// The bytes of a field; empty for null.
  @_lifetime(copy self)
  public func field(_ index: Int) -> RawSpan {
    let start = Int(starts[index])
    return tuple.extracting(start..<(start + max(0, Int(lengths[index]))))
  }

  /// The bytes of a text or bytes field; empty for null.
  @_lifetime(copy self)
  public func text(_ index: Int) -> Span<UInt8> {
    Span<UInt8>(_bytes: field(index))
  }

  /// The text of a field with invalid UTF-8 replaced; nil for null. Allocates: not for loops over many rows.
  public func string(_ index: Int) -> String? {
    if isNull(index) { return nil }
    let bytes = field(index)
    return unsafe bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// An integer column of any width; nil for null.
  public func integer(_ index: Int) -> Int64? {
    let start = Int(starts[index])
    return switch lengths[index] {
    case -1: nil
    case 2: Int64(Int16(bitPattern: RowView.word(tuple, start, as: UInt16.self)))
    case 4: Int64(Int32(bitPattern: RowView.word(tuple, start, as: UInt32.self)))
    case 8: Int64(bitPattern: RowView.word(tuple, start, as: UInt64.self))
    case 1: Int64(unsafe tuple.unsafeLoad(fromByteOffset: start, as: UInt8.self))
    default: nil
    }
  }

  public func boolean(_ index: Int) -> Bool? { integer(index).map { $0 != 0 } }

  public func uuid(_ index: Int) -> UniqueID? {
    guard lengths[index] == 16 else { return nil }
    let start = Int(starts[index])
    return UniqueID(
      high: RowView.word(tuple, start, as: UInt64.self), low: RowView.word(tuple, start + 8, as: UInt64.self))
  }

  /// The ends of ``Timestamp`` stand for PostgreSQL's infinities, and for times after the year 294246.
  public func timestamp(_ index: Int) -> Timestamp? {
    integer(index).map { Timestamp(microseconds: unixTime(postgres: $0) ?? .max) }
  }

  private static func word<Word: FixedWidthInteger & BitwiseCopyable>(
    _ tuple: RawSpan, _ offset: Int, as type: Word.Type
  ) -> Word {
    Word(bigEndian: unsafe tuple.unsafeLoadUnaligned(fromByteOffset: offset, as: type))
  }
}
