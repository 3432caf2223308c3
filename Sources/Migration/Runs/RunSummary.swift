public import Base

/// One run as lists and `status` show it.
public struct RunSummary: Sendable, Codable, Equatable {
  public let run: UniqueID
  public let part: PartAddress
  public let plan: String
  public let state: RunState
  /// Whether a process works on it now.
  public let active: Bool
  public let startedAt: Timestamp?
  public let changedAt: Timestamp?
  /// The last progress told, while it is running or where it stopped.
  public let progress: Progress?
  /// The error that stopped it, where one did.
  public let failure: String?
  public let advice: String?
  /// How the last verification ended; nil before the first.
  public let verified: Bool?
  /// Rows that the last verification left aside, since the run had rejected them.
  public let rejected: Int
  public let folder: String

  public init(
    run: UniqueID, part: PartAddress, plan: String, state: RunState, active: Bool, startedAt: Timestamp?,
    changedAt: Timestamp?, progress: Progress?, failure: String?, advice: String?, verified: Bool?,
    rejected: Int = 0, folder: String
  ) {
    self.run = run
    self.part = part
    self.plan = plan
    self.state = state
    self.active = active
    self.startedAt = startedAt
    self.changedAt = changedAt
    self.progress = progress
    self.failure = failure
    self.advice = advice
    self.verified = verified
    self.rejected = rejected
    self.folder = folder
  }
}
