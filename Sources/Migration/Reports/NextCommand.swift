public import Base

/// A command that a person may want to give next, and what for.
public struct NextCommand: Sendable, Equatable {
  public let command: String
  public let why: String

  init(_ command: String, _ why: String) {
    self.command = command
    self.why = why
  }
}

extension RunState {
  /// What can follow on this state, most likely first.
  public func nextCommands(run: UniqueID, part: PartAddress) -> [NextCommand] {
    let undo = NextCommand("locktender rollback \(run)", "takes back exactly what this run brought")
    let again = NextCommand("locktender verify \(run)", "reads both sides again and writes the report anew")
    let resume = NextCommand("locktender resume \(run)", "goes on where the run stopped")
    let bundle = NextCommand("locktender support bundle \(run)", "packs what a supporter needs to see")
    return switch self {
    case .verified:
      [
        NextCommand("locktender finalize \(run)", "says that all is well; from then on nothing is taken back"),
        again,
        undo,
      ]
    case .differing:
      [
        NextCommand("locktender compare \(run)", "shows where both sides differ, table by table"), again, undo,
        bundle,
      ]
    case .failed: [resume, undo, bundle]
    case .cancelled: [resume, undo]
    case .blocked: [NextCommand("locktender check \(part)", "shows the findings and their remedies"), resume]
    case .applied, .verifying: [again, undo]
    case .finalizing: [NextCommand("locktender finalize \(run)", "goes on with what is left to do")]
    case .rollingBack: [undo]
    case .finalized: [NextCommand("locktender retire \(part)", "puts away what the run has left behind")]
    case .rolledBack: [NextCommand("locktender plan \(part)", "makes a new plan")]
    case .planned, .waiting, .running, .cancelling:
      [NextCommand("locktender watch \(run)", "shows the run while it is carried out"), resume]
    }
  }
}
