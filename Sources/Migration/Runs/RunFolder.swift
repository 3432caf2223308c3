public import Base

/// The folder of one run: its plan, journal, events, report, and the lock of the process that works on it.
public struct RunFolder: Sendable {
  public let run: UniqueID
  public let path: String

  public init(run: UniqueID, in workplace: Workplace) {
    self.run = run
    path = "\(workplace.runsFolder)/\(run)"
  }

  public var plan: String { path + "/plan.json" }
  public var journal: String { path + "/journal.db" }
  public var events: String { path + "/events.jsonl" }
  public var report: String { path + "/report.json" }
  public var reportPage: String { path + "/report.html" }
  public var verification: String { path + "/verification.json" }
  /// Held by the process that works on the run; free where nobody does.
  public var lock: String { path + "/lock" }
  /// Present once somebody asked the run to stop.
  public var cancelRequest: String { path + "/cancel" }
}
