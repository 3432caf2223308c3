public import Base

/// A failure of the test equipment itself: a server that does not start, a tool that is missing.
public struct SupportError: LayeredError {
  public enum Code: Sendable, Equatable {
    /// The operating system refused.
    case system
    /// A program is not installed, or this account may not do it.
    case unavailable
    /// A program ended with an error.
    case failed
    /// A program did not get ready, or did not end, in time.
    case timedOut
  }

  public let code: Code
  public let doing: String
  public let reason: String
  public let advice: String?
  public let cause: (any Error)?

  init(_ code: Code, doing: String, reason: String = "", advice: String? = nil, cause: (any Error)? = nil) {
    self.code = code
    self.doing = doing
    self.reason = reason
    self.advice = advice
    self.cause = cause
  }

  /// A failed call of the C library, told by `errno`.
  static func system(doing: String, number: Int32) -> SupportError {
    SupportError(.system, doing: doing, reason: errorText(number))
  }
}
