/// Base64 (RFC 4648 section 4) as Samba writes it into its logs: padded, in one piece.
enum LogBase64 {
  /// Replaces the output's content.
  ///
  /// - Returns: false for anything else.
  static func decode(_ text: Span<UInt8>, into output: inout [UInt8]) -> Bool {
    output.removeAll(keepingCapacity: true)
    guard text.count.isMultiple(of: 4) else { return false }
    var count = text.count
    while count > 0, text.count - count < 2, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
    var word: UInt32 = 0
    var bits = 0
    for index in 0..<count {
      guard let digit = digit(text[index]) else { return false }
      word = word << 6 | digit
      bits += 6
      if bits >= 8 {
        bits -= 8
        output.append(UInt8(truncatingIfNeeded: word >> UInt32(bits)))
      }
    }
    // Bits that stand for nothing are zero, so that a value has one text only.
    return bits < 6 && word & (1 << UInt32(bits) - 1) == 0
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte) - 65
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte) - 71
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) + 4
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
  }
}
