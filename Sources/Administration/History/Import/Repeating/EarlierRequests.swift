internal import Base
internal import Database
internal import Migration
internal import Transfer

/// The requests of a source that are in already, of the times that a plan reads again: neither they nor what belongs to
/// them comes a second time (docs/decisions/0010-the-next-import-reads-a-week-again.md).
///
/// Read once, before anything is written, and kept in the run's folder, so that a resume and the verification speak
/// of the same requests. Eight or sixteen bytes in memory for each.
struct EarlierRequests: Sendable {
  // Ascending; one of them is empty.
  private var integers: [Int64] = []
  private var ids: [UniqueID] = []

  var isEmpty: Bool { integers.isEmpty && ids.isEmpty }

  func contains(_ key: Int64) -> Bool { EarlierRequests.contains(key, in: integers) }

  func contains(_ key: UniqueID) -> Bool { EarlierRequests.contains(key, in: ids) }

  func contains(_ key: Key) -> Bool {
    switch key {
    case .integer(let key): contains(key)
    case .uuid(let key): contains(key)
    }
  }

  private static func contains<Element: Comparable>(_ key: Element, in sorted: [Element]) -> Bool {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low] == key
  }

  // MARK: The run's folder

  private static func path(_ source: String, _ context: StepContext) -> String {
    "\(context.folder)/\(source).earlier-requests"
  }

  /// Writes down the source keys of the requests that other imports of the source hold within the plan's times.
  static func keep(_ source: SourcePlan, importID: Int64, on connection: Connection, _ context: StepContext) throws
  {
    let file = try StagedWriter(path(source.name, context))
    let others = try self.others(source, importID: importID, on: connection)
    // What is repaired by hand comes as it is: a row that is in is told of as such.
    for interval in source.addsCoverage && !others.isEmpty ? source.range.intervals : [] {
      var times: SQL = "1 = 1"
      // A request's key begins with its time, so that the key's index finds the late ones.
      if let from = interval.from {
        let bound = UniqueID(milliseconds: max(0, from.milliseconds), hashHigh: 0, hashLow: 0)
        times = times + " AND r.id >= \(bound) AND r.requested_at >= \(from)"
      }
      if let until = interval.until { times = times + " AND r.requested_at < \(until)" }
      try connection.rows(
        """
        SELECT r.source_key FROM change_request r WHERE r.import_id IN \(list: others) AND \(fragment: times)
        """, [.text]
      ) { row in
        if let key = row.string(0) { try file.write(key + "\n") }
      }
    }
    try file.commit()
  }

  private static func others(
    _ source: SourcePlan, importID: Int64, on connection: Connection
  ) throws -> [Int64] {
    var others: [Int64] = []
    try connection.rows(
      """
      SELECT i.id FROM history_import i JOIN history_source s ON s.id = i.source_id
      WHERE s.identity = \(source.identity.description) AND i.id <> \(importID)
      """, [.integer]
    ) { row in
      if let id = row.integer(0) { others.append(id) }
    }
    return others
  }

  /// - Throws: ``MigrationError`` `damaged` where a key is none of the kind.
  static func read(_ source: String, _ kind: Key.Kind, _ context: StepContext) throws -> EarlierRequests {
    let path = path(source, context)
    var earlier = EarlierRequests()
    guard try Files.exists(path) else { return earlier }
    var lines = try LineReader(path, limit: 64)
    while try lines.next() {
      switch Key(String(copying: try UTF8Span(validating: lines.line)), kind: kind) {
      case .integer(let key): earlier.integers.append(key)
      case .uuid(let key): earlier.ids.append(key)
      case nil:
        throw MigrationError(
          .damaged, doing: "read the earlier requests", reason: "\(path) is not what this program wrote",
          advice: "locktender rollback \(context.run), then a new plan")
      }
    }
    earlier.integers.sort()
    earlier.ids.sort()
    return earlier
  }
}

extension Release {
  /// Of the requests' and tasks' keys.
  var keyKind: Key.Kind { keysAreIntegers ? .integer : .uuid }
}
