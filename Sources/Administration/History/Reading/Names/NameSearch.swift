internal import Base
internal import Database

/// Looks for names of a history that fit what somebody typed.
struct NameSearch {
  /// More of them help nobody.
  static let mostNames = 50

  let connection: Connection

  /// The names that fit best, and a few that nearly do.
  struct Result {
    var names: [String] = []
    var near: [String] = []

    fileprivate var degree = NameMatch.Degree.part

    fileprivate mutating func take(_ name: String, _ degree: NameMatch.Degree?) {
      guard let degree else { return }
      if degree == .part {
        if near.count < 10, !near.contains(name) { near.append(name) }
      } else if degree > self.degree {
        (names, self.degree) = ([name], degree)
      } else if degree == self.degree, names.count <= NameSearch.mostNames, !names.contains(name) {
        names.append(name)
      }
    }
  }

  func objects(_ match: NameMatch) throws -> Result { try search(match, [NameSearch.distinct("object_dn")]) }

  /// Initiators, and approvers of tasks.
  func accounts(_ match: NameMatch) throws -> Result {
    try search(match, [NameSearch.distinct("initiator"), "SELECT DISTINCT approver FROM approval_task"])
  }

  private func search(_ match: NameMatch, _ statements: [SQL]) throws -> Result {
    var result = Result()
    for statement in statements {
      let cursor = try QueryCursor(connection, statement, [.text], rows: 512)
      while let name = try cursor.current({ $0.string(0) ?? "" }) {
        result.take(name, match.degree(name))
        cursor.advance()
      }
    }
    return result
  }

  /// Each value of an indexed column of the requests once: from one to the next by the index, so that the work grows
  /// with the number of names and not with that of requests.
  static func distinct(_ column: String) -> SQL {
    """
    WITH RECURSIVE value (name) AS (
      SELECT * FROM (SELECT \(unsafeSQL: column) FROM change_request ORDER BY \(unsafeSQL: column) LIMIT 1) AS low
      UNION ALL
      SELECT (SELECT c.\(unsafeSQL: column) FROM change_request c WHERE c.\(unsafeSQL: column) > value.name
        ORDER BY c.\(unsafeSQL: column) LIMIT 1)
      FROM value WHERE value.name IS NOT NULL
    )
    SELECT name FROM value WHERE name IS NOT NULL
    """
  }

  // MARK: New names

  struct Rename {
    let object: UniqueID?
    let old: String
    let new: String
    let at: Timestamp
  }

  /// Objects that were given a fitting name.
  ///
  /// No index of 8.2 leads from a new name to its renaming: all requests are read once. Asked only where nothing was
  /// ever requested under the name itself.
  func renames(to match: NameMatch) throws -> [Rename] {
    var best = NameMatch.Degree.part
    var found: [Rename] = []
    try eachRename("1 = 1") { rename in
      guard let degree = match.degree(rename.new), degree > .part, degree >= best else { return }
      if degree > best { (best, found) = (degree, []) }
      if found.count <= NameSearch.mostNames { found.append(rename) }
    }
    return found
  }

  /// The last renaming of an object without an id to a name. Reads all requests once, as above.
  func lastRename(to name: String, before end: Timestamp?) throws -> Rename? {
    var last: Rename?
    try eachRename(
      "c.object_guid IS NULL AND p.new_value = \(name)\(fragment: TimeSpan(until: end).sql("c.requested_at"))"
    ) { rename in
      if last.map({ $0.at < rename.at }) ?? true { last = rename }
    }
    return last
  }

  /// The renamings of an object, oldest first.
  func renames(of part: RequestSelection.Part) throws -> [Rename] {
    var found: [Rename] = []
    try eachRename(part.sql("c.")) { found.append($0) }
    return found.sorted { $0.at < $1.at }
  }

  private func eachRename(_ condition: SQL, _ body: (Rename) throws -> Void) throws {
    let cursor = try QueryCursor(
      connection,
      """
      SELECT c.object_guid, c.object_dn, p.new_value, c.requested_at
      FROM change_request c CROSS JOIN property_change p
      WHERE p.request_id = c.id AND c.operation IN ('rename', 'move') AND c.state = 'completed'
        AND p.name = 'distinguishedName' AND p.new_value IS NOT NULL AND \(fragment: condition)
      """, [.uuid, .text, .text, .timestamp], rows: 512)
    while let rename = try cursor.current({ row in
      Rename(
        object: row.uuid(0), old: row.string(1) ?? "", new: row.string(2) ?? "",
        at: row.timestamp(3) ?? Timestamp(microseconds: .min))
    }) {
      try body(rename)
      cursor.advance()
    }
  }
}
