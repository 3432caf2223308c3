internal import Base
public import Database
public import Migration

/// What a run says that it has written and rejected, as its checkpoints in the destination add up.
public struct CarriedRows: Sendable, Equatable {
  /// Rows by table.
  public private(set) var written: [String: Int] = [:]
  public private(set) var rejected = 0

  /// Reads the checkpoints of all streams whose name begins so. Empty where there are none.
  public init(of context: StepContext, streamsBeginning prefix: String, on connection: Connection) throws {
    guard try connection.hasTable("locktender_batch_table") else { return }
    let run = context.run.description
    let length = String(prefix.unicodeScalars.count)
    var written: [String: Int] = [:]
    try connection.rows(
      """
      SELECT table_name, cast(sum(written_rows) AS bigint) FROM locktender_batch_table
      WHERE run = \(run) AND substr(stream, 1, \(unsafeSQL: length)) = \(prefix) GROUP BY table_name
      """, [.text, .integer]
    ) { row in written[row.string(0) ?? ""] = Int(row.integer(1) ?? 0) }
    self.written = written
    rejected = Int(
      try connection.integer(
        """
        SELECT cast(coalesce(sum(rejected_rows), 0) AS bigint) FROM locktender_batch
        WHERE run = \(run) AND substr(stream, 1, \(unsafeSQL: length)) = \(prefix)
        """) ?? 0)
  }
}
