internal import Base

/// When a zone's clocks were shifted, over the time that a history touches, made for asking millions of times.
///
/// Seconds since 1970 throughout. Readings of local times are found here from the shifts alone, apart from the
/// zone code that importers use, so that each can be tested against the other.
struct ZoneTable: Sendable {
  /// A shift from one offset (seconds east of UTC) to another.
  struct Shift: Sendable {
    let at: Int
    let before: Int
    let after: Int
  }

  /// The offset of a day of UTC that has no shift near; where one is near, the list is searched.
  private static let shifting = Int32.max

  let shifts: [Shift]
  private let first: Int
  private let firstDay: Int
  private var days: [Int32]

  /// - Parameter offset: the zone's offset at a second.
  init(from start: Int, until end: Int, offset: (Int) -> Int) {
    firstDay = start.floorDivided(by: 86_400)
    let lastDay = end.floorDivided(by: 86_400)
    first = offset(firstDay * 86_400)
    var shifts = [Shift]()
    var before = first
    for day in firstDay..<lastDay {
      let after = offset((day + 1) * 86_400)
      guard after != before else { continue }
      var low = day * 86_400
      var high = low + 86_400
      while high - low > 1 {
        let middle = (low + high) / 2
        if offset(middle) == before { low = middle } else { high = middle }
      }
      shifts.append(Shift(at: high, before: before, after: after))
      before = after
    }
    self.shifts = shifts
    days = []
    days.reserveCapacity(lastDay - firstDay)
    var index = 0
    for day in firstDay..<lastDay {
      // Two days on either side cover every local time, even across the date line.
      while index < shifts.count, shifts[index].at < (day - 2) * 86_400 { index += 1 }
      let near = index < shifts.count && shifts[index].at < (day + 3) * 86_400
      days.append(near ? ZoneTable.shifting : Int32(index == 0 ? first : shifts[index - 1].after))
    }
  }

  /// What the clocks show at an instant.
  @inline(__always)
  func moment(_ instant: Timestamp) -> Moment {
    let seconds = Int(instant.microseconds).floorDivided(by: 1_000_000)
    let day = seconds.floorDivided(by: 86_400) - firstDay
    if day >= 0, day < days.count, days[day] != ZoneTable.shifting {
      return Moment(instant: instant, offset: Int(days[day]), fold: 0)
    }
    return searched(instant, seconds)
  }

  private func searched(_ instant: Timestamp, _ seconds: Int) -> Moment {
    guard let last = shifts.last(where: { $0.at <= seconds }) else {
      return Moment(instant: instant, offset: first, fold: 0)
    }
    let again = seconds - last.at < last.before - last.after
    return Moment(instant: instant, offset: last.after, fold: again ? 1 : 0)
  }

  /// The first reading of a local time (microseconds as if it were UTC); where the clocks never showed it, the
  /// reading with the offset from before the gap, as RFC 5545 (section 3.3.5) has it.
  @inline(__always)
  func moment(local: Int) -> Moment {
    let seconds = local.floorDivided(by: 1_000_000)
    let day = seconds.floorDivided(by: 86_400) - firstDay
    if day >= 0, day < days.count, days[day] != ZoneTable.shifting {
      return ZoneTable.reading(local, Int(days[day]))
    }
    for shift in shifts where seconds - shift.before < shift.at || seconds - shift.after < shift.at {
      return ZoneTable.reading(local, shift.before)
    }
    return ZoneTable.reading(local, shifts.last?.after ?? first)
  }

  /// Whether the local time of a moment occurs twice, or never; nil for the ordinary case.
  @inline(__always)
  func oddity(of moment: Moment) -> Ugliness? {
    let seconds = Int(moment.instant.microseconds).floorDivided(by: 1_000_000)
    let day = seconds.floorDivided(by: 86_400) - firstDay
    if day >= 0, day < days.count, days[day] != ZoneTable.shifting { return nil }
    return searchedOddity(local: seconds + moment.offset)
  }

  private func searchedOddity(local: Int) -> Ugliness? {
    for shift in shifts {
      let early = local - shift.before < shift.at
      let late = local - shift.after >= shift.at
      if early && late { return .ambiguousHour }
      if !early && !late { return .nonexistentHour }
      if early { return nil }
    }
    return nil
  }

  @inline(__always)
  private static func reading(_ local: Int, _ offset: Int) -> Moment {
    Moment(instant: Timestamp(microseconds: Int64(local - offset * 1_000_000)), offset: offset, fold: 0)
  }
}

extension Int {
  @inline(__always)
  func floorDivided(by divisor: Int) -> Int {
    let (quotient, rest) = quotientAndRemainder(dividingBy: divisor)
    return rest < 0 ? quotient - 1 : quotient
  }
}
