internal import Base
internal import CODBC

/// Turns a value as a driver hands it over into a field of a block.
struct ODBCConversion {
  /// Used again for every text.
  private var utf8: [UInt8] = []

  /// Appends a value that is not null; false where it is none of the column's kind, and nothing was appended.
  mutating func append(_ value: RawSpan, _ column: ODBCColumn, to block: inout RowBlock) -> Bool {
    switch column.form {
    case .bytes:
      // A text, bytes, or a time in the block's own form.
      guard column.kind.width == 0 || value.byteCount == column.kind.width else { return false }
      block.append(value)
    case .wide: appendWide(value, to: &block)
    case .integer:
      guard value.byteCount == 8 else { return false }
      return append(unsafe value.unsafeLoadUnaligned(fromByteOffset: 0, as: Int64.self), column.kind, to: &block)
    case .bit:
      guard value.byteCount == 1 else { return false }
      block.append(unsafe value.unsafeLoad(fromByteOffset: 0, as: UInt8.self) != 0)
    case .characters: return append(characters: Span<UInt8>(_bytes: value), column.kind, to: &block)
    }
    return true
  }

  private func append(_ value: Int64, _ kind: ColumnKind, to block: inout RowBlock) -> Bool {
    switch kind {
    case .small where Int64(Int16(truncatingIfNeeded: value)) != value: return false
    case .medium where Int64(Int32(truncatingIfNeeded: value)) != value: return false
    default:
      block.append(value)
      return true
    }
  }

  /// UTF-16 becomes UTF-8. A surrogate without its partner becomes three bytes that are no UTF-8: the block carries
  /// what the source held, and who reads texts finds out.
  private mutating func appendWide(_ value: RawSpan, to block: inout RowBlock) {
    utf8.removeAll(keepingCapacity: true)
    let count = value.byteCount / 2
    var index = 0
    while index < count {
      let unit = UInt32(unsafe value.unsafeLoadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
      index += 1
      if unit < 0x80 {
        utf8.append(UInt8(unit))
      } else if unit < 0x800 {
        utf8.append(UInt8(0xC0 | unit >> 6))
        utf8.append(UInt8(0x80 | unit & 0x3F))
      } else if unit & 0xFC00 == 0xD800, index < count,
        case let next = UInt32(unsafe value.unsafeLoadUnaligned(fromByteOffset: index * 2, as: UInt16.self)),
        next & 0xFC00 == 0xDC00
      {
        index += 1
        let scalar = 0x10000 + ((unit & 0x3FF) << 10 | next & 0x3FF)
        utf8.append(UInt8(0xF0 | scalar >> 18))
        utf8.append(UInt8(0x80 | scalar >> 12 & 0x3F))
        utf8.append(UInt8(0x80 | scalar >> 6 & 0x3F))
        utf8.append(UInt8(0x80 | scalar & 0x3F))
      } else {
        utf8.append(UInt8(0xE0 | unit >> 12))
        utf8.append(UInt8(0x80 | unit >> 6 & 0x3F))
        utf8.append(UInt8(0x80 | unit & 0x3F))
      }
    }
    block.append(utf8.span)
  }

  private func append(characters text: Span<UInt8>, _ kind: ColumnKind, to block: inout RowBlock) -> Bool {
    switch kind {
    case .boolean:
      guard let value = ODBCConversion.boolean(text) else { return false }
      block.append(value)
    case .uuid:
      guard let id = UniqueID(utf8: text) else { return false }
      block.append(id)
    case .timestamp:
      guard let time = ODBCConversion.time(text) else { return false }
      block.append(time)
    default:
      guard let value = ODBCConversion.integer(text) else { return false }
      return append(value, kind, to: &block)
    }
    return true
  }

  static func boolean(_ text: Span<UInt8>) -> Bool? {
    switch String(ascii: text).lowercased() {
    case "1", "t", "true": true
    case "0", "f", "false": false
    default: nil
    }
  }

  /// Digits with a sign, and decimals only where they are zeros.
  static func integer(_ text: Span<UInt8>) -> Int64? {
    let parts = String(ascii: text).split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.count == 1 || parts[1].allSatisfy({ $0 == "0" }) else { return nil }
    return parts.first.flatMap { Int64($0) }
  }

  /// `2019-10-27 02:30:00.1234560 +01:00`: what a driver writes for a time, in UTC unless an offset follows. A seventh
  /// decimal that is not zero could not be kept.
  static func time(_ text: Span<UInt8>) -> Timestamp? {
    var characters = String(ascii: text)
    if let point = characters.firstIndex(of: ".") {
      let decimals = characters[characters.index(after: point)...].prefix { $0.isNumber }
      let kept = decimals.prefix(6)
      guard decimals.dropFirst(6).allSatisfy({ $0 == "0" }) else { return nil }
      characters.replaceSubrange(decimals.startIndex..<decimals.endIndex, with: String(kept))
    }
    let parts = characters.split(separator: " ")
    guard (2...3).contains(parts.count) else { return nil }
    return Timestamp(rfc3339: "\(parts[0])T\(parts[1])\(parts.count == 3 ? String(parts[2]) : "Z")")
  }
}

extension String {
  fileprivate init(ascii text: Span<UInt8>) {
    self = unsafe text.bytes.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
  }
}
