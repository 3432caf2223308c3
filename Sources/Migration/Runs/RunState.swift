/// Where a run stands. A pure state machine: an input gives the next state or is refused; nothing is done here.
public enum RunState: String, Sendable, Codable, CaseIterable {
  /// Accepted, nothing done yet.
  case planned
  /// Waiting for its maintenance window.
  case waiting
  case running
  /// Asked to stop; the batch at hand is brought to its end.
  case cancelling
  case cancelled
  /// A step failed after its retries; what is in stays, and the run can be resumed.
  case failed
  /// A finding forbids to go on.
  case blocked
  /// All steps are done; both sides have not been compared yet.
  case applied
  case verifying
  case verified
  /// Both sides were compared and differ.
  case differing
  case finalizing
  case finalized
  case rollingBack
  case rolledBack

  public enum Input: String, Sendable, Codable, CaseIterable {
    case wait, start, cancel, stopped, fail, block, complete, verify, agree, differ, finalize, finish, rollBack,
      undone

    /// What it does to a run, as messages say it.
    public var act: String {
      switch self {
      case .wait: "let the run wait"
      case .start: "go on with the run"
      case .cancel: "cancel the run"
      case .stopped: "stop the run"
      case .fail: "call the run failed"
      case .block: "hold the run up"
      case .complete: "end the steps of the run"
      case .verify: "compare both sides of the run"
      case .agree, .differ: "end the comparison of the run"
      case .finalize: "finalize the run"
      case .finish: "end the finalizing of the run"
      case .rollBack: "roll the run back"
      case .undone: "end the rollback of the run"
      }
    }
  }

  /// The state that an input leads to; nil where the input makes no sense.
  public func next(_ input: Input) -> RunState? {
    switch (self, input) {
    // A run that was cancelled while it waited waits again.
    case (.planned, .wait), (.waiting, .wait), (.cancelled, .wait): .waiting
    case (.planned, .start), (.waiting, .start), (.cancelled, .start), (.failed, .start), (.blocked, .start),
      (.running, .start), (.cancelling, .start):
      // A run found running or cancelling by a new process was interrupted: starting is resuming.
      .running
    case (.applied, .start), (.verifying, .start):
      // Its destination was put back: what was done is to be done again.
      .running
    case (.waiting, .cancel), (.planned, .cancel): .cancelled
    case (.running, .cancel): .cancelling
    case (.cancelling, .cancel): .cancelling
    case (.cancelling, .stopped), (.running, .stopped): .cancelled
    case (.running, .fail), (.cancelling, .fail), (.verifying, .fail), (.finalizing, .fail), (.rollingBack, .fail):
      self == .verifying ? .applied : self == .running || self == .cancelling ? .failed : self
    case (.planned, .block), (.waiting, .block), (.running, .block), (.cancelling, .block), (.cancelled, .block),
      (.failed, .block), (.blocked, .block):
      // Wherever a run may begin or go on, a finding may forbid it.
      .blocked
    case (.running, .complete), (.cancelling, .complete): .applied
    case (.applied, .verify), (.verified, .verify), (.differing, .verify), (.verifying, .verify): .verifying
    case (.verifying, .agree): .verified
    case (.verifying, .differ): .differing
    case (.verified, .finalize), (.finalizing, .finalize): .finalizing
    case (.finalizing, .finish): .finalized
    case (.cancelled, .rollBack), (.failed, .rollBack), (.blocked, .rollBack), (.applied, .rollBack),
      (.verified, .rollBack), (.differing, .rollBack), (.rollingBack, .rollBack), (.running, .rollBack),
      (.cancelling, .rollBack), (.verifying, .rollBack):
      .rollingBack
    case (.rollingBack, .undone): .rolledBack
    default: nil
    }
  }

  /// Whether nothing can follow.
  public var isFinal: Bool { self == .finalized || self == .rolledBack }

  /// Whether a run in this state is in some process's hands, or was cut off.
  public var isAtWork: Bool {
    switch self {
    case .planned, .waiting, .running, .cancelling, .verifying, .finalizing, .rollingBack: true
    case .cancelled, .failed, .blocked, .applied, .verified, .differing, .finalized, .rolledBack: false
    }
  }

  /// Whether `resume` makes sense.
  public var isResumable: Bool { !isFinal && next(.start) == .running }
}
