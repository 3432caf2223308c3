internal import Base
internal import Database
internal import Migration

/// One worker: takes ranges, reads, transforms and commits them, until none is left.
final class CarryWorker {
  private let shared: SharedCarry
  private let name: String
  private let context: StepContext
  private let retrying: Retrying
  private let writer: BatchWriter
  /// For claims; made anew where it broke.
  private var control: Connection?
  /// The stream's source; made anew where it broke.
  private var source: Connection?
  private var sourceName: Substring = ""

  init(_ shared: SharedCarry, _ number: Int, _ context: StepContext) throws {
    self.shared = shared
    self.context = context
    name = "\(processNumber())/\(number)"
    retrying = Retrying(context, onRetry: shared.meter.retried)
    writer = try BatchWriter(
      shared.destination, shared.ledger, context, shared.rejects, shared.meter, shared.options)
  }

  func work() throws {
    do {
      for stream in shared.streams { try work(stream) }
    } catch {
      shared.stop(because: error)
      throw error
    }
  }

  private func work(_ stream: TransferStream) throws {
    // A new session takes a server as long as some thousand rows; one that serves the source serves all its streams.
    if stream.sourceName.isEmpty || stream.sourceName != sourceName { source = nil }
    sourceName = stream.sourceName
    var batch: Batch?
    var size = BatchSize()
    var next = try claimNext(stream)
    while let (claim, ticket) = next {
      defer { shared.turnstile?.leave(ticket) }
      let current = try batch ?? Batch(stream)
      batch = current
      var moving = claim
      do {
        try carry(&moving, stream, current, &size, ticket)
      } catch is LostClaim {
        // We slept through the lease, and somebody else has the range now. Nothing of ours went in.
        context.events.tell(.noted("a range of \(stream.name) was taken over from a worker that stalled"))
      } catch {
        // Before the turn ends, so that the others stop as well.
        shared.stop(because: error)
        release(moving)
        throw error
      }
      // While it is still our turn: where there is one writer, a claim would else wait for another one's batch, and
      // nobody would read meanwhile.
      next = try claimNext(stream)
    }
  }

  /// - Returns: nil where no range is left, or none is to be begun any more.
  private func claimNext(_ stream: TransferStream) throws -> (RangeClaim, Int)? {
    if shared.isStopped || context.cancellation.isSet { return nil }
    return try onControl("take a range of \(stream.name)") { control, failures in
      // A claim whose answer got lost would keep its range until the lease runs out.
      if failures > 0 { try shared.ledger.releaseAll(of: name, on: control) }
      return try shared.claim(stream, worker: name, on: control)
    }
  }

  /// The claim would run out by itself; giving it back lets others, or a resume, go on at once.
  private func release(_ claim: RangeClaim) {
    // A failure here changes nothing: the error at hand is the one to tell.
    guard let control else { return }
    // As above.
    try? shared.ledger.release(claim, on: control)
  }

  private func onControl<Result>(
    _ what: String, _ body: (Connection, _ failures: Int) throws -> Result
  ) throws -> Result {
    try retrying.run(what) { failures in
      if failures > 0 { control = nil }
      let connection = try control ?? shared.destination.open()
      control = connection
      return try body(connection, failures)
    }
  }

  // MARK: One range

  /// Carries the rest of a range; where the source breaks off, from where the last batch ended.
  private func carry(
    _ claim: inout RangeClaim, _ stream: TransferStream, _ batch: Batch, _ size: inout BatchSize, _ ticket: Int
  ) throws {
    var failures = 0
    while true {
      let before = claim.position
      do {
        return try carryRest(&claim, stream, batch, &size, ticket)
      } catch let error as SourceFailure {
        source = nil
        failures = claim.position == before ? failures + 1 : 1
        try retrying.wait("read \(stream.name)", error.cause, failures)
      }
    }
  }

  private func carryRest(
    _ claim: inout RangeClaim, _ stream: TransferStream, _ batch: Batch, _ size: inout BatchSize, _ ticket: Int
  ) throws {
    let clock = context.workplace.clock
    batch.forgetHeld()
    let source = try SourceFailure.telling { try self.source ?? stream.openSource() }
    self.source = source
    var rows = try SourceFailure.telling {
      try source.stream(stream.scan.query(claim.rest), stream.scan.kinds, mismatches: .asNull)
    }
    while true {
      let more = try batch.read(&rows, size: size.rows)
      let count = batch.source.count
      if count == 0 {
        try shared.turnstile?.wait(for: ticket)
        try writer.commitEmptyEnd(&claim, batch)
        return
      }
      try shared.destination.space?.check(context)
      let started = clock.now()
      var waited = 0.0
      try writer.commit(batch, 0..<count, endsRange: !more, &claim) {
        let ready = clock.now()
        try shared.turnstile?.wait(for: ticket)
        waited += clock.now().seconds(since: ready)
      }
      size.took(seconds: clock.now().seconds(since: started) - waited, rows: count)
      if !more { return }
      if context.cancellation.isSet || shared.isStopped {
        let position = claim
        try onControl("give a range of \(stream.name) back") { control, _ in
          try shared.ledger.release(position, on: control)
        }
        return
      }
    }
  }
}

/// The source's own error, told apart from the destination's, which has been retried where it happened.
struct SourceFailure: Error {
  let cause: DatabaseError

  static func telling<Result: ~Copyable>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw SourceFailure(cause: error)
    }
  }
}
