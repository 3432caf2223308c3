internal import Base
internal import Database

/// One interval of one source that a run has imported.
struct PastImport: Sendable, Equatable {
  let sourceIdentity: String
  let sourceName: String
  let id: Int64
  let run: UniqueID
  let interval: HistoryRange.Interval
  let state: String
  /// From when on the source was read.
  let started: Timestamp
  /// When its newest request was made, those left aside that bear a time behind the import itself; nil where it has
  /// brought none.
  let newest: Timestamp?

  /// How far back an import reads again what is behind the last sure moment of an earlier one. Transactions that commit
  /// late, clocks that are wrong, and copies that are older than they seem are within.
  static let overlap = 7 * 86_400.0

  /// All interval rows, oldest first. Blocks; reads the times of all requests that imports have brought.
  static func all(on connection: Connection) throws -> [PastImport] {
    guard try connection.catalogue()["history_import"] != nil,
      try connection.integer("SELECT 1 FROM history_import LIMIT 1") != nil
    else { return [] }
    struct Owner: Hashable {
      let source: Int64
      let run: UniqueID
    }
    var newest: [Owner: Timestamp] = [:]
    try connection.rows(
      """
      SELECT i.source_id, i.run_id, max(r.requested_at) FROM change_request r
      JOIN history_import i ON i.id = r.import_id
      WHERE r.requested_at <= coalesce(i.finished_at, i.started_at) GROUP BY i.source_id, i.run_id
      """, [.integer, .uuid, .timestamp]
    ) { row in
      if let source = row.integer(0), let run = row.uuid(1) {
        newest[Owner(source: source, run: run)] = row.timestamp(2)
      }
    }
    var imports: [PastImport] = []
    try connection.rows(
      """
      SELECT s.identity, s.name, i.id, i.range_from, i.range_until, i.state, i.run_id, i.started_at, i.source_id
      FROM history_import i JOIN history_source s ON s.id = i.source_id ORDER BY i.id
      """, [.text, .text, .integer, .timestamp, .timestamp, .text, .uuid, .timestamp, .integer]
    ) { row in
      let run = row.uuid(6) ?? UniqueID(high: 0, low: 0)
      imports.append(
        PastImport(
          sourceIdentity: row.string(0) ?? "", sourceName: row.string(1) ?? "", id: row.integer(2) ?? 0, run: run,
          interval: HistoryRange.Interval(from: row.timestamp(3), until: row.timestamp(4)),
          state: row.string(5) ?? "", started: row.timestamp(7) ?? Timestamp(microseconds: 0),
          newest: newest[Owner(source: row.integer(8) ?? 0, run: run)]))
    }
    return imports
  }

  var isComplete: Bool { state == "complete" }

  /// Whether it has brought requests of its interval, however it ended.
  private var hasTimes: Bool { ["running", "unverified", "complete"].contains(state) }

  /// The times of which everything is in for sure; nil where there are none.
  var certain: HistoryRange.Interval? {
    guard isComplete, let newest else { return nil }
    let sure = min(newest, started).advanced(seconds: -PastImport.overlap)
    return ending(interval.until.map { min($0, sure.wholeSecond) } ?? sure.wholeSecond)
  }

  /// The times up to its newest request: later imports answer for what comes behind.
  var extent: HistoryRange.Interval? {
    guard hasTimes, let newest else { return nil }
    let end = newest.wholeSecond.advanced(seconds: 1)
    return ending(interval.until.map { min($0, end) } ?? end)
  }

  private func ending(_ end: Timestamp) -> HistoryRange.Interval? {
    if let from = interval.from, from >= end { return nil }
    return HistoryRange.Interval(from: interval.from, until: end)
  }
}

extension Timestamp {
  /// The second that it lies in. Keys tell times in milliseconds only: bounds within one would part a request from what
  /// belongs to it.
  fileprivate var wholeSecond: Timestamp {
    let rest = microseconds % 1_000_000
    return Timestamp(microseconds: microseconds - (rest < 0 ? rest + 1_000_000 : rest))
  }
}
