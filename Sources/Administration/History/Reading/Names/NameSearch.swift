internal import Base
internal import Database

/// Looks for names of a history that fit what somebody typed.
struct NameSearch {
  /// More of them help nobody.
  static let mostNames = 50
  /// So much of a name is in PostgreSQL's indexes (docs/lineage.md, 8.2).
  static let indexedCharacters = 256

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

  func objects(_ match: NameMatch) throws -> Result {
    var result = Result()
    try eachName("object_dn") { result.take($0, match.degree($0)) }
    return result
  }

  /// Initiators, and approvers of tasks.
  func accounts(_ match: NameMatch) throws -> Result {
    var result = Result()
    try eachName("initiator") { result.take($0, match.degree($0)) }
    try each("SELECT DISTINCT approver FROM approval_task") { result.take($0, match.degree($0)) }
    return result
  }

  /// Each name of a column once.
  private func eachName(_ column: String, _ body: (String) throws -> Void) throws {
    try each(NameSearch.beginnings(of: column, connection.engine)) { beginning in
      guard connection.engine == .postgresql, beginning.unicodeScalars.count >= NameSearch.indexedCharacters else {
        return try body(beginning)
      }
      // Longer names that begin alike.
      try connection.rows(
        """
        SELECT DISTINCT \(unsafeSQL: column) FROM change_request
        WHERE \(fragment: NameSearch.indexed(column, .postgresql)) = \(beginning)
        """, [.text]
      ) { try body($0.string(0) ?? "") }
    }
  }

  private func each(_ sql: SQL, _ body: (String) throws -> Void) throws {
    let cursor = try QueryCursor(connection, sql, [.text], rows: 512)
    while let name = try cursor.current({ $0.string(0) ?? "" }) {
      try body(name)
      cursor.advance()
    }
  }

  /// What the index on a column of names holds.
  private static func indexed(_ column: String, _ engine: Engine) -> SQL {
    engine == .postgresql
      ? "substr(\(unsafeSQL: column), 1, \(unsafeSQL: String(indexedCharacters)))" : "\(unsafeSQL: column)"
  }

  /// What names of requests begin with, each once: from one to the next by the index, so that the work grows with the
  /// number of names and not with that of requests.
  static func beginnings(of column: String, _ engine: Engine) -> SQL {
    let own = indexed(column, engine)
    let next = indexed("c.\(column)", engine)
    return """
      WITH RECURSIVE value (name) AS (
        SELECT * FROM (SELECT \(fragment: own) FROM change_request ORDER BY \(fragment: own) LIMIT 1) AS low
        UNION ALL
        SELECT (SELECT \(fragment: next) FROM change_request c WHERE \(fragment: next) > value.name
          ORDER BY \(fragment: next) LIMIT 1)
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
