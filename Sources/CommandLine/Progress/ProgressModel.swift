public import Base
public import Migration

/// What a watcher needs to know of a run, folded from its events. No I/O.
public struct ProgressModel: Sendable, Equatable {
  /// The step at hand; empty before the first.
  public private(set) var title = ""
  public private(set) var number = 0
  public private(set) var count = 0
  public private(set) var startedAt: Timestamp?
  /// The last progress that was told of this step.
  public private(set) var progress: Progress?
  /// Whether the run is asked to stop.
  public private(set) var isStopping = false
  public private(set) var state: RunState = .planned

  public init() {}

  public mutating func take(_ event: Event) {
    switch event.kind {
    case .stateChanged(_, let to):
      state = to
      isStopping = to == .cancelling
      if to != .running, to != .cancelling { clearStep() }
      if to == .verifying || to == .rollingBack || to == .finalizing {
        title = to == .verifying ? "compare both sides" : to == .rollingBack ? "roll back" : "finalize"
        startedAt = event.at
      }
    case .stepStarted(_, let title, let number, let count):
      self.title = title
      self.number = number
      self.count = count
      startedAt = event.at
      progress = nil
    case .stepFinished, .stepFoundDone:
      clearStep()
    case .progress(let progress):
      self.progress = progress
      // A comparison has no steps: its progress tells what is at work.
      if title.isEmpty { title = progress.step }
    case .batchCommitted, .retried, .rejected, .compared, .warned, .failed, .noted:
      break
    }
  }

  private mutating func clearStep() {
    title = ""
    number = 0
    count = 0
    progress = nil
    startedAt = nil
  }

  /// Whether there is something to draw.
  public var isActive: Bool { !title.isEmpty }
}
