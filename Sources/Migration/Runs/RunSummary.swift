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
  /// When it begins, while it waits for that.
  public let startsAt: Timestamp?
  /// The last progress told, while a process works on it.
  public let progress: Progress?
  /// Rows that it has brought, as its last report counted them; nil before the first, and once they were taken back.
  public let rows: Int?
  /// The error that stopped it, where one did.
  public let failure: String?
  public let advice: String?
  /// How the last verification ended; nil before the first, and once the run was taken back.
  public let verified: Bool?
  /// Rows that the last verification left aside, since the run had rejected them.
  public let rejected: Int
  public let folder: String

  public init(
    run: UniqueID, part: PartAddress, plan: String, state: RunState, active: Bool, startedAt: Timestamp?,
    changedAt: Timestamp?, startsAt: Timestamp? = nil, progress: Progress?, rows: Int? = nil, failure: String?,
    advice: String?, verified: Bool?, rejected: Int = 0, folder: String
  ) {
    self.run = run
    self.part = part
    self.plan = plan
    self.state = state
    self.active = active
    self.startedAt = startedAt
    self.changedAt = changedAt
    self.startsAt = startsAt
    self.progress = progress
    self.rows = rows
    self.failure = failure
    self.advice = advice
    self.verified = verified
    self.rejected = rejected
    self.folder = folder
  }
}

extension RunSummary {
  /// What can follow, the likely one first.
  ///
  /// - Parameter run: how commands name the run; its id where it is left out.
  public func nextCommands(naming run: String? = nil) -> [NextCommand] {
    state.nextCommands(run: run ?? self.run.description, part: part, isActive: active)
  }
}
