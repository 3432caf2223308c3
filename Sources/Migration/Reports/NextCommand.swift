/// A command that a person may want to give next, and what for.
public struct NextCommand: Sendable, Equatable {
  /// Without the program's name: `rollback 0f1e2d3c`.
  public let words: String
  public let why: String

  init(_ words: String, _ why: String) {
    self.words = words
    self.why = why
  }

  /// As it is typed where nothing more has to be said.
  public var command: String { "locktender \(words)" }
}

extension RunState {
  /// What can follow on this state, most likely first.
  ///
  /// - Parameters:
  ///   - run: how commands name the run.
  ///   - isActive: whether a process works on it now.
  public func nextCommands(run: String, part: PartAddress, isActive: Bool = false) -> [NextCommand] {
    let undo = NextCommand("rollback \(run)", "takes back exactly what this run brought")
    let again = NextCommand("verify \(run)", "reads both sides again and writes the report anew")
    let resume = NextCommand("resume \(run)", "goes on where the run stopped")
    let bundle = NextCommand("support bundle \(run)", "packs what a supporter needs to see")
    if isActive, isAtWork {
      let watch = NextCommand("watch \(run)", "shows the run while it is carried out")
      let cancel = NextCommand("cancel \(run)", "stops it; what is in stays")
      return next(.cancel) != nil || self == .verifying ? [watch, cancel] : [watch]
    }
    return switch self {
    case .verified:
      [
        NextCommand("finalize \(run)", "says that all is well; from then on nothing is taken back"), again, undo,
      ]
    case .differing:
      [NextCommand("compare \(run)", "shows where both sides differ, table by table"), again, undo, bundle]
    case .failed: [resume, undo, bundle]
    case .running, .cancelling, .cancelled: [resume, undo]
    case .planned: [resume]
    case .waiting: [resume, NextCommand("resume \(run) --now", "begins without waiting any longer")]
    case .blocked: [NextCommand("check \(part)", "shows the findings and their remedies"), resume, undo]
    case .applied, .verifying: [again, undo]
    case .finalizing: [NextCommand("finalize \(run)", "goes on with what is left to do")]
    case .rollingBack: [undo]
    case .finalized: [NextCommand("retire \(part)", "puts away what the run has left behind")]
    case .rolledBack: [NextCommand("plan \(part)", "makes a new plan")]
    }
  }
}
