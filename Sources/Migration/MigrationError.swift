public import Base

/// What went wrong in the engine itself, between the person, the plan and the systems.
public struct MigrationError: LayeredError {
  public enum Code: String, Sendable {
    /// A name, number or choice that nobody can act on.
    case usage
    /// A finding forbids to go on.
    case blocked
    /// The plan was made for other facts than those found now.
    case stalePlan
    /// The plan that is to be carried out was not accepted, or does not exist.
    case notAccepted
    /// There is no such run, plan or part.
    case notFound
    /// The run is not in a state in which this can be done.
    case wrongState
    /// Another process works on the same run or the same destination.
    case inUse
    /// A file of the run is not what this program wrote.
    case damaged
    /// The run was stopped on request.
    case cancelled
    /// A step failed; the cause tells why.
    case stepFailed
    /// Both sides do not hold the same.
    case verificationFailed
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
