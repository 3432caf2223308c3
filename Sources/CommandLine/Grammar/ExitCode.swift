/// What a finished program tells its caller. The numbers are a contract.
public enum ExitCode: Int32, Sendable, CaseIterable {
  case done = 0
  case failed = 1
  case usage = 2
  case blocked = 3
  case differing = 4
  case cancelled = 5

  /// A few words for lists.
  public var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "error"
    case .usage: "usage"
    case .blocked: "blocked by a finding"
    case .differing: "verification fell short"
    case .cancelled: "cancelled"
    }
  }

  /// One sentence for the manual.
  public var explanation: String {
    switch self {
    case .done: "What was asked for is done."
    case .failed: "It could not be done; the message tells why and what to do next."
    case .usage:
      "The command line or the platform file cannot be understood, or names something that is not there. Nothing was done."
    case .blocked: "A finding forbids it, or the plan no longer fits what is there. Nothing was done."
    case .differing: "Both sides were compared and do not hold the same, or could not be compared to the end."
    case .cancelled: "It was stopped on request. What is in stays, and the run can be resumed."
    }
  }
}
