internal import Base

/// When and where the requests of a history are made: more from year to year, on working days and in working
/// hours, a few by night, and as many as asked for in the hours that occur twice or never.
struct HistoryCalendar {
  struct Slot {
    var moment: Moment
    var place: Int
  }

  static let years = 12

  let zones: [ZoneTable]
  /// The first day of the history, counted from 1970.
  let firstDay: Int
  let dayCount: Int

  private let total: Int
  private let specials: [Special]
  private let totalWeight: Int
  private var dice: Dice

  private var day = 0
  private var weightSoFar = 0
  private var nextSpecial = 0
  /// Sorted; those from `ready` on may still be overtaken by slots of the next day.
  private var slots: [Slot] = []
  private var nextSlot = 0
  private var ready = 0

  /// An hour that occurs twice or never, and how many requests are made in it.
  private struct Special {
    let day: Int
    let place: Int
    let shift: ZoneTable.Shift
    var count = 0

    var isFold: Bool { shift.after < shift.before }
    /// Local seconds that are shown twice, or left out.
    var local: Range<Int> {
      isFold ? shift.at + shift.after..<shift.at + shift.before : shift.at + shift.before..<shift.at + shift.after
    }
  }

  /// - Parameters:
  ///   - end: the history ends with the day before this one (counted from 1970).
  ///   - total: how many slots there are; at most so many may be asked for.
  init(zones: [ZoneTable], until end: Int, total: Int, rates: LabRates, seed: UInt64) {
    self.zones = zones
    let dayCount = HistoryCalendar.years * 1461 / 4
    self.dayCount = dayCount
    firstDay = end - dayCount
    self.total = total
    dice = Dice(seed: seed, stream: 101)
    specials = HistoryCalendar.specials(zones, firstDay, dayCount, total, rates)
    totalWeight = (0..<dayCount).reduce(0) { [firstDay] in
      $0 + HistoryCalendar.weight(of: $1, of: dayCount, weekday: firstDay + $1)
    }
  }

  /// The next slot, ordered by instant.
  mutating func next() -> Slot {
    while nextSlot == ready { fillDay() }
    nextSlot += 1
    return slots[nextSlot - 1]
  }

  // MARK: Days

  /// Grows to three times the start over the years; 1970-01-01 was a Thursday.
  private static func weight(of day: Int, of count: Int, weekday: Int) -> Int {
    let growth = 100 + 200 * day / count
    return switch (weekday + 3) % 7 {
    case 5: growth * 12
    case 6: growth * 6
    default: growth * 100
    }
  }

  private mutating func fillDay() {
    invariant(day < dayCount, "a history that is longer than its calendar")
    slots.removeSubrange(..<ready)
    nextSlot = 0
    let ordinary = total - specials.reduce(0) { $0 + $1.count }
    let before = weightSoFar
    weightSoFar += HistoryCalendar.weight(of: day, of: dayCount, weekday: firstDay + day)
    for _ in (before * ordinary / totalWeight)..<(weightSoFar * ordinary / totalWeight) {
      slots.append(ordinarySlot())
    }
    while nextSpecial < specials.count, specials[nextSpecial].day <= day {
      for _ in 0..<specials[nextSpecial].count { slots.append(specialSlot(specials[nextSpecial])) }
      nextSpecial += 1
    }
    slots.sort {
      ($0.moment.instant, $0.place, $0.moment.offset) < ($1.moment.instant, $1.place, $1.moment.offset)
    }
    day += 1
    // A day begins east of the date line fourteen hours before it does in Greenwich.
    let tomorrow = Timestamp(microseconds: Int64((firstDay + day) * 86_400 - 14 * 3600) * 1_000_000)
    ready = day == dayCount ? slots.count : slots.firstIndex { $0.moment.instant >= tomorrow } ?? slots.count
  }

  private static let hours = Quantiles(weights: [
    (0, 1), (1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 3), (7, 10), (8, 24), (9, 30), (10, 30), (11, 26), (12, 14),
    (13, 24), (14, 28), (15, 26), (16, 20), (17, 9), (18, 4), (19, 2), (20, 1), (21, 1), (22, 1), (23, 1),
  ])

  private mutating func ordinarySlot() -> Slot {
    let place = Places.mix.draw(&dice)
    let second = (firstDay + day) * 86_400 + HistoryCalendar.hours.draw(&dice) * 3600 + dice.below(3600)
    return Slot(moment: zones[place].moment(local: second * 1_000_000 + fraction()), place: place)
  }

  private mutating func specialSlot(_ special: Special) -> Slot {
    let local = (special.local.lowerBound + dice.below(special.local.count)) * 1_000_000 + fraction()
    let second = special.isFold && dice.chance(percent: 50)
    let offset = second ? special.shift.after : special.shift.before
    return Slot(
      moment: Moment(
        instant: Timestamp(microseconds: Int64(local - offset * 1_000_000)), offset: offset, fold: second ? 1 : 0),
      place: special.place)
  }

  /// Most programs write whole seconds, some milliseconds, few microseconds.
  private mutating func fraction() -> Int {
    switch dice.below(10) {
    case 0: dice.below(1_000_000)
    case 1...3: dice.below(1000) * 1000
    default: 0
    }
  }

  // MARK: Hours that occur twice or never

  private static func specials(
    _ zones: [ZoneTable], _ firstDay: Int, _ dayCount: Int, _ total: Int, _ rates: LabRates
  ) -> [Special] {
    var all = [Special]()
    for (place, zone) in zones.enumerated() {
      for shift in zone.shifts where shift.before != shift.after {
        let day = (shift.at + min(shift.before, shift.after)).floorDivided(by: 86_400) - firstDay
        if day >= 0, day < dayCount { all.append(Special(day: day, place: place, shift: shift)) }
      }
    }
    all.sort { ($0.day, $0.place) < ($1.day, $1.place) }
    for (kind, fold) in [(Ugliness.ambiguousHour, true), (.nonexistentHour, false)] {
      let places = all.indices.filter { all[$0].isFold == fold }
      let hits = rates.hits(kind, among: total)
      for (rank, index) in places.enumerated() {
        all[index].count = hits * (rank + 1) / places.count - hits * rank / places.count
      }
    }
    return all
  }
}
