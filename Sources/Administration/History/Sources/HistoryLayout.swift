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
      let bounds = try ["min", "max"].map { function in
        try connection.text("SELECT \(unsafeSQL: function)(submitted) FROM \(identifier: requests)")
      }
      let times = bounds.map { text -> Timestamp? in
        guard let text else { return nil }
        let bytes = Array(text.utf8)
        return CivilTime.parse(bytes.span)?.time.instant(offsetMinutes: 0)
      }
      return (times[0], times[1])
    }
    let column = release == .v8_2 ? "requested_at" : "submitted_at"
    var times: [Timestamp?] = []
    for function in ["min", "max"] {
      var time: Timestamp?
      try connection.rows(
        "SELECT \(unsafeSQL: function)(\(identifier: column)) FROM \(identifier: requests)", [.timestamp]
      ) { row in time = row.timestamp(0) }
      times.append(time)
    }
    return (times[0], times[1])
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
