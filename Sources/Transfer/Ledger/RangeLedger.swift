internal import Base
internal import Cryptography
internal import Database
internal import Migration

/// A range that a worker holds, with the token that proves it.
struct RangeClaim: Sendable {
  let stream: String
  let number: Int
  let range: KeyRange
  /// The last key whose batch is in; nil at the range's beginning.
  var position: Key?
  /// The number of the next batch.
  var nextBatch: Int
  let token: Int64
  let worker: String

  /// What is left of the range.
  var rest: KeyRange { KeyRange(above: position ?? range.lower, through: range.upper) }
}

/// What a batch's checkpoint says.
struct Checkpoint {
  let upper: Key
  let sourceRows: Int
  let skippedRows: Int
  let rejectedRows: Int
  let sourceDigest: DigestSum
  let tables: [(name: String, digest: DigestSum)]
  var rejects: [RejectedKey] = []
  /// Whether the range ends here.
  let endsRange: Bool
}

/// The ranges and checkpoints of one run, in the destination. Each call is made on the caller's connection; those
/// that belong to a batch run inside its transaction.
struct RangeLedger: Sendable {
  let run: UniqueID
  let clock: any Clock
  /// Seconds after which a range whose worker was not heard of may be taken over.
  let leaseSeconds: Double

  init(run: UniqueID, clock: any Clock, leaseSeconds: Double = 60) {
    self.run = run
    self.clock = clock
    self.leaseSeconds = leaseSeconds
  }

  private var runName: String { run.description }

  // MARK: Setting up

  /// Writes the ranges of a stream, unless they are there.
  func plan(_ stream: String, _ ranges: [KeyRange], on connection: Connection) throws {
    guard try rangeCount(stream, on: connection) == 0 else { return }
    for (number, range) in ranges.enumerated() { try insert(range, number, stream, on: connection) }
  }

  /// Adds ranges behind those that are there, for rows that came later.
  func append(_ stream: String, _ ranges: [KeyRange], on connection: Connection) throws {
    let next = Int(
      try connection.integer(
        "SELECT coalesce(max(number) + 1, 0) FROM locktender_range WHERE run = \(runName) AND stream = \(stream)")
        ?? 0)
    for (offset, range) in ranges.enumerated() { try insert(range, next + offset, stream, on: connection) }
  }

  private func insert(_ range: KeyRange, _ number: Int, _ stream: String, on connection: Connection) throws {
    guard let upper = range.upper else { return invariant(false, "a range without an upper end") }
    try connection.execute(
      """
      INSERT INTO locktender_range
        (run, stream, number, lower_key, upper_key, position, state, token, worker, leased_until)
      VALUES (\(runName), \(stream), \(number), \((range.lower?.description).sqlValue), \(upper.description), NULL, 'open', 0,
        NULL, 0)
      """)
  }

  func rangeCount(_ stream: String, on connection: Connection) throws -> Int {
    Int(
      try connection.integer(
        "SELECT count(*) FROM locktender_range WHERE run = \(runName) AND stream = \(stream)") ?? 0)
  }

  /// Whether the stream is planned and every range of it is done.
  func isComplete(_ stream: String, on connection: Connection) throws -> Bool {
    try connection.integer(
      """
      SELECT min(CASE state WHEN 'done' THEN 1 ELSE 0 END) FROM locktender_range
      WHERE run = \(runName) AND stream = \(stream)
      """) == 1
  }

  // MARK: Claiming

  /// Takes the next open range of a stream, or one whose worker's lease has run out. Call it in a transaction of
  /// its own.
  ///
  /// - Parameter newestFirst: take the range with the highest keys first.
  func claim(
    _ stream: String, _ kind: Key.Kind, newestFirst: Bool, worker: String, on connection: Connection
  ) throws -> RangeClaim? {
    let now = clock.now()
    let order = newestFirst ? "DESC" : "ASC"
    // On PostgreSQL several workers ask at once, from several hosts; each gets another range without waiting.
    let skip = connection.engine == .postgresql ? "FOR UPDATE SKIP LOCKED" : ""
    var found: (number: Int, lower: String?, upper: String, position: String?, token: Int64)?
    try connection.rows(
      """
      SELECT number, lower_key, upper_key, position, token FROM locktender_range
      WHERE run = \(runName) AND stream = \(stream)
        AND (state = 'open' OR (state = 'leased' AND leased_until < \(now.microseconds)))
      ORDER BY number \(unsafeSQL: order) LIMIT 1 \(unsafeSQL: skip)
      """, [.integer, .text, .text, .text, .integer]
    ) { row in
      found = (
        Int(row.integer(0) ?? 0), row.string(1), row.string(2) ?? "", row.string(3), row.integer(4) ?? 0
      )
    }
    guard let found else { return nil }
    let token = found.token + 1
    let until = now.advanced(seconds: leaseSeconds)
    try connection.execute(
      """
      UPDATE locktender_range SET state = 'leased', token = \(token), worker = \(worker),
        leased_until = \(until.microseconds)
      WHERE run = \(runName) AND stream = \(stream) AND number = \(found.number)
      """)
    let batches = try connection.integer(
      """
      SELECT coalesce(max(number) + 1, 0) FROM locktender_batch
      WHERE run = \(runName) AND stream = \(stream) AND range_number = \(found.number)
      """)
    return RangeClaim(
      stream: stream, number: found.number,
      range: KeyRange(
        above: try found.lower.map { try key($0, kind) }, through: try key(found.upper, kind)),
      position: try found.position.map { try key($0, kind) }, nextBatch: Int(batches ?? 0), token: token,
      worker: worker)
  }

  /// Makes every range that is not done claimable at once, with a new token: whoever held one can no longer
  /// commit. Waits for batches that are committing right now.
  func takeOver(on connection: Connection) throws {
    try connection.execute(
      """
      UPDATE locktender_range SET state = 'open', token = token + 1, worker = NULL, leased_until = 0
      WHERE run = \(runName) AND state = 'leased'
      """)
  }

  /// Gives back whatever a worker of this run holds, for one whose claim got no answer.
  func releaseAll(of worker: String, on connection: Connection) throws {
    try connection.execute(
      """
      UPDATE locktender_range SET state = 'open', worker = NULL, leased_until = 0
      WHERE run = \(runName) AND worker = \(worker) AND state = 'leased'
      """)
  }

  /// Gives a range back that was not brought to its end.
  func release(_ claim: RangeClaim, on connection: Connection) throws {
    try connection.execute(
      """
      UPDATE locktender_range SET state = 'open', worker = NULL, leased_until = 0
      WHERE run = \(runName) AND stream = \(claim.stream) AND number = \(claim.number)
        AND token = \(claim.token) AND state = 'leased'
      """)
  }

  // MARK: Checkpoints

  /// The first statement of a batch's transaction: moves the range on if it is still ours and where we left it.
  ///
  /// - Returns: false where the lease was lost or the batch is in already; the transaction must then be given up.
  func advance(_ claim: RangeClaim, to checkpoint: Checkpoint, on connection: Connection) throws -> Bool {
    let until = clock.now().advanced(seconds: leaseSeconds)
    let position = claim.position?.description
    let same: SQL = position == nil ? "position IS NULL" : "position = \(position.sqlValue)"
    let moved = try connection.execute(
      """
      UPDATE locktender_range SET position = \(checkpoint.upper.description),
        state = \(checkpoint.endsRange ? "done" : "leased"), leased_until = \(until.microseconds)
      WHERE run = \(runName) AND stream = \(claim.stream) AND number = \(claim.number)
        AND token = \(claim.token) AND state = 'leased' AND \(fragment: same)
      """)
    return moved == 1
  }

  /// Whether a batch whose commit got no answer is in: the range is still ours, and the checkpoint of just this
  /// batch is there. (The range's position does not tell: a batch that only ends a range stands where the one before
  /// it stood.)
  func isIn(_ claim: RangeClaim, _ checkpoint: Checkpoint, on connection: Connection) throws -> Bool {
    try connection.integer(
      """
      SELECT count(*) FROM locktender_range r
      JOIN locktender_batch b ON b.run = r.run AND b.stream = r.stream AND b.range_number = r.number
      WHERE r.run = \(runName) AND r.stream = \(claim.stream) AND r.number = \(claim.number)
        AND r.token = \(claim.token) AND b.number = \(claim.nextBatch)
        AND b.upper_key = \(checkpoint.upper.description)
      """) == 1
  }

  /// The last statements of a batch's transaction: what it carried.
  func record(_ claim: RangeClaim, _ checkpoint: Checkpoint, on connection: Connection) throws {
    let lower = claim.position ?? claim.range.lower
    try connection.execute(
      """
      INSERT INTO locktender_batch (run, stream, range_number, number, lower_key, upper_key, source_rows,
        skipped_rows, rejected_rows, source_digest, committed_at)
      VALUES (\(runName), \(claim.stream), \(claim.number), \(claim.nextBatch), \((lower?.description).sqlValue),
        \(checkpoint.upper.description), \(checkpoint.sourceRows), \(checkpoint.skippedRows),
        \(checkpoint.rejectedRows), \(checkpoint.sourceDigest.checkpointText), \(clock.now().microseconds))
      """)
    for table in checkpoint.tables where table.digest.count > 0 {
      try connection.execute(
        """
        INSERT INTO locktender_batch_table (run, stream, range_number, batch_number, table_name, written_rows, digest)
        VALUES (\(runName), \(claim.stream), \(claim.number), \(claim.nextBatch), \(table.name),
          \(Int(table.digest.count)), \(table.digest.checkpointText))
        """)
    }
    for (place, reject) in checkpoint.rejects.enumerated() {
      try connection.execute(
        """
        INSERT INTO locktender_reject (run, stream, range_number, batch_number, place, row_key, part, reason)
        VALUES (\(runName), \(claim.stream), \(claim.number), \(claim.nextBatch), \(place), \(reject.key),
          \(reject.part), \(reject.reason))
        """)
    }
  }

  private func key(_ text: String, _ kind: Key.Kind) throws -> Key {
    guard let key = Key(text, kind: kind) else {
      throw MigrationError(
        .damaged, doing: "read a checkpoint", reason: "a key in locktender_range cannot be read",
        advice: "was the table edited? A rollback and a new run are safe")
    }
    return key
  }
}
