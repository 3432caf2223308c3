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
  private var connection: Connection
  private var isConnected = true
  private var random = SystemRandomNumberGenerator()

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
    token = try destination.hold.take()
    connection = try BatchWriter.connect(destination, options)
  }

  /// Commits the given source rows of a batch, moving the claim on.
  ///
  /// Where a row is to blame for a failure, it is found and left to the reject file. Where time ran out, the batch is
  /// tried in two halves.
  ///
  /// - Throws: `CancellationError` where the range is no longer ours; whatever the database says after the retries.
  func commit(_ batch: Batch, _ rows: Range<Int>, endsRange: Bool, _ claim: inout RangeClaim) throws {
    batch.fill(rows)
    do {
      try commitFilled(batch, rows, endsRange: endsRange, &claim)
    } catch let error as DatabaseError where error.blamesRow {
      let poison = try findPoison(batch, rows)
      if poison.isEmpty { throw error }
      batch.fill(rows, without: poison)
      try commitFilled(batch, rows, endsRange: endsRange, &claim)
    } catch let error as DatabaseError where error.code == .timeout {
      guard rows.count > 1, let middle = batch.partition(rows) else { throw error }
      try commit(batch, rows.lowerBound..<middle, endsRange: false, &claim)
      try commit(batch, middle..<rows.upperBound, endsRange: endsRange, &claim)
    }
  }

  /// A range that has no (more) rows is done, too.
  func commitEmptyEnd(_ claim: inout RangeClaim, _ batch: Batch) throws {
    batch.fill(0..<0)
    try commitFilled(batch, 0..<0, endsRange: true, &claim)
  }

  // MARK: Poison rows

  /// Finds the rows that the destination does not take, by trying ever smaller parts in a transaction that is then
  /// taken back. Parts that went in stay in meanwhile, so that rows that only clash with each other are found, too.
  private func findPoison(_ batch: Batch, _ rows: Range<Int>) throws -> [Int: RowRejection] {
    var poison: [Int: RowRejection] = [:]
    do {
      try connection.transaction(.immediate) {
        try search(batch, rows, &poison)
        throw TakenBack()
      }
    } catch is TakenBack {
    }
    return poison
  }

  private func search(_ batch: Batch, _ rows: Range<Int>, _ poison: inout [Int: RowRejection]) throws {
    batch.fill(rows)
    do {
      // Nested: a savepoint.
      try connection.transaction(.immediate) { try insertOutputs(of: batch) }
    } catch let error as DatabaseError where error.blamesRow {
      guard rows.count > 1 else {
        poison[rows.lowerBound] = RowRejection("destination.\(error.code.rawValue)")
        return
      }
      let middle = rows.lowerBound + rows.count / 2
      try search(batch, rows.lowerBound..<middle, &poison)
      try search(batch, middle..<rows.upperBound, &poison)
    }
  }

  // MARK: One transaction

  private func commitFilled(
    _ batch: Batch, _ rows: Range<Int>, endsRange: Bool, _ claim: inout RangeClaim
  ) throws {
    for (row, rejection) in batch.refused { try write(batch, row, rejection, claim) }
    let refused = batch.refused.count
    let upper = endsRange ? claim.range.upper : batch.key(ofRow: rows.upperBound - 1)
    guard let upper else { return invariant(false, "a batch without an end") }
    let checkpoint = Checkpoint(
      upper: upper, sourceRows: rows.count, skippedRows: batch.skipped, rejectedRows: refused,
      sourceDigest: batch.digest(ofSource: rows),
      tables: batch.outputs.tables.indices.map { (batch.outputs.tables[$0].name, batch.digest(ofTable: $0)) },
      endsRange: endsRange)
    let started = context.workplace.clock.now()
    try withRetries("commit a batch of \(claim.stream)", claim) {
      try transact(batch, checkpoint, claim)
    } isDone: {
      try ledger.isIn(claim, checkpoint, on: connection)
    }
    claim.position = upper
    claim.nextBatch += 1
    let seconds = context.workplace.clock.now().seconds(since: started)
    meter.carried(
      stream: claim.stream, rows: rows.count, bytes: batch.outputs.byteCount, rejected: refused)
    context.events.tell(
      .batchCommitted(
        stream: claim.stream, range: claim.number, rows: rows.count, digest: checkpoint.sourceDigest.description,
        seconds: seconds))
  }

  private func transact(_ batch: Batch, _ checkpoint: Checkpoint, _ claim: RangeClaim) throws {
    try connection.transaction(.immediate) {
      try DestinationHold.confirm(token, on: connection)
      guard try ledger.advance(claim, to: checkpoint, on: connection) else { throw LostClaim() }
      try insertOutputs(of: batch)
      try ledger.record(claim, checkpoint, on: connection)
    }
  }

  private func insertOutputs(of batch: Batch) throws {
    for (index, table) in batch.outputs.tables.enumerated() {
      try batch.outputs.withTable(index) { block throws in
        guard block.count > 0 else { return }
        try connection.insert(
          into: destination.table(table.name), columns: table.columns, rows: block, range: 0..<block.count)
      }
    }
  }

  // MARK: Again

  private func withRetries(
    _ what: String, _ claim: RangeClaim, _ body: () throws -> Void, isDone: () throws -> Bool
  ) throws {
    var failures = 0
    while true {
      do {
        if !isConnected {
          connection = try BatchWriter.connect(destination, options)
          isConnected = true
        }
        // An answer that got lost: the commit may have happened.
        if failures > 0, try isDone() { return }
        try body()
        return
      } catch let lost as LostClaim {
        _ = lost
        if try isDone() { return }
        throw CancellationError()
      } catch let error as DatabaseError {
        failures += 1
        if error.code == .connectionLost { isConnected = false }
        if error.blamesRow { throw error }
        let delay = context.retry.delay(
          afterFailures: failures, transient: error.isTransient, spread: Double.random(in: 0..<1, using: &random))
        guard let delay else { throw error }
        context.events.tell(
          .retried(what: what, error: explain(error), failures: failures, delay: delay))
        meter.retried()
        try pause(delay)
      }
    }
  }

  /// Waits on this worker's own thread, in slices, so that a cancel is heard.
  private func pause(_ seconds: Double) throws {
    var left = seconds
    while left > 0 {
      if context.cancellation.isSet { throw CancellationError() }
      let slice = min(left, 0.05)
      blockThread(seconds: slice)
      left -= slice
    }
  }

  private static func connect(_ destination: Destination, _ options: CarryOptions) throws -> Connection {
    let connection = try destination.open()
    try options.prepare(connection)
    return connection
  }

  // MARK: Rejects

  private func write(_ batch: Batch, _ row: Int, _ rejection: RowRejection, _ claim: RangeClaim) throws {
    guard let key = batch.key(ofRow: row) else { return invariant(false, "a row without a key") }
    guard meter.mayReject(limit: options.rejectLimit) else {
      throw MigrationError(
        .stepFailed, doing: "import \(claim.stream)", reason: "more than \(options.rejectLimit) rows were rejected",
        advice: "the rejected rows are in \(rejects.path); raise --reject-limit if they may be left out")
    }
    try rejects.append(batch.rejectLine(row, key: key, rejection))
    context.events.tell(.rejected(stream: claim.stream, rows: 1, reason: rejection.reason))
  }
}

/// The conditional update met no row: the lease is gone, or the batch is in already.
private struct LostClaim: Error {}

/// Ends a transaction that was only made to see what would happen.
private struct TakenBack: Error {}

extension DatabaseError {
  /// The database refuses the rows themselves: trying again changes nothing, another row may go in.
  var blamesRow: Bool { code == .constraint || code == .mismatch }
}
