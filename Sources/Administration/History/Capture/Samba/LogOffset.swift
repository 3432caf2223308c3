/// The offset at the end of a time in RFC 3339, the colon in it optional.
enum LogOffset {
  /// - Returns: minutes east of UTC; nil where the text ends in none.
  static func minutes(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    if bytes.last == UInt8(ascii: "Z") || bytes.last == UInt8(ascii: "z") { return 0 }
    guard let sign = bytes.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else {
      return nil
    }
    let digits = bytes[(sign + 1)...].filter { $0 != UInt8(ascii: ":") }
    guard digits.count == 4, digits.allSatisfy({ $0 >= 48 && $0 <= 57 }) else { return nil }
    let numbers = digits.map { Int($0) - 48 }
    let minutes = (numbers[0] * 10 + numbers[1]) * 60 + numbers[2] * 10 + numbers[3]
    return bytes[sign] == UInt8(ascii: "-") ? -minutes : minutes
  }
}
