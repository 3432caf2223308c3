internal import Base
internal import Cryptography
internal import Database
internal import Transfer

/// Digests of the rows of a history that were there before an import, to prove afterwards that it only added
/// (docs/rules.md, D103).
///
/// The service may be at work meanwhile. So nothing counts that it may still write: requests count in full once they
/// were completed before the moment of the first look, else with what never changes of them; tasks are kept apart in
/// a file of their own, see ``PriorTasks``.
struct PriorRows: Sendable, Codable, Equatable {
  /// By table.
  var tables: [String: DigestSum]
  /// When the first look began. Rows of later requests do not count.
  let moment: Timestamp

  /// What may be compared between two looks.
  private struct Part {
    let name: String
    let columns: [(String, ColumnKind)]
    let from: SQL
  }

  /// Digests the rows, streaming. Blocks.
  ///
  /// - Parameters:
  ///   - importID: the run's first; rows of this and of later imports do not count.
  ///   - moment: when the first look began: now at the first look, the first one's at the second.
  ///   - progress: called with rows read; what it throws ends the reading.
  static func digest(
    on connection: Connection, before importID: Int64, at moment: Timestamp,
    progress: @escaping @Sendable (Int) throws -> Void = { _ in }
  ) throws -> PriorRows {
    var tables: [String: DigestSum] = [:]
    for part in parts(importID, moment) {
      tables[part.name] = try digest(part, on: connection, ReadProgress(progress))
    }
    return PriorRows(tables: tables, moment: moment)
  }

  /// The tables in which a second look, after the run, found something else.
  func changedTables(since first: PriorRows) -> [String] {
    first.tables.keys.filter { tables[$0] != first.tables[$0] }.sorted()
  }

  private static func digest(
    _ part: Part, on connection: Connection, _ progress: ReadProgress
  ) throws -> DigestSum {
    let columns = part.columns.map(\.0).joined(separator: ", ")
    let query: SQL = "select \(unsafeSQL: columns) from \(fragment: part.from)"
    var sum = DigestSum()
    var hasher = SHA256Hasher()
    var stream = try connection.stream(query, part.columns.map(\.1))
    var block = RowBlock(kinds: part.columns.map(\.1))
    while try stream.read(into: &block, rows: 512) {
      for row in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: row))) }
      try progress.advance(block.count)
    }
    return sum
  }

  // MARK: What counts

  private static func parts(_ importID: Int64, _ moment: Timestamp) -> [Part] {
    let old: SQL = "q.import_id < \(importID) and q.requested_at < \(moment)"
    let settled: SQL = "q.completed_at < \(moment)"
    let pending: SQL = "(q.completed_at is null or q.completed_at >= \(moment))"
    // What has no request any more never changes.
    let children: SQL = """
      change_request q on q.id = c.request_id
      where c.import_id < \(importID) and (q.id is null or \(fragment: settled))
      """
    return [
      Part(
        name: "history_source", columns: sourceColumns,
        from: """
          history_source s where exists (
            select 1 from history_import i where i.source_id = s.id and i.id < \(importID))
          """),
      Part(name: "history_import", columns: importColumns, from: "history_import where id < \(importID)"),
      Part(
        name: "change_request", columns: lastingColumns + laterColumns,
        from: "change_request q where \(fragment: old) and \(fragment: settled)"),
      Part(
        name: "change_request, not completed", columns: lastingColumns,
        from: "change_request q where \(fragment: old) and \(fragment: pending)"),
      Part(
        name: "property_change", columns: propertyColumns, from: "property_change c left join \(fragment: children)"
      ),
      Part(
        name: "request_section", columns: sectionColumns, from: "request_section c left join \(fragment: children)"),
      Part(
        name: "original_value", columns: originalColumns, from: "original_value where import_id < \(importID)"),
    ]
  }

  private static let sourceColumns: [(String, ColumnKind)] = [
    ("id", .integer), ("identity", .text), ("kind", .text), ("name", .text), ("version", .text),
    ("first_seen_at", .timestamp),
  ]
  // An earlier import may be compared, and found right, while a later one works.
  private static let importColumns: [(String, ColumnKind)] = [
    ("id", .integer), ("source_id", .integer), ("run_id", .uuid), ("range_from", .timestamp),
    ("range_until", .timestamp), ("case state when 'unverified' then 'complete' else state end", .text),
    ("started_at", .timestamp), ("finished_at", .timestamp),
  ]
  /// Of a request, what stands from the first moment.
  private static let lastingColumns: [(String, ColumnKind)] = [
    ("q.id", .uuid), ("q.operation", .text), ("q.object_guid", .uuid), ("q.object_dn", .text),
    ("q.object_class", .text), ("q.initiator", .text), ("q.account_used", .text), ("q.host", .text),
    ("q.requested_at", .timestamp), ("q.requested_offset", .integer), ("q.zone", .text),
    ("q.ambiguous", .boolean), ("q.reason", .text), ("q.import_id", .integer), ("q.source_key", .text),
  ]
  private static let laterColumns: [(String, ColumnKind)] = [
    ("q.completed_at", .timestamp), ("q.completed_offset", .integer), ("q.state", .text),
  ]
  private static let propertyColumns: [(String, ColumnKind)] = [
    ("c.request_id", .uuid), ("c.ordinal", .integer), ("c.name", .text), ("c.old_value", .text),
    ("c.new_value", .text), ("c.import_id", .integer),
  ]
  private static let sectionColumns: [(String, ColumnKind)] = [
    ("c.request_id", .uuid), ("c.ordinal", .integer), ("c.kind", .text), ("c.name", .text), ("c.outcome", .text),
    ("c.message", .text), ("c.import_id", .integer),
  ]
  private static let originalColumns: [(String, ColumnKind)] = [
    ("row_id", .uuid), ("ordinal", .integer), ("field", .text), ("value", .bytes), ("import_id", .integer),
  ]
}
