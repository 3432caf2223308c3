internal import Base
internal import Cryptography
internal import Database
public import Migration

/// Reads a source again that other programs may have written to, and repairs what is no longer the same.
///
/// A snapshot dies with its session, and a transaction that commits late may bring rows with keys that were passed
/// long ago. So each finished batch is digested again from a fresh snapshot; one that differs is removed and carried
/// anew, and rows beyond the last key get ranges of their own. Repeats until a whole pass finds nothing.
public struct CatchUpStep: Step {
  public let id: String
  private let makeStreams: @Sendable (StepContext) throws -> [TransferStream]
  private let refresh: @Sendable () throws -> Void
  private let isCurrent: @Sendable () -> Bool
  private let destination: Destination
  private let options: CarryOptions
  static let mostPasses = 20

  /// - Parameters:
  ///   - refresh: makes the sources be seen as they are now; called before each pass.
  ///   - isCurrent: whether the sources are still seen as they were at the last pass; after a crash they are not, and
  ///     what came since must be caught up with before both sides are compared.
  ///   - streams: what was carried from sources that may have changed since.
  public init(
    id: String, destination: Destination, options: CarryOptions, refresh: @escaping @Sendable () throws -> Void,
    isCurrent: @escaping @Sendable () -> Bool = { true },
    streams: @escaping @Sendable (StepContext) throws -> [TransferStream]
  ) {
    self.id = id
    self.refresh = refresh
    self.isCurrent = isCurrent
    makeStreams = streams
    self.destination = destination
    self.options = options
  }

  public func act(_ context: StepContext) async throws {
    let streams = try makeStreams(context)
    for pass in 1...CatchUpStep.mostPasses {
      let changed = try await BlockingThread(name: id).run { try reopenChanged(streams, context) }
      // What was taken back before a crash is open still, and no batch speaks of it. A picture that was lost in the
      // middle is another one for the rest.
      if try changed == 0 && isCurrent() && isComplete(streams, context) {
        try context.journal.note("\(id).passes", String(pass))
        return
      }
      if changed > 0 {
        context.events.tell(.noted("\(changed) ranges have changed at the source and are carried again"))
      }
      try await CarryStep(id: id, destination: destination, options: options, streams: makeStreams)
        .carry(streams, context)
    }
    throw MigrationError(
      .stepFailed, doing: "catch up with the source",
      reason: "it kept changing over \(CatchUpStep.mostPasses) passes",
      advice: "stop the old service, then: locktender resume \(context.run)")
  }

  public func probe(_ context: StepContext) async throws -> StepEffect {
    try context.journal.note("\(id).passes") != nil && isCurrent() ? .complete(digest: nil) : .incomplete
  }

  /// Looks at the sources afresh, and takes back what is no longer as it was carried.
  ///
  /// - Returns: how many ranges are open again. Those that were reopened before a connection broke are not counted:
  ///   they are seen to be open.
  private func reopenChanged(_ streams: [TransferStream], _ context: StepContext) throws -> Int {
    let retrying = Retrying(context)
    try retrying.run("look at the source again") { _ in try refresh() }
    return try streams.reduce(0) { sum, stream in
      try sum
        + retrying.run("compare \(stream.name) with the source") { _ in
          try ChangedRanges(stream, destination, context).reopen()
        }
    }
  }

  private func isComplete(_ streams: [TransferStream], _ context: StepContext) throws -> Bool {
    let control = try destination.open()
    let ledger = RangeLedger(run: context.run, clock: context.workplace.clock)
    return try streams.allSatisfy { try ledger.isComplete($0.name, on: control) }
  }
}
