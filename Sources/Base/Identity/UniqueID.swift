/// A 128-bit identifier (RFC 9562), kept as two machine words so that it can be made, compared and written
/// millions of times a second.
public struct UniqueID: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  public var high: UInt64
  public var low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  @inlinable
  public static func < (left: UniqueID, right: UniqueID) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }

  /// A random identifier (version 4).
  public static func random(using generator: inout some RandomNumberGenerator) -> UniqueID {
    UniqueID(
      high: (generator.next() & ~0xF000) | 0x4000,
      low: (generator.next() & ~(0b11 << 62)) | (0b10 << 62))
  }

  public static func random() -> UniqueID {
    var generator = SystemRandomNumberGenerator()
    return random(using: &generator)
  }

  /// A time-ordered identifier (version 8, RFC 9562 section 5.8): 48 bits of Unix milliseconds, then 74 bits of
  /// a hash. The same time and hash always give the same identifier.
  ///
  /// Times before 1970 count as zero, so that such rows sort first; the hash alone then tells them apart.
  @inlinable
  public init(milliseconds: Int64, hashHigh: UInt64, hashLow: UInt64) {
    let time = UInt64(max(0, min(milliseconds, (1 << 48) - 1)))
    high = (time << 16) | 0x8000 | (hashHigh & 0x0FFF)
    low = (0b10 << 62) | (hashLow & ~(0b11 << 62))
  }

  /// The Unix milliseconds in the first 48 bits, as versions 7 and 8 here carry them.
  @inlinable
  public var milliseconds: Int64 { Int64(high >> 16) }

  @inlinable
  public var version: Int { Int((high >> 12) & 0xF) }

  /// Reads the 36-character text form of RFC 9562 in either case; nil for anything else.
  public init?(_ text: some StringProtocol) {
    self.init(utf8: Array(text.utf8).span)
  }

  public init?(utf8 text: Span<UInt8>) {
    guard text.count == 36 else { return nil }
    var words: (UInt64, UInt64) = (0, 0)
    var digits = 0
    for index in 0..<36 {
      let byte = text[index]
      if index == 8 || index == 13 || index == 18 || index == 23 {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard let digit = hexDigit(byte) else { return nil }
      if digits < 16 { words.0 = (words.0 << 4) | UInt64(digit) } else { words.1 = (words.1 << 4) | UInt64(digit) }
      digits += 1
    }
    self.init(high: words.0, low: words.1)
  }

  public var description: String {
    var text = [UInt8]()
    text.reserveCapacity(36)
    appendText(to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Adds the 36 characters of ``description``, for those who write millions of them.
  public func appendText(to text: inout [UInt8]) {
    var word = high
    for digit in 0..<32 {
      if digit == 8 || digit == 12 || digit == 16 || digit == 20 { text.append(UInt8(ascii: "-")) }
      if digit == 16 { word = low }
      let nibble = UInt8(truncatingIfNeeded: word >> 60)
      text.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") - 10 + nibble)
      word <<= 4
    }
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let id = UniqueID(text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not a UUID"))
    }
    self = id
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
