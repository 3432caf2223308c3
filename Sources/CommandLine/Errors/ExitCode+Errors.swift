internal import Base
public import Migration

extension ExitCode {
  /// The one mapping from what went wrong to what the caller of the program sees.
  public init(_ error: any Error) {
    let links = chain(of: error)
    self = links.first.map(ExitCode.outer) ?? .failed
    // A step that fails because of a finding, a request or a comparison says so deeper down.
    if self == .failed {
      for link in links.dropFirst() {
        let code = ExitCode.inner(link)
        if code != .failed {
          self = code
          return
        }
      }
    }
  }

  public init(_ code: MigrationError.Code) {
    self =
      switch code {
      case .usage, .notAccepted, .notFound: .usage
      case .blocked, .stalePlan: .blocked
      case .verificationFailed: .differing
      case .cancelled: .cancelled
      case .wrongState, .inUse, .damaged, .stepFailed: .failed
      }
  }

  private static func outer(_ error: any Error) -> ExitCode {
    switch error {
    case let error as MigrationError: ExitCode(error.code)
    case let error as CommandLineError:
      switch error.code {
      case .usage, .notAccepted: .usage
      case .differing: .differing
      case .cancelled: .cancelled
      case .secret, .detachment, .system: .failed
      }
    case is CancellationError: .cancelled
    default: .failed
    }
  }

  private static func inner(_ error: any Error) -> ExitCode {
    let code = outer(error)
    return code == .usage ? .failed : code
  }

  /// What `watch` and `apply` end with for a run that nobody works on any longer.
  init(_ summary: RunSummary) {
    self =
      switch summary.state {
      // Both sides agree, and rows are missing all the same: never silently equal.
      case .verified, .finalized: summary.rejected > 0 ? .differing : .done
      case .rolledBack: .done
      case .cancelled: .cancelled
      case .blocked: .blocked
      case .differing: .differing
      // The steps are done, but nobody has compared both sides to the end.
      case .applied: summary.failure == nil ? .differing : .failed
      case .planned, .waiting, .running, .cancelling, .failed, .verifying, .finalizing, .rollingBack: .failed
      }
  }
}
