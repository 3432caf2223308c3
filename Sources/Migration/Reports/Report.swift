public import Base

/// What a run did, for whoever was not there: signed, and enough to be believed without the databases.
///
/// Its JSON is described in `docs/formats/report.md`. A program reads every format up to its own.
public struct Report: Sendable, Codable, Equatable {
  public static let currentFormat = 1

  public struct StateChange: Sendable, Codable, Equatable {
    public let at: Timestamp
    public let from: RunState
    public let to: RunState
  }

  /// The error that stopped a run.
  public struct Failure: Sendable, Codable, Equatable {
    public let error: String
    public let advice: String?
  }

  /// Rows of one stream that could not be carried for one reason.
  public struct Rejection: Sendable, Codable, Equatable {
    public let stream: String
    public let reason: String
    public let rows: Int
  }

  /// What had to be tried again, and how often.
  public struct Retry: Sendable, Codable, Equatable {
    public let what: String
    public let error: String
    public let times: Int
  }

  public let format: Int
  public let program: String
  public let run: UniqueID
  public let part: PartAddress
  public let planHash: String
  /// What was asked for when the plan was made.
  public let request: PlanRequest
  public let state: RunState
  public let writtenAt: Timestamp
  public let history: [StateChange]
  public let inputs: [PlanInput]
  public let steps: [PlannedStep]
  /// Seconds by step id, of the steps that ran, all attempts together.
  public let stepSeconds: [String: Double]
  /// The ids of the steps that are done, sorted; a run that was taken back has them too.
  public let stepsDone: [String]
  /// Waived ones carry who and why.
  public let findings: [Finding]
  /// What cannot be taken back, as the plan said.
  public let irreversible: [String]
  /// Nil before the first verification and after the run was taken back.
  public let verification: Verification?
  public let counts: [TableCount]
  public let retries: Int
  /// The commonest causes of retries, at most ``RunChronicle/longestList``.
  public let retryCauses: [Retry]
  public let rejects: Int
  public let rejections: [Rejection]
  /// The first warnings, at most ``RunChronicle/longestList``.
  public let warnings: [String]
  public let warningCount: Int
  /// Present where the run stands still because of it.
  public let failure: Failure?
  public let throughput: [ThroughputSeries]
  public let sections: [ReportSection]
  /// SHA-256 of the signing key's public half as DER (RFC 8410): 64 hexadecimal digits.
  public let signingKey: String
}
