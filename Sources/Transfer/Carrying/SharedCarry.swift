internal import Base
internal import Database
internal import Migration
internal import Synchronization

/// What the workers of one step share.
final class SharedCarry: Sendable {
  let step: String
  let streams: [TransferStream]
  let destination: Destination
  let options: CarryOptions
  let ledger: RangeLedger
  let meter: ProgressMeter
  let rejects: RejectFile
  /// Present where commits go in order.
  let turnstile: Turnstile?
  private let claiming = Mutex(())
  private let stopped = CancellationFlag()
  private let firstFailure = Mutex<(any Error)?>(nil)

  init(
    step: String, streams: [TransferStream], destination: Destination, options: CarryOptions, ledger: RangeLedger,
    meter: ProgressMeter, rejects: RejectFile
  ) {
    self.step = step
    self.streams = streams
    self.destination = destination
    self.options = options
    self.ledger = ledger
    self.meter = meter
    self.rejects = rejects
    turnstile = destination.engine == .postgresql ? nil : Turnstile()
  }

  var isStopped: Bool { stopped.isSet }

  /// The error that ended the first of the workers, and so all of them.
  var failure: (any Error)? { firstFailure.withLock { $0 } }

  /// Ends all workers at their batches' ends.
  func stop(because error: any Error) {
    // A worker that was sent home by another's failure, or by the person, has none of its own.
    if !(error is CancellationError) { firstFailure.withLock { $0 = $0 ?? error } }
    stopped.set()
    turnstile?.stop()
  }

  /// Claims the next range of a stream together with its place in the order of commits.
  func claim(_ stream: TransferStream, worker: String, on connection: Connection) throws -> (RangeClaim, Int)? {
    try claiming.withLock { _ in
      let claim = try connection.transaction(.immediate) {
        try ledger.claim(
          stream.name, stream.scan.keyKind, newestFirst: options.mode == .live, worker: worker, on: connection)
      }
      return claim.map { ($0, turnstile?.take() ?? 0) }
    }
  }
}
