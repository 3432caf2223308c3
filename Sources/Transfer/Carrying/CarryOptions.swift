package import Database

/// How rows are carried: decided by the plan.
public struct CarryOptions: Sendable {
  public enum Mode: String, Sendable, Codable {
    /// The destination is blank and nobody looks at it: oldest rows first, keys and indexes afterwards.
    case bulk
    /// The destination is in use: keys and indexes are kept, newest rows first.
    case live
  }

  public var mode: Mode
  public var workers: Int
  /// How many rows may be rejected before the step fails.
  public var rejectLimit: Int

  public init(mode: Mode, workers: Int, rejectLimit: Int) {
    self.mode = mode
    self.workers = workers
    self.rejectLimit = rejectLimit
  }

  /// Session settings for a connection that writes batches.
  package func prepare(_ connection: Connection) throws {
    switch connection.engine {
    case .postgresql:
      // A batch and its checkpoint are lost or kept together, and the step's end commits synchronously: waiting for
      // the disk at every batch would protect nothing more.
      try connection.execute("SET synchronous_commit = off")
    case .sqlite:
      // Rows without keys only go to the tables' ends, so little need be kept. A log that is written back after every
      // batch would cost a wait for the disk each time.
      let kept = mode == .bulk ? 8_192 : 65_536
      try connection.execute(
        unsafeScript:
          "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 16384; PRAGMA cache_size = -\(kept)")
    case .odbc:
      break
    }
  }
}
