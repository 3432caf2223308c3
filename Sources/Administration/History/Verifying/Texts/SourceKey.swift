internal import Base
internal import Transfer

/// Reads a source's key from the text that stands in the column `source_key`.
enum SourceKey {
  /// - Returns: nil for anything but the one way in which a key of that kind is written.
  static func read(_ text: RawSpan, _ kind: Key.Kind) -> Key? {
    switch kind {
    case .integer: integer(text).map(Key.integer)
    case .uuid: isLowerCase(text) ? UniqueID(utf8: Span(_bytes: text)).map(Key.uuid) : nil
    }
  }

  private static func integer(_ text: RawSpan) -> Int64? {
    let isNegative = text.byteCount > 0 && text.byte(0) == UInt8(ascii: "-")
    let start = isNegative ? 1 : 0
    guard text.byteCount > start, text.byte(start) != UInt8(ascii: "0") || text.byteCount == 1 else { return nil }
    var value: Int64 = 0
    for place in start..<text.byteCount {
      let digit = text.byte(place) &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      // Counted downwards, since the lowest integer has no positive counterpart.
      let (tenfold, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = tenfold.subtractingReportingOverflow(Int64(digit))
      if tooLarge || overflow { return nil }
      value = sum
    }
    return isNegative ? value : value == .min ? nil : -value
  }

  /// Whether no letter of ASCII is a capital.
  static func isLowerCase(_ text: RawSpan) -> Bool {
    for place in 0..<text.byteCount where (0x41...0x5A).contains(text.byte(place)) { return false }
    return true
  }

  /// Where facts without a key of their own are counted: below all others.
  static func lowest(_ kind: Key.Kind) -> Key {
    switch kind {
    case .integer: .integer(.min)
    case .uuid: .uuid(UniqueID(high: 0, low: 0))
    }
  }
}
