/// The rule at the end of a zone's file, `CET-1CEST,M3.5.0,M10.5.0/3` (POSIX, "TZ"), which tells of all later years.
struct ZoneRule {
  /// A month, which occurrence of a day of the week in it (5 for the last), the day (0 for Sunday), and seconds from
  /// midnight on the local clock.
  private struct Day {
    var month, week, weekday, time: Int64
  }

  private let standard: Int64
  private let summer: (offset: Int64, begin: Day, end: Day)?

  /// - Returns: nil for rules by the day of the year, which no zone of today uses.
  init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard let names = parts.first else { return nil }
    var rest = Substring(names)
    guard ZoneRule.skipName(&rest), let west = ZoneRule.time(&rest) else { return nil }
    standard = -west
    if rest.isEmpty, parts.count == 1 {
      summer = nil
      return
    }
    guard ZoneRule.skipName(&rest), parts.count == 3 else { return nil }
    var summerOffset = standard + 3600
    if !rest.isEmpty {
      guard let west = ZoneRule.time(&rest), rest.isEmpty else { return nil }
      summerOffset = -west
    }
    guard let begin = ZoneRule.day(parts[1]), let end = ZoneRule.day(parts[2]) else { return nil }
    summer = (summerOffset, begin, end)
  }

  /// The instants of a year at which the offset changes, with the new one, in their order.
  func changes(in year: Int64) -> [(Int64, Int64)] {
    guard let summer else { return [] }
    let begin = ZoneRule.seconds(summer.begin, year) - standard
    let end = ZoneRule.seconds(summer.end, year) - summer.offset
    return begin < end ? [(begin, summer.offset), (end, standard)] : [(end, standard), (begin, summer.offset)]
  }

  private static func skipName(_ text: inout Substring) -> Bool {
    if text.first == "<" {
      guard let end = text.firstIndex(of: ">") else { return false }
      text = text[text.index(after: end)...]
      return true
    }
    let name = text.prefix { $0.isLetter }
    text = text.dropFirst(name.count)
    return name.count >= 3
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private static func time(_ text: inout Substring) -> Int64? {
    let sign: Int64 = text.first == "-" ? -1 : 1
    if text.first == "-" || text.first == "+" { text = text.dropFirst() }
    let digits = text.prefix { $0.isNumber || $0 == ":" }
    text = text.dropFirst(digits.count)
    let parts = digits.split(separator: ":", omittingEmptySubsequences: false).map { Int64($0) }
    guard (1...3).contains(parts.count) else { return nil }
    var seconds: Int64 = 0
    for (part, unit) in zip(parts, [3600, 60, 1] as [Int64]) {
      guard let part else { return nil }
      seconds += part * unit
    }
    return sign * seconds
  }

  private static func day(_ text: Substring) -> Day? {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard let date = parts.first, date.first == "M" else { return nil }
    let numbers = date.dropFirst().split(separator: ".").compactMap { Int64($0) }
    guard numbers.count == 3, (1...2).contains(parts.count) else { return nil }
    var time: Int64? = 7200
    if parts.count == 2 {
      var rest = parts[1]
      time = self.time(&rest)
    }
    return time.map { Day(month: numbers[0], week: numbers[1], weekday: numbers[2], time: $0) }
  }

  /// Seconds from 1970 to a rule's moment of a year, on the local clock.
  private static func seconds(_ day: Day, _ year: Int64) -> Int64 {
    let first = daysToMonth(day.month, year)
    // 1970-01-01 was a Thursday.
    let weekday = ((first + 4) % 7 + 7) % 7
    var date = first + (day.weekday - weekday + 7) % 7 + (day.week - 1) * 7
    let next = day.month == 12 ? daysToMonth(1, year + 1) : daysToMonth(day.month + 1, year)
    while date >= next { date -= 7 }
    return date * 86_400 + day.time
  }

  private static func daysToMonth(_ month: Int64, _ year: Int64) -> Int64 {
    let past = year - 1
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let beforeMonth: [Int64] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
    return year * 365 + past / 4 - past / 100 + past / 400 + 1 - 719_528 + beforeMonth[Int(month) - 1]
      + (isLeap && month > 2 ? 1 : 0)
  }
}
