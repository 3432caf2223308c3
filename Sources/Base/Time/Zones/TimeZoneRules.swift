internal import Glibc

/// What a clock of a zone shows when, in the past and in the future.
///
/// Offsets are seconds ahead of UTC, exact also where they are no whole minutes (local mean time before
/// railways). The rules come from the system's `tzdata` (TZif, RFC 8536) and not from Foundation, which leaves
/// out much before 1970. Loaded once; a lookup is a search in a small array, tens of millions a second.
public final class TimeZoneRules: Sendable {
  /// What the zone was asked for by.
  public let name: String
  /// Seconds since 1970 at which the offset changes.
  private let times: [Int64]
  /// The offset before the first change, and from each change on.
  private let offsets: [Int]
  /// From what a clock shows on, a change is under way: the first time shown twice, or the first one skipped.
  private let localStarts: [Int64]
  /// From when on the table repeats itself every 400 years; nil where the last offset stays for ever.
  private let repeatsFrom: Int64?

  /// 146,097 days, a whole number of weeks: the Gregorian calendar begins anew.
  private static let cycle: Int64 = 146_097 * 86_400

  /// Loads a zone.
  ///
  /// - Parameters:
  ///   - name: of the IANA database, `Europe/Vienna`, or one of Windows, `W. Europe Standard Time`.
  ///   - folder: of the TZif files; nil takes `$TZDIR` or `/usr/share/zoneinfo`.
  public convenience init(named name: String, folder: String? = nil) throws(TimeZoneError) {
    let folder = folder ?? TimeZoneRules.systemFolder
    let zone = ianaZone(windows: name) ?? name
    guard TimeZoneRules.isValid(zone) else { throw TimeZoneRules.unknown(name, cause: nil) }
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Files.read(Paths.join(folder, zone), limit: 1 << 20)
    } catch {
      // A folder that cannot be looked at is as good as none.
      guard (try? Files.exists(folder)) == true else {
        throw TimeZoneError(
          .noData, zone: name, reason: "there is no time zone data in \(folder)",
          advice: "Run `apt-get install tzdata`.", cause: error)
      }
      throw TimeZoneRules.unknown(name, cause: error)
    }
    try self.init(named: name, bytes: bytes.span)
  }

  /// Reads a zone from the bytes of a TZif file.
  public init(named name: String, bytes: Span<UInt8>) throws(TimeZoneError) {
    self.name = name
    var changes: [(time: Int64, offset: Int)]
    let first: Int
    do throws(ZoneFile.Fault) {
      let file = try ZoneFile(bytes)
      first = file.offsets[0]
      changes = Array(zip(file.times, file.offsets.dropFirst()))
      repeatsFrom = try TimeZoneRules.addYears(after: file.footer, first: first, to: &changes)
    } catch {
      throw TimeZoneError(
        .malformed, zone: name, reason: error.reason, advice: "Reinstall the package tzdata.")
    }
    var times = [Int64]()
    var offsets = [first]
    for (time, offset) in changes where offset != offsets[offsets.count - 1] {
      times.append(time)
      offsets.append(offset)
    }
    self.times = times
    self.offsets = offsets
    localStarts = times.indices.map { times[$0] + Int64(min(offsets[$0], offsets[$0 + 1])) }
  }

  /// Seconds ahead of UTC at an instant.
  public func offset(at instant: Timestamp) -> Int {
    var seconds = instant.microseconds / 1_000_000
    if instant.microseconds % 1_000_000 < 0 { seconds -= 1 }
    if let repeatsFrom, seconds >= repeatsFrom {
      seconds -= ((seconds - repeatsFrom) / TimeZoneRules.cycle + 1) * TimeZoneRules.cycle
    }
    return offsets[TimeZoneRules.count(of: times, upTo: seconds)]
  }

  /// What a clock of the zone shows at an instant.
  public func civil(at instant: Timestamp) -> CivilTime {
    CivilTime(instant, offsetSeconds: offset(at: instant))
  }

  /// Which offsets a clock has that shows this time.
  public func resolve(_ civil: CivilTime) -> LocalResolution {
    var seconds = Int64(civil.secondsAsUTC)
    if let repeatsFrom, seconds >= repeatsFrom {
      seconds -= ((seconds - repeatsFrom) / TimeZoneRules.cycle + 1) * TimeZoneRules.cycle
    }
    let changes = TimeZoneRules.count(of: localStarts, upTo: seconds)
    let after = offsets[changes]
    if changes == 0 { return .unique(offsetSeconds: after) }
    let before = offsets[changes - 1]
    if seconds >= times[changes - 1] + Int64(max(before, after)) { return .unique(offsetSeconds: after) }
    return before > after
      ? .ambiguous(earlier: before, later: after) : .gap(before: before, after: after)
  }

  /// How many of some ascending numbers are not above a limit.
  private static func count(of numbers: [Int64], upTo limit: Int64) -> Int {
    var low = 0
    var length = numbers.count
    while length > 0 {
      let half = length >> 1
      // Written so that the processor need not guess which way it goes.
      let isBelow = numbers[low + half] <= limit
      low = isBelow ? low + half + 1 : low
      length = isBelow ? length - half - 1 : half
    }
    return low
  }

  /// Appends the changes that a file's footer gives for the 401 years after its table.
  ///
  /// - Returns: from when on the changes repeat themselves; nil where there are no more.
  private static func addYears(
    after text: String, first: Int, to changes: inout [(time: Int64, offset: Int)]
  ) throws(ZoneFile.Fault) -> Int64? {
    if text.isEmpty { return nil }
    guard let footer = ZoneFooter(text) else { throw ZoneFile.Fault(reason: "its footer is no TZ string") }
    let last = changes.last ?? (time: -1 << 40, offset: first)
    if footer.daylight == nil {
      guard last.offset == footer.standard else { throw ZoneFile.Fault(reason: "its footer contradicts its table") }
      return nil
    }
    // A zone that is nothing but a rule, or that has one since ever, has it since 1900 here.
    let lastDay = last.time / 86_400 - (last.time % 86_400 < 0 ? 1 : 0)
    let year = max(1900, CivilTime.civil(days: Int(lastDay)).0)
    var later = (year - 1...year + 401).map { footer.changes(year: $0) }.joined().sorted { $0.time < $1.time }
    let inForce = later.last { $0.time <= last.time }?.offset
    if let inForce, !changes.isEmpty, inForce != last.offset {
      throw ZoneFile.Fault(reason: "its footer contradicts its table")
    }
    later.removeAll { $0.time <= last.time }
    changes += later
    return Int64(CivilTime.days(year: year + 401, month: 1, day: 1)) * 86_400
  }

  private static var systemFolder: String {
    guard let value = unsafe getenv("TZDIR") else { return "/usr/share/zoneinfo" }
    return unsafe String(cString: value)
  }

  /// Whether a name stays inside the folder of the zones.
  private static func isValid(_ name: String) -> Bool {
    name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part.first != "."
        && part.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
  }

  private static func unknown(_ name: String, cause: FileError?) -> TimeZoneError {
    TimeZoneError(
      .unknownZone, zone: name, reason: "no such zone", advice: "See `timedatectl list-timezones` for the names.",
      cause: cause)
  }
}

/// Which offsets a clock has that shows a certain time. All are seconds ahead of UTC.
public enum LocalResolution: Sendable, Equatable {
  case unique(offsetSeconds: Int)
  /// The clock was put back and shows this time twice.
  case ambiguous(earlier: Int, later: Int)
  /// The clock was put forward and never shows this time.
  case gap(before: Int, after: Int)

  /// The one offset; else the one before the clock was changed.
  public var offsetBefore: Int {
    switch self {
    case .unique(let offset): offset
    case .ambiguous(let earlier, _): earlier
    case .gap(let before, _): before
    }
  }

  /// The one offset; else the one after the clock was changed.
  public var offsetAfter: Int {
    switch self {
    case .unique(let offset): offset
    case .ambiguous(_, let later): later
    case .gap(_, let after): after
    }
  }
}
