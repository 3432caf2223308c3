internal import Base
internal import Cryptography
internal import Database

/// Which tables of a release hold the history, and what can be told of them without reading every row.
struct HistoryLayout {
  let release: Release

  init(_ release: Release) { self.release = release }

  var requests: String {
    switch release {
    case .v7_5: "request"
    case .v7_6: "change_history"
    case .v8_0, .v8_1, .v8_2: "change_request"
    }
  }

  var sections: String? {
    switch release {
    case .v7_5: nil
    case .v7_6: "change_history_section"
    case .v8_0, .v8_1, .v8_2: "request_section"
    }
  }

  var tasks: [String] {
    release.tasksAreDivided
      ? TaskKind.allCases.map { $0.table(in: release) } : [TaskKind.approval.table(in: release)]
  }

  var all: [String] {
    [requests] + (sections.map { [$0] } ?? []) + (release.changesArePacked ? [] : ["property_change"]) + tasks
  }

  /// Rows of 8.2 that come of the given rows: a packed request gives two to three properties and a section besides.
  func estimatedRows(_ counts: [String: Int]) -> Int {
    var rows = counts.values.reduce(0, +)
    let requestCount = counts[requests] ?? 0
    if release.changesArePacked { rows += requestCount * 5 / 2 }
    if !release.sectionsAreRows { rows += requestCount / 2 }
    return rows
  }

  /// The first and last time a request was made: exact where times are instants, to the zone where they are local.
  func span(on connection: Connection) throws -> (first: Timestamp?, last: Timestamp?) {
    if release.timesAreLocal {
      return try bounds("submitted", .text, on: connection) { row, index in
        CivilTime.parse(row.text(index))?.time.instant(offsetMinutes: 0)
      }
    }
    return try bounds(release == .v8_2 ? "requested_at" : "submitted_at", .timestamp, on: connection) {
      row, index in
      row.timestamp(index)
    }
  }

  // Both in one statement: no index serves them, so each would read the whole table.
  private func bounds(
    _ column: String, _ kind: ColumnKind, on connection: Connection,
    _ time: (borrowing RowView, Int) -> Timestamp?
  ) throws -> (first: Timestamp?, last: Timestamp?) {
    let found = try connection.first(
      "SELECT min(\(identifier: column)), max(\(identifier: column)) FROM \(identifier: requests)", [kind, kind]
    ) { row in (first: row.isNull(0) ? nil : time(row, 0), last: row.isNull(1) ? nil : time(row, 1)) }
    return found ?? (nil, nil)
  }

  /// The digest of the history's tables and columns; not of other tables, nor of indexes.
  static func fingerprint(_ catalogue: Catalogue, _ release: Release) -> String {
    let names = Set(HistoryLayout(release).all)
    let lines = catalogue.tables.filter { names.contains($0.name.name) }.map { table in
      table.name.name + "(" + table.columns.map { "\($0.name) \($0.type)" }.joined(separator: ",") + ")"
    }
    return sha256(Array(lines.sorted().joined(separator: "\n").utf8)).description
  }
}
