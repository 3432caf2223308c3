internal import Glibc

/// An instant: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
public struct Timestamp: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  public var microseconds: Int64

  @inlinable
  public init(microseconds: Int64) { self.microseconds = microseconds }

  @inlinable
  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

  @inlinable
  public var milliseconds: Int64 { microseconds >= 0 ? microseconds / 1000 : (microseconds - 999) / 1000 }

  /// The instant that many seconds later.
  public func advanced(seconds: Double) -> Timestamp {
    Timestamp(microseconds: microseconds + Int64((seconds * 1_000_000).rounded()))
  }

  public func seconds(since earlier: Timestamp) -> Double {
    Double(microseconds - earlier.microseconds) / 1_000_000
  }

  /// RFC 3339 in UTC with as many of six decimals as are not zero: `2026-11-20T15:05:45.001124Z`.
  public var description: String {
    let civil = CivilTime(self, offsetMinutes: 0)
    return civil.description + "Z"
  }

  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let instant = Timestamp(rfc3339: text) else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "not an RFC 3339 time"))
    }
    self = instant
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads RFC 3339 (`2026-11-20T15:05:45.25+01:00`, the colon in the offset may be missing), or a plain date as
  /// its first instant in UTC. No leap second and no more than six decimals.
  public init?(rfc3339 text: some StringProtocol) {
    var bytes = Array(text.utf8)
    if bytes.count == 10 { bytes += Array("T00:00:00Z".utf8) }
    guard let (civil, used) = CivilTime.parse(bytes.span), used < bytes.count else { return nil }
    let zone = bytes[used...]
    if zone.count == 1, zone.first == UInt8(ascii: "Z") || zone.first == UInt8(ascii: "z") {
      self = civil.instant(offsetMinutes: 0)
      return
    }
    var digits = zone.dropFirst().map { Int($0) - 48 }
    if digits.count == 5, digits[2] == 10 { digits.remove(at: 2) }
    guard digits.count == 4, digits.allSatisfy({ (0...9).contains($0) }), digits[2] < 6,
      digits[0] * 10 + digits[1] < 24, zone.first == UInt8(ascii: "+") || zone.first == UInt8(ascii: "-")
    else { return nil }
    let minutes = (digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]
    self = civil.instant(offsetMinutes: zone.first == UInt8(ascii: "-") ? -minutes : minutes)
  }
}

/// Where the time comes from. Handed in, so that tests decide what time it is.
public protocol Clock: Sendable {
  func now() -> Timestamp
}

/// The system's real-time clock.
public struct SystemClock: Clock {
  public init() {}

  public func now() -> Timestamp {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
  }
}

/// A clock that stands still until it is moved.
public struct FixedClock: Clock {
  public var time: Timestamp
  public init(_ time: Timestamp) { self.time = time }
  public func now() -> Timestamp { time }
}
