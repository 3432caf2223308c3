/// How a zone's clocks were set over time: the compiled rules of the `tzdata` package (TZif, RFC 9636).
public final class TimeZoneRules: Sendable {
  /// What a local time means in a zone. Offsets are seconds east of UTC.
  public enum LocalResolution: Sendable, Equatable {
    case unique(Int)
    case ambiguous(earlier: Int, later: Int)
    case gap(before: Int, after: Int)
  }

  fileprivate let times: [Int64]
  fileprivate let offsets: [Int]

  public init(named name: String) throws {
    guard !name.contains(".."), !name.hasPrefix("/"), !name.isEmpty else {
      throw FileError(.notFound, doing: "read zone", path: name, reason: "no such zone")
    }
    let data = try Files.read("/usr/share/zoneinfo/\(name)", limit: 1 << 20)
    (times, offsets) = try TimeZoneRules.parse(data)
  }

  private static func parse(_ data: [UInt8]) throws -> ([Int64], [Int]) {
    func word(_ at: Int) -> Int { (0..<4).reduce(0) { $0 << 8 | Int(data[at + $1]) } }
    func long(_ at: Int) -> Int64 { Int64(bitPattern: (0..<8).reduce(UInt64(0)) { $0 << 8 | UInt64(data[at + $1]) }) }
    let (v1t, v1y, v1c, v1l) = (word(32), word(36), word(40), word(28))
    let start = 44 + v1t * 5 + v1y * 6 + v1c + v1l * 8 + word(24) + word(20)
    let (t, y) = (word(start + 32), word(start + 36))
    let base = start + 44
    let types = (0..<y).map { Int(Int32(truncatingIfNeeded: word(base + t * 9 + $0 * 6))) }
    return ((0..<t).map { long(base + $0 * 8) }, [types[0]] + (0..<t).map { types[Int(data[base + t * 8 + $0])] })
  }

  public func resolve(_ civil: CivilTime) -> LocalResolution {
    let local = civil.instant(offsetMinutes: 0).microseconds / 1_000_000
    var found: [Int] = []
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < local - 86_400 { low = middle + 1 } else { high = middle }
    }
    var index = low
    while true {
      let offset = offsets[index]
      let utc = local - Int64(offset)
      if (index == 0 || utc >= times[index - 1]) && (index == times.count || utc < times[index]) { found.append(offset) }
      if index == times.count || times[index] > local + 86_400 { break }
      index += 1
    }
    if found.count == 1 { return .unique(found[0]) }
    if found.count > 1 { return .ambiguous(earlier: found[0], later: found[1]) }
    for index in times.indices where local - Int64(offsets[index]) >= times[index] && local - Int64(offsets[index + 1]) < times[index] {
      return .gap(before: offsets[index], after: offsets[index + 1])
    }
    return .unique(offsets[times.count])
  }
}

extension CivilTime {
  public func instant(offsetSeconds: Int) -> Timestamp {
    Timestamp(microseconds: instant(offsetMinutes: 0).microseconds - Int64(offsetSeconds) * 1_000_000)
  }
}

extension TimeZoneRules {
  /// Seconds east of UTC at an instant.
  public func offset(at time: Timestamp) -> Int {
    let seconds = time.microseconds >= 0 ? time.microseconds / 1_000_000 : (time.microseconds - 999_999) / 1_000_000
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= seconds { low = middle + 1 } else { high = middle }
    }
    return offsets[low]
  }
}
