internal import Base
public import Database
public import Migration

/// Which source row a run has rejected, as its checkpoints tell: committed with the batch that left it out, and gone
/// with that where the batch is carried again. The reject file only tells what was in the row.
public struct RejectedKey: Sendable, Equatable {
  public let stream: String
  /// The row's key as it stands in a checkpoint.
  public let key: String
  /// What tells it from others of its key: the columns behind the key in the scan's order, apart by spaces; empty where
  /// a key names one row.
  public let part: String
  public let reason: String

  init(_ row: RejectedRow, _ scan: SourceScan) {
    stream = row.stream
    key = row.key
    reason = row.reason
    part =
      scan.keyIsUnique
      ? ""
      : scan.order.dropFirst().map { column in
        let value = row.fields.first { $0.name == column }?.value
        return value?.integerValue.map { String($0) } ?? value?.stringValue ?? ""
      }.joined(separator: " ")
  }

  private init(stream: String, key: String, part: String, reason: String) {
    self.stream = stream
    self.key = key
    self.part = part
    self.reason = reason
  }

  /// Reads those of all streams of a run whose name begins so. Blocks.
  public static func read(
    of context: StepContext, streamsBeginning prefix: String, on connection: Connection
  ) throws -> [RejectedKey] {
    guard try connection.hasTable("locktender_reject") else { return [] }
    var keys: [RejectedKey] = []
    try connection.rows(
      """
      SELECT stream, row_key, part, reason FROM locktender_reject
      WHERE run = \(context.run.description)
        AND substr(stream, 1, \(unsafeSQL: String(prefix.unicodeScalars.count))) = \(prefix)
      ORDER BY stream, range_number, batch_number, place
      """, [.text, .text, .text, .text]
    ) { row in
      keys.append(
        RejectedKey(
          stream: row.string(0) ?? "", key: row.string(1) ?? "", part: row.string(2) ?? "",
          reason: row.string(3) ?? ""))
    }
    return keys
  }
}
