extension DistinguishedName {
  /// Reads the text form of RFC 4514. Spaces around separators are passed over, as LDAPv2 wrote them.
  ///
  /// - Throws: `invalidName`.
  public init(_ text: String) throws(DirectoryError) {
    var scanner = NameScanner(bytes: Array(text.utf8))
    var relatives = [Relative]()
    scanner.skipSpaces()
    while !scanner.isAtEnd {
      var parts = [try scanner.part()]
      while scanner.skip(UInt8(ascii: "+")) { parts.append(try scanner.part()) }
      relatives.append(Relative(parts: parts))
      if scanner.isAtEnd { break }
      guard scanner.skip(UInt8(ascii: ",")) else { throw scanner.error("something behind a value") }
      scanner.skipSpaces()
      if scanner.isAtEnd { throw scanner.error("nothing behind a comma") }
    }
    self.init(relatives: relatives)
  }
}

private struct NameScanner {
  let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }

  /// Tells the place only: a name may hold personal values.
  func error(_ reason: String) -> DirectoryError {
    DirectoryError(
      .invalidName, doing: "read a distinguished name", reason: "\(reason), at byte \(index) of \(bytes.count)")
  }

  mutating func skipSpaces() { while !isAtEnd, bytes[index] == UInt8(ascii: " ") { index += 1 } }

  mutating func skip(_ byte: UInt8) -> Bool {
    guard !isAtEnd, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  mutating func part() throws(DirectoryError) -> DistinguishedName.Part {
    skipSpaces()
    let start = index
    while !isAtEnd, isKeyByte(bytes[index]) { index += 1 }
    let type = String(decoding: bytes[start..<index], as: UTF8.self)
    guard let firstByte = type.utf8.first, firstByte != UInt8(ascii: "-"), firstByte != UInt8(ascii: ".") else {
      throw error("no attribute type")
    }
    skipSpaces()
    guard skip(UInt8(ascii: "=")) else { throw error("no equals sign") }
    skipSpaces()
    let isHexadecimal = !isAtEnd && bytes[index] == UInt8(ascii: "#")
    let value = isHexadecimal ? try hexadecimalValue() : try stringValue()
    return DistinguishedName.Part(
      type: type, value: value, normalizedType: normalized(type: type),
      normalizedValue: normalized(value: value, isHexadecimal: isHexadecimal))
  }

  private func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
      true
    default: false
    }
  }

  private mutating func hexadecimalValue() throws(DirectoryError) -> [UInt8] {
    let start = index
    index += 1
    while !isAtEnd, hexadecimalDigit(bytes[index]) != nil { index += 1 }
    guard index - start >= 3, (index - start) % 2 == 1 else { throw error("an odd or empty hexadecimal value") }
    let value = Array(bytes[start..<index])
    skipSpaces()
    return value
  }

  /// Ends in front of a separator; spaces there that are not escaped do not belong to the value.
  private mutating func stringValue() throws(DirectoryError) -> [UInt8] {
    var value = [UInt8]()
    var significant = 0
    while !isAtEnd {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: ","), UInt8(ascii: "+"):
        return Array(value[..<significant])
      case UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"), 0:
        throw error("a character that must be escaped")
      case UInt8(ascii: "\\"):
        index += 1
        value.append(try escapedByte())
        significant = value.count
      default:
        value.append(byte)
        index += 1
        if byte != UInt8(ascii: " ") { significant = value.count }
      }
    }
    return Array(value[..<significant])
  }

  private mutating func escapedByte() throws(DirectoryError) -> UInt8 {
    guard !isAtEnd else { throw error("nothing behind a backslash") }
    let byte = bytes[index]
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "+"), UInt8(ascii: ","),
      UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: "="), UInt8(ascii: ">"), UInt8(ascii: "\\"):
      index += 1
      return byte
    default:
      guard index + 1 < bytes.count, let high = hexadecimalDigit(byte),
        let low = hexadecimalDigit(bytes[index + 1])
      else { throw error("an unknown escape") }
      index += 2
      return high << 4 | low
    }
  }
}

private func hexadecimalDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}

/// The types of RFC 4514 section 3 that every implementation knows by name.
private let namesOfNumbers = [
  "2.5.4.3": "cn", "2.5.4.7": "l", "2.5.4.8": "st", "2.5.4.10": "o", "2.5.4.11": "ou", "2.5.4.6": "c",
  "2.5.4.9": "street", "0.9.2342.19200300.100.1.25": "dc", "0.9.2342.19200300.100.1.1": "uid",
]

private func normalized(type: String) -> String {
  let lower = type.lowercased()
  return namesOfNumbers[lower] ?? lower
}

/// Lower case, no spaces at the ends, one instead of several within (RFC 4518 section 2.6.1). A value that is not
/// UTF-8 keeps its bytes, in hexadecimal.
private func normalized(value: [UInt8], isHexadecimal: Bool) -> String {
  guard let text = String(validating: value, as: UTF8.self) else {
    return "\0" + value.map { String($0, radix: 16) }.joined(separator: " ")
  }
  if isHexadecimal { return text.lowercased() }
  return text.lowercased().split(separator: " ").joined(separator: " ")
}
