/// A date and time of day in the proleptic Gregorian calendar, without a zone.
public struct CivilTime: Hashable, Sendable, CustomStringConvertible {
  public var year: Int
  public var month: Int
  public var day: Int
  public var hour: Int
  public var minute: Int
  public var second: Int
  public var microsecond: Int

  public init(
    year: Int, month: Int, day: Int, hour: Int = 0, minute: Int = 0, second: Int = 0, microsecond: Int = 0
  ) {
    self.year = year
    self.month = month
    self.day = day
    self.hour = hour
    self.minute = minute
    self.second = second
    self.microsecond = microsecond
  }

  /// What a clock shows that is the given minutes ahead of UTC.
  public init(_ instant: Timestamp, offsetMinutes: Int) {
    self.init(instant, offsetSeconds: offsetMinutes * 60)
  }

  /// What a clock shows that is the given seconds ahead of UTC; historical zones need seconds.
  public init(_ instant: Timestamp, offsetSeconds: Int) {
    let local = instant.microseconds + Int64(offsetSeconds) * 1_000_000
    var days = local / 86_400_000_000
    var rest = local % 86_400_000_000
    if rest < 0 {
      days -= 1
      rest += 86_400_000_000
    }
    (year, month, day) = CivilTime.civil(days: Int(days))
    hour = Int(rest / 3_600_000_000)
    minute = Int(rest / 60_000_000 % 60)
    second = Int(rest / 1_000_000 % 60)
    microsecond = Int(rest % 1_000_000)
  }

  /// The instant at which a clock shows this time that is the given minutes ahead of UTC.
  @inlinable
  public func instant(offsetMinutes: Int) -> Timestamp { instant(offsetSeconds: offsetMinutes * 60) }

  /// The instant at which a clock shows this time that is the given seconds ahead of UTC.
  @inlinable
  public func instant(offsetSeconds: Int) -> Timestamp {
    Timestamp(microseconds: Int64(secondsAsUTC - offsetSeconds) * 1_000_000 + Int64(microsecond))
  }

  /// Whole seconds since 1970 if the clock showed UTC.
  @inlinable
  var secondsAsUTC: Int {
    CivilTime.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
  }

  /// Days from 1970-01-01 to a date. Counts in eras of 400 years that begin in March, so that the leap day is
  /// the last day of a year.
  @inlinable
  static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  static func civil(days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthIndex = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
    let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  static func length(ofMonth month: Int, year: Int) -> Int {
    switch month {
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// Reads `2019-10-27T02:30:00.123456` (or a space for the T) from the start of a text.
  ///
  /// - Returns: the time and how many bytes it took; nil where no valid time stands there. At most six decimals
  ///   are accepted, since more could not be kept.
  public static func parse(_ text: Span<UInt8>) -> (time: CivilTime, used: Int)? {
    func number(_ start: Int, _ length: Int) -> Int? {
      var value = 0
      for index in start..<(start + length) {
        let byte = text[index]
        guard byte >= 48, byte <= 57 else { return nil }
        value = value * 10 + Int(byte) - 48
      }
      return value
    }
    guard text.count >= 19, text[4] == 45, text[7] == 45, text[10] == 84 || text[10] == 116 || text[10] == 32,
      text[13] == 58, text[16] == 58,
      let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2),
      (1...12).contains(month), day >= 1, day <= length(ofMonth: month, year: year), hour < 24, minute < 60,
      second < 60
    else { return nil }
    var used = 19
    var micro = 0
    if text.count > 20, text[19] == 46 {
      var digits = 0
      used = 20
      while used < text.count, text[used] >= 48, text[used] <= 57 {
        guard digits < 6 else { return nil }
        micro = micro * 10 + Int(text[used]) - 48
        digits += 1
        used += 1
      }
      guard digits > 0 else { return nil }
      for _ in digits..<6 { micro *= 10 }
    }
    let time = CivilTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second, microsecond: micro)
    return (time, used)
  }

  /// `2019-10-27T02:30:00.123` with as many of six decimals as are not zero.
  public var description: String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(abs(value))
      return (value < 0 ? "-" : "") + String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    var text =
      "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
    if microsecond != 0 {
      var decimals = padded(microsecond, 6)
      while decimals.last == "0" { decimals.removeLast() }
      text += "." + decimals
    }
    return text
  }
}
