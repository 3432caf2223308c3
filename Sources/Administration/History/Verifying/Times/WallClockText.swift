internal import Base

/// Reads local times, `YYYY-MM-DD HH:MM:SS` with up to six decimals, as microseconds since 1970-01-01 00:00:00 of
/// the same clock.
///
/// Rows that follow each other are mostly of one day, so the last date is kept with what it stands for.
struct WallClockText {
  private var lastDate: (UInt64, UInt16) = (0, 0)
  private var lastDay: Int64?

  /// - Returns: nil for anything but a valid time.
  mutating func microseconds(_ text: RawSpan) -> Int64? {
    guard text.byteCount >= 19, text.byte(13) == UInt8(ascii: ":"), text.byte(16) == UInt8(ascii: ":"),
      text.byte(10) == UInt8(ascii: " ") || text.byte(10) == UInt8(ascii: "T"),
      let day = day(text),
      let hour = number(text, 11..<13), hour < 24,
      let minute = number(text, 14..<16), minute < 60,
      let second = number(text, 17..<19), second < 60,
      let fraction = fraction(text)
    else { return nil }
    return ((day * 24 + hour) * 60 + minute) * 60_000_000 + second * 1_000_000 + fraction
  }

  private mutating func day(_ text: RawSpan) -> Int64? {
    let date = (
      unsafe text.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self),
      unsafe text.unsafeLoadUnaligned(fromByteOffset: 8, as: UInt16.self)
    )
    if let lastDay, date == lastDate { return lastDay }
    guard text.byte(4) == UInt8(ascii: "-"), text.byte(7) == UInt8(ascii: "-"),
      let year = number(text, 0..<4), let month = number(text, 5..<7), let day = number(text, 8..<10),
      (1...12).contains(month), day >= 1, day <= WallClockText.length(ofMonth: month, year)
    else { return nil }
    let days = WallClockText.days(beforeYear: year) + WallClockText.days(beforeMonth: month, year) + day - 1
    lastDate = date
    lastDay = days
    return days
  }

  private func number(_ text: RawSpan, _ places: Range<Int>) -> Int64? {
    var value: Int64 = 0
    for place in places {
      let digit = text.byte(place) &- UInt8(ascii: "0")
      if digit > 9 { return nil }
      value = value * 10 + Int64(digit)
    }
    return value
  }

  private func fraction(_ text: RawSpan) -> Int64? {
    if text.byteCount == 19 { return 0 }
    guard text.byte(19) == UInt8(ascii: "."), (21...26).contains(text.byteCount),
      var value = number(text, 20..<text.byteCount)
    else { return nil }
    for _ in text.byteCount..<26 { value *= 10 }
    return value
  }

  // MARK: The calendar, proleptic Gregorian

  private static func isLeap(_ year: Int64) -> Bool {
    year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
  }

  private static func length(ofMonth month: Int64, _ year: Int64) -> Int64 {
    switch month {
    case 2: isLeap(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Days from 1970-01-01 to the first day of a year from 0 to 9999.
  private static func days(beforeYear year: Int64) -> Int64 {
    // Leap days of the years 0 … year − 1; the year 0 is one of them.
    let past = year - 1
    let leapDays = year == 0 ? 0 : past / 4 - past / 100 + past / 400 + 1
    return year * 365 + leapDays - 719_528
  }

  private static func days(beforeMonth month: Int64, _ year: Int64) -> Int64 {
    (1..<month).reduce(0) { $0 + length(ofMonth: $1, year) }
  }
}
