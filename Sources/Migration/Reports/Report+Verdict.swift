internal import Base

/// How a run ended, in the one word at the top of its report.
public enum Verdict: String, Sendable, Codable, CaseIterable {
  /// Both sides were compared and hold the same.
  case verified
  /// Verified, and said to be well for good.
  case finalized
  /// Taken back.
  case rolledBack
  /// In, but something is short: rows were rejected.
  case incomplete
  /// Both sides were compared and differ.
  case differs
  case failed
  /// A finding forbade to go on.
  case blocked
  case cancelled
  /// Neither at an end nor stopped: the report was written on the way.
  case unfinished

  /// Whether nothing is short.
  public var isSuccess: Bool { self == .verified || self == .finalized || self == .rolledBack }
}

extension Report {
  public var verdict: Verdict {
    switch state {
    case .rolledBack: .rolledBack
    case .differing: .differs
    case .failed: .failed
    case .blocked: .blocked
    case .cancelled: .cancelled
    case .finalized: shortfalls.isEmpty ? .finalized : .incomplete
    case .verified: shortfalls.isEmpty ? .verified : verification?.agrees == true ? .incomplete : .differs
    case .planned, .waiting, .running, .cancelling, .applied, .verifying, .finalizing, .rollingBack: .unfinished
    }
  }

  /// What keeps the run from being a success, one sentence each; empty for a success.
  public var shortfalls: [String] {
    if state == .rolledBack { return [] }
    var all: [String] = []
    switch state {
    case .verified, .finalized: break
    // The comparison below tells how.
    case .differing where verification?.agrees == false: break
    case .differing: all.append("The last comparison found both sides to differ.")
    case .blocked: all.append("The run was not begun, because a finding forbids it.")
    case .failed: all.append("The run failed before all of its steps were done.")
    case .cancelled: all.append("The run was stopped on request before all of its steps were done.")
    case .applied, .verifying: all.append("Both sides have not been compared.")
    default: all.append("The run has not ended: it is \(state.title).")
    }
    if let failure { all.append("The error was: \(failure.error).") }
    if let verification {
      if !verification.agrees { all += verification.shortfalls }
    } else if state == .verified || state == .finalized || state == .differing {
      all.append("The report holds no comparison of both sides.")
    }
    if rejects > 0 {
      all.append(rejects == 1 ? "One row was rejected." : "\(grouped(rejects)) rows were rejected.")
    }
    return all
  }

  /// What can be done next, most likely first, with the reason for each.
  public var nextCommands: [(command: String, why: String)] {
    let run = run.description
    let undo = ("locktender rollback \(run)", "takes back exactly what this run brought")
    let again = ("locktender verify \(run)", "reads both sides again and writes this report anew")
    let resume = ("locktender resume \(run)", "goes on where the run stopped")
    return switch state {
    case .verified:
      [("locktender finalize \(run)", "says that all is well; from then on nothing is taken back"), again, undo]
    case .differing:
      [
        ("locktender compare \(run)", "shows where both sides differ, table by table"), again, undo,
        ("locktender support bundle \(run)", "packs what a supporter needs to see"),
      ]
    case .failed:
      [resume, undo, ("locktender support bundle \(run)", "packs what a supporter needs to see")]
    case .cancelled: [resume, undo]
    case .blocked: [("locktender check \(part)", "shows the findings and their remedies"), resume]
    case .applied, .verifying: [again, undo]
    case .finalizing: [("locktender finalize \(run)", "goes on with what is left to do")]
    case .rollingBack: [undo]
    case .finalized: [("locktender retire \(part)", "removes what the old version left behind")]
    case .rolledBack: [("locktender plan \(part)", "makes a new plan")]
    case .planned, .waiting, .running, .cancelling:
      [("locktender watch \(run)", "shows the run while it is carried out"), resume]
    }
  }
}

extension Verification {
  /// What differs, one sentence for all tables and one for each broken invariant.
  var shortfalls: [String] {
    let differing = lines.filter { !$0.agrees }.map(\.subject)
    var all: [String] = []
    if !differing.isEmpty { all.append("Both sides differ in \(listed(differing)).") }
    return all + invariants.filter(\.blocks).map { "\($0.subject): \($0.message)" }
  }
}

extension RunState {
  /// The state in words: `rolled back`.
  public var title: String {
    switch self {
    case .differing: "found to differ"
    case .rollingBack: "being rolled back"
    case .rolledBack: "rolled back"
    case .finalizing: "being finalized"
    case .verifying: "being verified"
    case .cancelling: "stopping"
    default: rawValue
    }
  }
}
