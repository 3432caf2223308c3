internal import Base
internal import Cryptography
internal import Database
internal import Migration

/// What a stream has carried so far, as its checkpoints in the destination tell.
struct StreamTotals: Sendable, Equatable {
  var sourceRows = 0
  var skippedRows = 0
  var rejectedRows = 0
  var tables: [String: DigestSum] = [:]
}

/// One checkpoint as it was committed.
struct CommittedBatch: Sendable {
  let rangeNumber: Int
  let number: Int
  let range: KeyRange
  let sourceRows: Int
  let sourceDigest: DigestSum
}

extension RangeLedger {
  private var runName: String { run.description }

  func totals(_ stream: String, on connection: Connection) throws -> StreamTotals {
    var totals = StreamTotals()
    try connection.rows(
      """
      SELECT cast(coalesce(sum(source_rows), 0) AS bigint), cast(coalesce(sum(skipped_rows), 0) AS bigint),
        cast(coalesce(sum(rejected_rows), 0) AS bigint)
      FROM locktender_batch WHERE run = \(runName) AND stream = \(stream)
      """, [.integer, .integer, .integer]
    ) { row in
      totals.sourceRows = Int(row.integer(0) ?? 0)
      totals.skippedRows = Int(row.integer(1) ?? 0)
      totals.rejectedRows = Int(row.integer(2) ?? 0)
    }
    try connection.rows(
      "SELECT table_name, digest FROM locktender_batch_table WHERE run = \(runName) AND stream = \(stream)",
      [.text, .text]
    ) { row in
      guard let table = row.string(0), let digest = row.string(1).flatMap(DigestSum.init(checkpoint:)) else {
        throw RangeLedger.damaged()
      }
      totals.tables[table, default: DigestSum()].merge(digest)
    }
    return totals
  }

  /// Rows that the whole run has rejected so far.
  func rejectedRows(on connection: Connection) throws -> Int {
    Int(
      try connection.integer(
        "SELECT cast(coalesce(sum(rejected_rows), 0) AS bigint) FROM locktender_batch WHERE run = \(runName)") ?? 0)
  }

  /// The checkpoints of a stream in the order of their keys.
  func batches(_ stream: String, _ kind: Key.Kind, on connection: Connection) throws -> [CommittedBatch] {
    var batches: [CommittedBatch] = []
    try connection.rows(
      """
      SELECT range_number, number, lower_key, upper_key, source_rows, source_digest
      FROM locktender_batch WHERE run = \(runName) AND stream = \(stream) ORDER BY range_number, number
      """, [.integer, .integer, .text, .text, .integer, .text]
    ) { row in
      guard let range = row.integer(0), let number = row.integer(1), let rows = row.integer(4),
        let upper = row.string(3).flatMap({ Key($0, kind: kind) }),
        let digest = row.string(5).flatMap(DigestSum.init(checkpoint:))
      else { throw RangeLedger.damaged() }
      let lower = row.string(2).flatMap { Key($0, kind: kind) }
      batches.append(
        CommittedBatch(
          rangeNumber: Int(range), number: Int(number), range: KeyRange(above: lower, through: upper),
          sourceRows: Int(rows), sourceDigest: digest))
    }
    return batches
  }

  /// How many rows of a table a batch has written.
  func writtenRows(
    _ table: String, of batch: CommittedBatch, _ stream: String, on connection: Connection
  ) throws -> Int {
    Int(
      try connection.integer(
        """
        SELECT cast(coalesce(sum(written_rows), 0) AS bigint) FROM locktender_batch_table
        WHERE run = \(runName) AND stream = \(stream) AND range_number = \(batch.rangeNumber)
          AND batch_number = \(batch.number) AND table_name = \(table)
        """) ?? 0)
  }

  /// Removes a stream's ranges and checkpoints of this run.
  func forget(_ stream: String, on connection: Connection) throws {
    for table in LedgerTables.streamNames {
      try connection.execute(
        "DELETE FROM \(identifier: table) WHERE run = \(runName) AND stream = \(stream)")
    }
  }

  static func damaged() -> MigrationError {
    MigrationError(
      .damaged, doing: "read the checkpoints", reason: "a row of locktender_batch cannot be read",
      advice: "was the table edited? A rollback and a new run are safe")
  }
}

extension DigestSum {
  /// As it stands in a checkpoint: ``checkpointText``.
  init?(checkpoint text: String) {
    guard let bytes = Base.bytes(hexadecimal: text) else { return nil }
    self.init(bytes: bytes.span)
  }

  var checkpointText: String { hexadecimal(bytes) }
}

extension RangeLedger {
  /// Turns a committed batch back into an open range of its own; its rows must be removed in the same transaction.
  func reopen(_ stream: String, _ batch: CommittedBatch, on connection: Connection) throws {
    for table in LedgerTables.streamNames where table != "locktender_range" {
      let column = table == "locktender_batch" ? "number" : "batch_number"
      try connection.execute(
        """
        DELETE FROM \(identifier: table) WHERE run = \(run.description) AND stream = \(stream)
          AND range_number = \(batch.rangeNumber) AND \(identifier: column) = \(batch.number)
        """)
    }
    try append(stream, [batch.range], on: connection)
  }

  /// The highest key that any range of the stream reaches.
  func highestBound(_ stream: String, _ kind: Key.Kind, on connection: Connection) throws -> Key? {
    var highest: Key?
    try connection.rows(
      "SELECT upper_key FROM locktender_range WHERE run = \(run.description) AND stream = \(stream)", [.text]
    ) { row in
      guard let key = row.string(0).flatMap({ Key($0, kind: kind) }) else { throw RangeLedger.damaged() }
      highest = max(highest ?? key, key)
    }
    return highest
  }
}
