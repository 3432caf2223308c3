internal import Base
internal import Transfer

/// The rules of the zones met so far, found by the bytes of their names.
struct ZoneCache {
  private var names: [[UInt8]] = []
  private var rules: [TimeZoneRules?] = []
  private var last = 0

  /// The instant at which a clock in a zone showed a local time.
  ///
  /// - Parameters:
  ///   - local: `YYYY-MM-DD HH:MM:SS` with up to six decimals.
  ///   - secondReading: which reading of an hour that occurs twice is meant; nil where the source cannot tell, the
  ///     first is then taken.
  /// - Throws: `time.unreadable`, `zone.unknown`.
  mutating func instant(
    _ local: Span<UInt8>, zone: Span<UInt8>, secondReading: Bool?
  ) throws(RowRejection) -> ResolvedTime {
    guard let (civil, used) = CivilTime.parse(local), used == local.count else {
      throw RowRejection("time.unreadable")
    }
    guard let rules = rules(of: zone) else { throw RowRejection("zone.unknown") }
    switch rules.resolve(civil) {
    case .unique(let offset):
      return ResolvedTime(instant: civil.instant(offsetSeconds: offset), offset: offset, isAmbiguous: false)
    case .ambiguous(let earlier, let later):
      let offset = secondReading == true ? later : earlier
      return ResolvedTime(
        instant: civil.instant(offsetSeconds: offset), offset: offset, isAmbiguous: secondReading == nil)
    case .gap(let before, _):
      // No clock showed it; with the offset before the change, the same local time comes out again.
      return ResolvedTime(instant: civil.instant(offsetSeconds: before), offset: before, isAmbiguous: false)
    }
  }

  private mutating func rules(of zone: Span<UInt8>) -> TimeZoneRules? {
    if last < names.count, isEqual(names[last], zone) { return rules[last] }
    if let known = names.firstIndex(where: { isEqual($0, zone) }) {
      last = known
      return rules[known]
    }
    var name: [UInt8] = []
    for index in zone.indices { name.append(zone[index]) }
    names.append(name)
    // A zone that does not exist is remembered as such: its rows are rejected one by one.
    rules.append(try? TimeZoneRules(named: String(decoding: name, as: UTF8.self)))
    last = names.count - 1
    return rules[last]
  }

  private func isEqual(_ name: [UInt8], _ zone: Span<UInt8>) -> Bool {
    guard name.count == zone.count else { return false }
    for index in zone.indices where name[index] != zone[index] { return false }
    return true
  }
}

/// An instant with the offset at which it was written down.
struct ResolvedTime {
  var instant: Timestamp
  /// Seconds east of UTC.
  var offset: Int
  /// The source could not tell which of two readings was meant.
  var isAmbiguous: Bool
}
