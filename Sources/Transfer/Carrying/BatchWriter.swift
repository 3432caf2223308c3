internal import Base
internal import Cryptography
internal import Database
internal import Migration

/// Commits batches: rows and checkpoint in one transaction, tried again where that can help, split where a row is
/// to blame.
final class BatchWriter {
  private let destination: Destination
  private let ledger: RangeLedger
  private let token: Int64
  private let context: StepContext
  private let rejects: RejectFile
  private let meter: ProgressMeter
  private let options: CarryOptions
  private let retrying: Retrying
  private var open: Connection?

  init(
    _ destination: Destination, _ ledger: RangeLedger, _ context: StepContext, _ rejects: RejectFile,
    _ meter: ProgressMeter, _ options: CarryOptions
  ) throws {
    self.destination = destination
    self.ledger = ledger
    self.context = context
    self.rejects = rejects
    self.meter = meter
    self.options = options
    retrying = Retrying(context, onRetry: meter.retried)
    token = try retrying.run("hold the destination") { _ in try destination.hold.take() }
  }

  /// Commits the given source rows of a batch, moving the claim on.
  ///
  /// Where a row is to blame for a failure, it is found and left to the reject file. Where time ran out, the batch is
  /// tried in two halves.
  ///
  /// - Parameter turn: waits until this worker may write; called once all that can be done before is done.
  /// - Throws: ``LostClaim`` where the range is no longer ours; whatever the database says after the retries.
  func commit(
    _ batch: Batch, _ rows: Range<Int>, endsRange: Bool, _ claim: inout RangeClaim, turn: () throws -> Void = {}
  ) throws {
    batch.fill(rows)
    do {
      try commitFilled(batch, rows, endsRange: endsRange, &claim, turn)
    } catch let error as DatabaseError where error.blamesRow {
      let poison = try findPoison(batch, rows, claim)
      if poison.isEmpty { throw error }
      batch.fill(rows, without: poison)
      try commitFilled(batch, rows, endsRange: endsRange, &claim, turn)
    } catch let error as DatabaseError where error.code == .timeout {
      guard rows.count > 1, let middle = batch.partition(rows) else { throw error }
      try commit(batch, rows.lowerBound..<middle, endsRange: false, &claim)
      try commit(batch, middle..<rows.upperBound, endsRange: endsRange, &claim)
    }
  }

  /// A range that has no (more) rows is done, too.
  func commitEmptyEnd(_ claim: inout RangeClaim, _ batch: Batch) throws {
    batch.fill(0..<0)
    try commitFilled(batch, 0..<0, endsRange: true, &claim) {}
  }

  // MARK: Poison rows

  /// Finds the rows that the destination does not take, by trying ever smaller parts in a transaction that is then
  /// taken back. Parts that went in stay in meanwhile, so that rows that only clash with each other are found, too.
  private func findPoison(_ batch: Batch, _ rows: Range<Int>, _ claim: RangeClaim) throws -> [Int: RowRejection] {
    try onConnection("find the rows of \(claim.stream) that are refused") { connection, _ in
      var poison: [Int: RowRejection] = [:]
      do {
        try connection.transaction(.immediate) {
          try search(batch, rows, &poison, on: connection)
          throw TakenBack()
        }
      } catch is TakenBack {
      }
      return poison
    }
  }

  private func search(
    _ batch: Batch, _ rows: Range<Int>, _ poison: inout [Int: RowRejection], on connection: Connection
  ) throws {
    batch.fill(rows)
    do {
      // Nested: a savepoint.
      try connection.transaction(.immediate) { try insertOutputs(of: batch, on: connection) }
    } catch let error as DatabaseError where error.blamesRow {
      guard rows.count > 1 else {
        poison[rows.lowerBound] = RowRejection("destination.\(error.code.rawValue)")
        return
      }
      let middle = rows.lowerBound + rows.count / 2
      try search(batch, rows.lowerBound..<middle, &poison, on: connection)
      try search(batch, middle..<rows.upperBound, &poison, on: connection)
    }
  }

  // MARK: One transaction

  private func commitFilled(
    _ batch: Batch, _ rows: Range<Int>, endsRange: Bool, _ claim: inout RangeClaim, _ turn: () throws -> Void
  ) throws {
    let upper = endsRange ? claim.range.upper : batch.key(ofRow: rows.upperBound - 1)
    guard let upper else { return invariant(false, "a batch without an end") }
    let refused = batch.rejectLines()
    let checkpoint = Checkpoint(
      upper: upper, sourceRows: rows.count, skippedRows: batch.skipped, rejectedRows: refused.count,
      sourceDigest: batch.digest(ofSource: rows),
      tables: batch.outputs.tables.indices.map { (batch.outputs.tables[$0].name, batch.digest(ofTable: $0)) },
      rejects: refused.map { RejectedKey($0, batch.scan) }, endsRange: endsRange)
    try turn()
    let started = context.workplace.clock.now()
    try rejecting(refused, claim) { try commit(batch, checkpoint, claim) }
    claim.position = upper
    claim.nextBatch += 1
    let seconds = context.workplace.clock.now().seconds(since: started)
    meter.carried(stream: claim.stream, rows: rows.count, bytes: batch.outputs.byteCount)
    context.events.tell(
      .batchCommitted(
        stream: claim.stream, range: claim.number, rows: rows.count, digest: checkpoint.sourceDigest.description,
        seconds: seconds))
    tell(refused, claim)
  }

  private func commit(_ batch: Batch, _ checkpoint: Checkpoint, _ claim: RangeClaim) throws {
    try onConnection("commit a batch of \(claim.stream)") { connection, failures in
      // An answer that got lost: the commit may have happened.
      if failures > 0, try ledger.isIn(claim, checkpoint, on: connection) { return }
      do {
        try connection.transaction(.immediate) {
          try DestinationHold.confirm(token, on: connection)
          guard try ledger.advance(claim, to: checkpoint, on: connection) else { throw LostClaim() }
          try insertOutputs(of: batch, on: connection)
          try ledger.record(claim, checkpoint, on: connection)
        }
      } catch let lost as LostClaim {
        // Or it was happening just now, and the range was locked until it had.
        guard try ledger.isIn(claim, checkpoint, on: connection) else { throw lost }
      }
    }
  }

  private func insertOutputs(of batch: Batch, on connection: Connection) throws {
    for (index, table) in batch.outputs.tables.enumerated() {
      try batch.outputs.withTable(index) { block throws in
        guard block.count > 0 else { return }
        try connection.insert(
          into: destination.table(table.name), columns: table.columns, rows: block, range: 0..<block.count)
      }
    }
  }

  /// Works on the writer's connection, again where that can help, and on a new one where it broke.
  private func onConnection<Result>(
    _ what: String, _ body: (Connection, _ failures: Int) throws -> Result
  ) throws -> Result {
    try retrying.run(what) { failures in
      do {
        return try body(connection(), failures)
      } catch let error as DatabaseError {
        if error.code == .connectionLost { open = nil }
        throw error
      }
    }
  }

  private func connection() throws -> Connection {
    if let open { return open }
    let fresh = try destination.open()
    try options.prepare(fresh)
    open = fresh
    return fresh
  }

  // MARK: Rejects

  /// Writes the refused rows to the reject file before the checkpoint passes them, within the run's limit.
  private func rejecting(
    _ refused: [RejectedRow], _ claim: RangeClaim, _ commit: () throws -> Void
  ) throws {
    var counted = 0
    do {
      for row in refused {
        guard meter.countReject(limit: options.rejectLimit) else { throw tooMany(claim) }
        counted += 1
        try rejects.append(row)
      }
      try commit()
    } catch {
      meter.uncountRejects(counted)
      throw error
    }
  }

  private func tooMany(_ claim: RangeClaim) -> MigrationError {
    MigrationError(
      .stepFailed, doing: "import \(claim.stream)", reason: "more than \(options.rejectLimit) rows were rejected",
      advice:
        "look at \(rejects.path); where such rows may be left out, roll back and plan with a higher --reject-limit")
  }

  private func tell(_ refused: [RejectedRow], _ claim: RangeClaim) {
    var counts: [String: Int] = [:]
    for row in refused { counts[row.reason, default: 0] += 1 }
    for (reason, rows) in counts.sorted(by: { $0.key < $1.key }) {
      context.events.tell(.rejected(stream: claim.stream, rows: rows, reason: reason))
    }
  }
}

/// The range is not ours any more, or its batch is in already: the worker slept through its lease.
struct LostClaim: Error {}

/// Ends a transaction that was only made to see what would happen.
private struct TakenBack: Error {}
