public import Base

/// What went wrong between the person and the program: words that cannot be understood, a terminal that is missing.
public struct CommandLineError: LayeredError {
  public enum Code: String, Sendable {
    /// The words on the command line.
    case usage
    /// Something must be accepted by a person, and was not.
    case notAccepted
    /// A secret that is configured cannot be had.
    case secret
    /// The background process did not begin its work.
    case detachment
    /// The system refused something the program needs.
    case system
    /// The result is there, and it says that something fell short.
    case differing
    /// Stopped on request.
    case cancelled
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
