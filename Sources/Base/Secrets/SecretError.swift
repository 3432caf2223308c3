/// Why a secret could not be had. Never tells anything about its bytes.
public struct SecretError: LayeredError {
  public enum Code: Sendable {
    /// Others may read the file.
    case exposed
    case empty
    case tooLong
    /// There is no terminal to ask at.
    case noTerminal
    /// The person at the terminal gave up.
    case cancelled
    /// The file or the terminal failed; see the cause.
    case unreadable
  }

  public let code: Code
  public let doing: String
  public let reason: String
  public let advice: String?
  public let cause: (any Error)?

  public init(
    _ code: Code, doing: String, reason: String, advice: String? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.doing = doing
    self.reason = reason
    self.advice = advice
    self.cause = cause
  }
}
