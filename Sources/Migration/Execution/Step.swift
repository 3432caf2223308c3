public import Base

/// One act of a plan, with the means to tell after a crash whether it took effect.
public protocol Step: Sendable {
  /// The id of the planned step that it carries out.
  var id: String { get }

  /// Does it. Must be able to run again after it was cut off anywhere.
  ///
  /// - Throws: `CancellationError` where it stopped at a batch's end because it was asked to.
  func act(_ context: StepContext) async throws

  /// Tells whether the act took effect, by looking at the thing itself rather than at the journal.
  func probe(_ context: StepContext) async throws -> StepEffect

  /// Takes back what the act did, and this run's part of it alone. Must be able to run again.
  func undo(_ context: StepContext) async throws
}

extension Step {
  public func probe(_ context: StepContext) async throws -> StepEffect { .incomplete }
  public func undo(_ context: StepContext) async throws {}
}

/// What a probe saw.
public enum StepEffect: Sendable, Equatable {
  /// Not done, or done in part: the act is to run.
  case incomplete
  /// Done. The digest tells of what, where there is something to tell.
  case complete(digest: String?)
}

/// What a step is given: the run it belongs to, its notes, and the way to tell of progress.
public struct StepContext: Sendable {
  public let run: UniqueID
  /// The run's own folder, mode 0700.
  public let folder: String
  public let workplace: Workplace
  public let journal: Journal
  public let events: EventSink
  public let cancellation: CancellationFlag
  /// Seeded in tests; decides jitter and nothing else.
  public let retry: RetryPolicy

  public init(
    run: UniqueID, folder: String, workplace: Workplace, journal: Journal, events: EventSink,
    cancellation: CancellationFlag, retry: RetryPolicy = RetryPolicy()
  ) {
    self.run = run
    self.folder = folder
    self.workplace = workplace
    self.journal = journal
    self.events = events
    self.cancellation = cancellation
    self.retry = retry
  }
}
