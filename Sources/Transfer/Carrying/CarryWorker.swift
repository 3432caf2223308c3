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

  func stop() {
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

/// One worker: takes ranges, reads, transforms and commits them, until none is left.
struct CarryWorker {
  private let shared: SharedCarry
  private let name: String
  private let context: StepContext
  private let control: Connection
  private let writer: BatchWriter

  init(_ shared: SharedCarry, _ number: Int, _ context: StepContext) throws {
    self.shared = shared
    self.context = context
    name = "\(processNumber())/\(number)"
    control = try shared.destination.open()
    writer = try BatchWriter(
      shared.destination, shared.ledger, context, shared.rejects, shared.meter, shared.options)
  }

  func work() throws {
    do {
      for stream in shared.streams { try work(stream) }
    } catch {
      shared.stop()
      throw error
    }
  }

  private func work(_ stream: TransferStream) throws {
    var batch: Batch?
    var source: Connection?
    while !shared.isStopped, !context.cancellation.isSet,
      let (claim, ticket) = try shared.claim(stream, worker: name, on: control)
    {
      if batch == nil { batch = try Batch(stream) }
      if source == nil { source = try stream.openSource() }
      guard let batch, let source else { return }
      var current = claim
      defer { shared.turnstile?.leave(ticket) }
      do {
        try carry(&current, stream, batch, source, ticket)
      } catch {
        // The claim would run out by itself; giving it back lets a resume go on at once.
        // A failure here changes nothing: the error at hand is the one to tell.
        try? shared.ledger.release(current, on: control)
        throw error
      }
    }
  }

  private func carry(
    _ claim: inout RangeClaim, _ stream: TransferStream, _ batch: Batch, _ source: Connection, _ ticket: Int
  ) throws {
    var size = BatchSize()
    batch.forgetHeld()
    var rows = try source.stream(stream.scan.query(claim.rest), stream.scan.kinds)
    while true {
      let more = try batch.read(&rows, size: size.rows)
      try shared.turnstile?.wait(for: ticket)
      let count = batch.source.count
      if count == 0 {
        try writer.commitEmptyEnd(&claim, batch)
        return
      }
      let started = context.workplace.clock.now()
      try writer.commit(batch, 0..<count, endsRange: !more, &claim)
      if !more { return }
      size.took(seconds: context.workplace.clock.now().seconds(since: started), rows: count)
      if context.cancellation.isSet || shared.isStopped {
        try shared.ledger.release(claim, on: control)
        return
      }
    }
  }
}
