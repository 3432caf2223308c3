/// The offset at the end of a time in RFC 3339, the colon in it optional.
enum LogOffset {
  /// - Returns: minutes east of UTC; nil where the text ends in none.
  static func minutes(_ text: String) -> Int? {
    // From the end: minutes, tens of them, hours, tens of them, and the sign.
    var digits = 0
    var minutes = 0
    for byte in text.utf8.reversed() {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"):
        let digit = Int(byte) - 48
        switch digits {
        case 0: minutes = digit
        case 1: minutes += digit * 10
        case 2: minutes += digit * 60
        case 3: minutes += digit * 600
        default: return nil
        }
        digits += 1
      case UInt8(ascii: ":"): continue
      case UInt8(ascii: "+"): return digits == 4 ? minutes : nil
      case UInt8(ascii: "-"): return digits == 4 ? -minutes : nil
      case UInt8(ascii: "Z"), UInt8(ascii: "z"): return digits == 0 ? 0 : nil
      default: return nil
      }
    }
    return nil
  }
}
