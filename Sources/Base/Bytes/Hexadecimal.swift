let hexAlphabet: [UInt8] = Array("0123456789abcdef".utf8)

/// The value of one hexadecimal digit in either case, nil for any other byte.
func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

/// Lower-case hexadecimal, two digits a byte.
public func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  var text = [UInt8]()
  for byte in bytes {
    text.append(hexAlphabet[Int(byte >> 4)])
    text.append(hexAlphabet[Int(byte & 0xF)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// Lower-case hexadecimal, two digits a byte.
public func hexadecimal(of bytes: Span<UInt8>) -> String {
  var text = [UInt8]()
  text.reserveCapacity(bytes.count * 2)
  for index in bytes.indices {
    text.append(hexAlphabet[Int(bytes[index] >> 4)])
    text.append(hexAlphabet[Int(bytes[index] & 0xF)])
  }
  return String(decoding: text, as: UTF8.self)
}

/// The bytes of a hexadecimal text in either case; nil for an odd length or any other character.
public func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
  let digits = Array(text.utf8)
  guard digits.count.isMultiple(of: 2) else { return nil }
  var bytes = [UInt8]()
  bytes.reserveCapacity(digits.count / 2)
  for index in stride(from: 0, to: digits.count, by: 2) {
    guard let high = hexDigit(digits[index]), let low = hexDigit(digits[index + 1]) else { return nil }
    bytes.append(high << 4 | low)
  }
  return bytes
}
