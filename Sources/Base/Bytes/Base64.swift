/// Base64 (RFC 4648, section 4): with padding, in one piece.
public enum Base64 {
  /// Reads the one canonical form: without white space, unused bits zero. Replaces the output's content.
  ///
  /// - Returns: false for anything else; the output then holds what was read before.
  public static func decode(_ text: Span<UInt8>, into output: inout [UInt8]) -> Bool {
    output.removeAll(keepingCapacity: true)
    guard text.count.isMultiple(of: 4) else { return false }
    var padding = 0
    if text.count > 0, text[text.count - 1] == UInt8(ascii: "=") {
      padding = text[text.count - 2] == UInt8(ascii: "=") ? 2 : 1
    }
    output.reserveCapacity(text.count / 4 * 3)
    var word: UInt32 = 0
    for index in 0..<(text.count - padding) {
      let digit = values[Int(text[index])]
      guard digit < 64 else { return false }
      word = word << 6 | UInt32(digit)
      if index & 3 == 3 {
        output.append(UInt8(truncatingIfNeeded: word >> 16))
        output.append(UInt8(truncatingIfNeeded: word >> 8))
        output.append(UInt8(truncatingIfNeeded: word))
        word = 0
      }
    }
    switch padding {
    case 1:
      output.append(UInt8(truncatingIfNeeded: word >> 10))
      output.append(UInt8(truncatingIfNeeded: word >> 2))
      return word & 0b11 == 0
    case 2:
      output.append(UInt8(truncatingIfNeeded: word >> 4))
      return word & 0b1111 == 0
    default: return true
    }
  }

  public static func append(_ bytes: Span<UInt8>, to text: inout [UInt8]) {
    var index = 0
    while index < bytes.count {
      let left = bytes.count - index
      let word =
        UInt32(bytes[index]) << 16 | (left > 1 ? UInt32(bytes[index + 1]) << 8 : 0)
        | (left > 2 ? UInt32(bytes[index + 2]) : 0)
      text.append(digits[Int(word >> 18)])
      text.append(digits[Int(word >> 12 & 63)])
      text.append(left > 1 ? digits[Int(word >> 6 & 63)] : UInt8(ascii: "="))
      text.append(left > 2 ? digits[Int(word & 63)] : UInt8(ascii: "="))
      index += 3
    }
  }

  public static func text(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    append(bytes.span, to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The value of each digit; 255 for bytes that are none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, byte) in digits.enumerated() { values[Int(byte)] = UInt8(value) }
    return values
  }()
}
