public import Base

/// What went wrong with an archive.
public struct ArchiveError: LayeredError {
  public enum Code: String, Sendable {
    /// A name that an archive should not hold, or one that is in it already.
    case refusedName
    /// The file could not be read or written; the cause tells why.
    case file
    /// libarchive refused.
    case library
  }

  public let code: Code
  public let doing: String
  public let reason: String
  public let advice: String?
  public let cause: (any Error)?

  public init(
    _ code: Code, doing: String, reason: String = "", advice: String? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.doing = doing
    self.reason = reason
    self.advice = advice
    self.cause = cause
  }
}
