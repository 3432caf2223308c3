public import Base

/// What a run did, for whoever was not there: signed, and enough to be believed without the databases.
public struct Report: Sendable, Codable, Equatable {
  public static let currentFormat = 1

  public struct StateChange: Sendable, Codable, Equatable {
    public let at: Timestamp
    public let from: RunState
    public let to: RunState
  }

  public let format: Int
  public let program: String
  public let run: UniqueID
  public let part: PartAddress
  public let planHash: String
  public let state: RunState
  public let writtenAt: Timestamp
  public let history: [StateChange]
  public let inputs: [PlanInput]
  public let steps: [PlannedStep]
  /// Seconds by step id, of the steps that ran.
  public let stepSeconds: [String: Double]
  /// Waived ones carry who and why.
  public let findings: [Finding]
  public let verification: Verification?
  public let retries: Int
  public let rejects: Int
  public let warnings: [String]
  public let sections: [ReportSection]

  /// What keeps the run from being a success, one sentence each; empty for a success.
  public var shortfalls: [String] {
    var all: [String] = []
    switch state {
    case .verified, .finalizing, .finalized, .rolledBack: break
    default: all.append("the run is \(state.rawValue)")
    }
    if let verification, !verification.agrees {
      let lines = verification.lines.filter { !$0.agrees }.map(\.subject)
      if !lines.isEmpty { all.append("both sides differ in " + lines.joined(separator: ", ")) }
      all += verification.invariants.filter(\.blocks).map(\.message)
    }
    if rejects > 0 { all.append("\(rejects) rows were rejected") }
    return all
  }
}
