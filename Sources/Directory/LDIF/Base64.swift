/// Reads Base64 (RFC 4648 section 4) in its one canonical form: padded, without white space, unused bits zero.
///
/// - Returns: false for anything else; the output then holds what was read before.
func decodeBase64(_ text: Span<UInt8>, into output: inout [UInt8]) -> Bool {
  output.removeAll(keepingCapacity: true)
  guard text.count.isMultiple(of: 4) else { return false }
  var padding = 0
  if text.count > 0, text[text.count - 1] == UInt8(ascii: "=") {
    padding = text[text.count - 2] == UInt8(ascii: "=") ? 2 : 1
  }
  output.reserveCapacity(text.count / 4 * 3)
  var word: UInt32 = 0
  for index in 0..<(text.count - padding) {
    let digit = base64Digits[Int(text[index])]
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

/// The value of each digit; 255 for bytes that are none.
private let base64Digits: [UInt8] = {
  var digits = [UInt8](repeating: 255, count: 256)
  let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
  for (value, byte) in alphabet.enumerated() { digits[Int(byte)] = UInt8(value) }
  return digits
}()
