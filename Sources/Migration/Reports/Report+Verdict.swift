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
      all.append(rejects == 1 ? "One row was rejected." : "\(Human.count(rejects)) rows were rejected.")
    }
    return all
  }

  /// What can be done next, most likely first.
  public var nextCommands: [NextCommand] { state.nextCommands(run: run.description, part: part) }
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
    case .planned: "planned and not begun"
    default: rawValue
    }
  }
}
