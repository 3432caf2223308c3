/// Why the rules of a time zone could not be had.
public struct TimeZoneError: LayeredError {
  public enum Code: Sendable {
    /// No zone has this name.
    case unknownZone
    /// The system has no time zone data.
    case noData
    /// The file of the zone breaks RFC 8536.
    case malformed
  }

  public let code: Code
  public let doing: String
  public let reason: String
  public let advice: String?
  public let cause: (any Error)?

  public init(_ code: Code, zone: String, reason: String, advice: String? = nil, cause: (any Error)? = nil) {
    self.code = code
    doing = "load time zone"
    self.reason = "\(zone): \(reason)"
    self.advice = advice
    self.cause = cause
  }
}
