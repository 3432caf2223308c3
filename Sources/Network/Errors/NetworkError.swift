public import Base

/// What went wrong with a message to another machine.
///
/// Tells the host and never the rest of an address: web hooks carry their secret there.
public struct NetworkError: LayeredError {
  public enum Code: String, Sendable {
    /// Not an address, header or message as the standards want them.
    case invalidInput
    /// No such host, nobody answers there, or the connection was lost.
    case unreachable
    case timedOut
    /// The certificate is not trusted, or not of that host.
    case untrusted
    /// The other side does not offer protection, and it is required.
    case unprotected
    /// The answer is larger than allowed.
    case tooLarge
    /// The user or the password is wrong.
    case invalidCredentials
    /// The other side refuses for good.
    case refused
    /// The other side refuses for now.
    case busy
    /// What came back is not the protocol, or anything else.
    case other
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

  /// Whether the same may work a little later.
  public var isTransient: Bool { code == .unreachable || code == .timedOut || code == .busy }
}
