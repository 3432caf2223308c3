public import Base

/// What happens in a run: one stream feeds the terminal, the log file, messages, and whoever watches.
public struct Event: Sendable, Codable, Equatable {
  public let at: Timestamp
  public let run: UniqueID
  public let kind: Kind

  public init(at: Timestamp, run: UniqueID, kind: Kind) {
    self.at = at
    self.run = run
    self.kind = kind
  }

  public enum Kind: Sendable, Codable, Equatable {
    case stateChanged(from: RunState, to: RunState)
    case stepStarted(id: String, title: String, number: Int, of: Int)
    case stepFinished(id: String, seconds: Double, digest: String?)
    /// The step was found done already.
    case stepFoundDone(id: String)
    case progress(Progress)
    case batchCommitted(stream: String, range: Int, rows: Int, digest: String, seconds: Double)
    case retried(what: String, error: String, failures: Int, delay: Double)
    case rejected(stream: String, rows: Int, reason: String)
    /// Both sides were compared; so many rows were left aside, since they were rejected.
    case compared(agrees: Bool, rejected: Int)
    case warned(String)
    case failed(error: String, advice: String?)
    /// Something that a person should see and that no other case tells.
    case noted(String)
  }
}

/// How far a step is. Sent a few times a second; the last one stands for all.
public struct Progress: Sendable, Codable, Equatable {
  public var step: String
  /// What is being carried right now: a table, a file.
  public var current: String
  public var rowsDone: Int
  /// nil while it is not known.
  public var rowsTotal: Int?
  public var bytesDone: Int
  public var bytesTotal: Int?
  public var rowsPerSecond: Double
  public var bytesPerSecond: Double
  /// Seconds to the end of the step; nil while it is not known.
  public var remaining: Double?
  public var retries: Int
  public var rejects: Int

  public init(
    step: String, current: String = "", rowsDone: Int = 0, rowsTotal: Int? = nil, bytesDone: Int = 0,
    bytesTotal: Int? = nil, rowsPerSecond: Double = 0, bytesPerSecond: Double = 0, remaining: Double? = nil,
    retries: Int = 0, rejects: Int = 0
  ) {
    self.step = step
    self.current = current
    self.rowsDone = rowsDone
    self.rowsTotal = rowsTotal
    self.bytesDone = bytesDone
    self.bytesTotal = bytesTotal
    self.rowsPerSecond = rowsPerSecond
    self.bytesPerSecond = bytesPerSecond
    self.remaining = remaining
    self.retries = retries
    self.rejects = rejects
  }

  /// 0…1, nil while the total is not known.
  public var fraction: Double? {
    if let rowsTotal, rowsTotal > 0 { return min(1, Double(rowsDone) / Double(rowsTotal)) }
    if let bytesTotal, bytesTotal > 0 { return min(1, Double(bytesDone) / Double(bytesTotal)) }
    return nil
  }
}
