internal import Base

/// Times as directories write them (RFC 4517 section 3.3.13), in the form that slapd uses:
/// `20261120150546.004710Z`.
enum GeneralizedTime {
  /// - Returns: the instant, cut to microseconds; nil for another form, and for a day that is in no calendar.
  static func read(_ text: Span<UInt8>) -> Timestamp? {
    guard text.count >= 15, text[text.count - 1] == UInt8(ascii: "Z"), let year = number(text, 0, 4),
      let month = number(text, 4, 2), let day = number(text, 6, 2), let hour = number(text, 8, 2),
      let minute = number(text, 10, 2), let second = number(text, 12, 2)
    else { return nil }
    var microsecond = 0
    if text.count > 15 {
      guard text.count > 16, text[14] == UInt8(ascii: ".") || text[14] == UInt8(ascii: ",") else { return nil }
      var weight = 100_000
      for index in 15..<(text.count - 1) {
        guard let digit = digit(text[index]) else { return nil }
        microsecond += digit * weight
        weight /= 10
      }
    }
    let time = CivilTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second, microsecond: microsecond)
    let instant = time.instant(offsetMinutes: 0)
    // A 31st of April would come back as a 1st of May.
    return CivilTime(instant, offsetMinutes: 0) == time ? instant : nil
  }

  /// The text of an instant, for filters.
  static func text(_ instant: Timestamp) -> String {
    let time = CivilTime(instant, offsetMinutes: 0)
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return padded(time.year, 4) + padded(time.month, 2) + padded(time.day, 2) + padded(time.hour, 2)
      + padded(time.minute, 2) + padded(time.second, 2) + "." + padded(time.microsecond, 6) + "Z"
  }

  private static func number(_ text: Span<UInt8>, _ start: Int, _ count: Int) -> Int? {
    var value = 0
    for index in start..<(start + count) {
      guard let digit = digit(text[index]) else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  private static func digit(_ byte: UInt8) -> Int? {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? Int(byte) - 48 : nil
  }
}
