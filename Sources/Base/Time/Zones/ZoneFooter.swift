/// The rule for the years after a zone's table: a TZ string of POSIX with the extensions of RFC 8536 section 3.3.
struct ZoneFooter: Equatable {
  /// The day and time of day at which the clock is changed.
  struct Change: Equatable {
    enum Day: Equatable {
      /// `Jn`: 1 to 365; 29 February is never counted.
      case julian(Int)
      /// `n`: 0 to 365; 29 February is counted.
      case zeroBased(Int)
      /// `Mm.w.d`: the w-th weekday d (0 is Sunday) of month m; week 5 is the last.
      case weekday(month: Int, week: Int, day: Int)
    }

    let day: Day
    /// Seconds after midnight, on the clock before the change; may be negative or more than a day.
    let time: Int

    /// Seconds from 1970-01-01T00:00 to the change in a year, on the clock before it.
    func seconds(year: Int) -> Int {
      let days =
        switch day {
        case .julian(let number):
          CivilTime.days(year: year, month: 1, day: 1) + number - 1
            + (number >= 60 && CivilTime.length(ofMonth: 2, year: year) == 29 ? 1 : 0)
        case .zeroBased(let number): CivilTime.days(year: year, month: 1, day: 1) + number
        case .weekday(let month, let week, let day): nth(day, week: week, month: month, year: year)
        }
      return days * 86_400 + time
    }

    private func nth(_ weekday: Int, week: Int, month: Int, year: Int) -> Int {
      let first = CivilTime.days(year: year, month: month, day: 1)
      // 1970-01-01 was a Thursday.
      let firstWeekday = ((first + 4) % 7 + 7) % 7
      var day = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
      while day >= CivilTime.length(ofMonth: month, year: year) { day -= 7 }
      return first + day
    }
  }

  struct Daylight: Equatable {
    /// Seconds ahead of UTC.
    let offset: Int
    let start: Change
    let end: Change
  }

  /// Seconds ahead of UTC.
  let standard: Int
  let daylight: Daylight?

  init(standard: Int, daylight: Daylight?) {
    self.standard = standard
    self.daylight = daylight
  }

  /// Reads a TZ string; nil for anything that is not one.
  init?(_ text: String) {
    var parser = ZoneFooterParser(text)
    guard let footer = parser.footer() else { return nil }
    self = footer
  }

  /// The changes of a year, each with the offset from then on.
  func changes(year: Int) -> [(time: Int64, offset: Int)] {
    guard let daylight else { return [] }
    return [
      (Int64(daylight.end.seconds(year: year) - daylight.offset), standard),
      (Int64(daylight.start.seconds(year: year) - standard), daylight.offset),
    ]
  }
}

private struct ZoneFooterParser {
  private var rest: Substring.UTF8View

  init(_ text: String) { rest = text[...].utf8 }

  mutating func footer() -> ZoneFooter? {
    guard skipName(), let west = time(hours: 24) else { return nil }
    let standard = -west
    if rest.isEmpty { return ZoneFooter(standard: standard, daylight: nil) }
    guard skipName() else { return nil }
    var offset = standard + 3600
    if rest.first != UInt8(ascii: ",") {
      guard let west = time(hours: 24) else { return nil }
      offset = -west
    }
    guard skip(","), let start = change(), skip(","), let end = change(), rest.isEmpty else { return nil }
    return ZoneFooter(standard: standard, daylight: ZoneFooter.Daylight(offset: offset, start: start, end: end))
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func skipName() -> Bool {
    let isQuoted = skip("<")
    let name = rest.prefix { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"): isQuoted
      default: false
      }
    }
    rest.removeFirst(name.count)
    return name.count >= 3 && (!isQuoted || skip(">"))
  }

  private mutating func number(_ range: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix { (48...57).contains($0) }
    guard !digits.isEmpty, digits.count <= 3, let number = Int(String(decoding: digits, as: UTF8.self)),
      range.contains(number)
    else { return nil }
    rest.removeFirst(digits.count)
    return number
  }

  /// `[+-]hh[:mm[:ss]]` in seconds.
  private mutating func time(hours: Int) -> Int? {
    let sign = skip("-") ? -1 : 1
    if sign == 1 { _ = skip("+") }
    guard let hours = number(0...hours) else { return nil }
    var seconds = hours * 3600
    if skip(":") {
      guard let minutes = number(0...59) else { return nil }
      seconds += minutes * 60
      if skip(":") {
        guard let rest = number(0...59) else { return nil }
        seconds += rest
      }
    }
    return sign * seconds
  }

  private mutating func change() -> ZoneFooter.Change? {
    let day: ZoneFooter.Change.Day
    if skip("M") {
      guard let month = number(1...12), skip("."), let week = number(1...5), skip("."), let weekday = number(0...6)
      else { return nil }
      day = .weekday(month: month, week: week, day: weekday)
    } else if skip("J") {
      guard let number = number(1...365) else { return nil }
      day = .julian(number)
    } else {
      guard let number = number(0...365) else { return nil }
      day = .zeroBased(number)
    }
    guard skip("/") else { return ZoneFooter.Change(day: day, time: 7200) }
    guard let time = time(hours: 167) else { return nil }
    return ZoneFooter.Change(day: day, time: time)
  }
}
