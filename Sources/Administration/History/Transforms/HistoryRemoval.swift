internal import Base
internal import Database
internal import Transfer

/// What removes the rows that an import brought from a range of source keys, and no other row.
///
/// Rows that have been used since are left: tasks that the service has revised, and requests that rows of others
/// refer to. They are listed, not dropped silently.
struct HistoryRemoval: Sendable {
  let importID: Int64
  let keys: KeyRange
  let keyKind: Key.Kind
  let engine: Engine

  private var takesAll: Bool { keys == .all }

  func requests(withChildren: Bool) -> [SQL] {
    let chosen: SQL = """
      SELECT id FROM change_request WHERE import_id = \(importID) AND \(fragment: inRange("source_key"))
        AND \(fragment: unused("change_request.id"))
      """
    var statements: [SQL] = []
    for (table, column)
      in (withChildren ? [("property_change", "request_id"), ("request_section", "request_id")] : [])
      + [("original_value", "row_id")]
    {
      statements.append(
        """
        DELETE FROM \(identifier: table) WHERE import_id = \(importID)
          AND \(identifier: column) IN (\(fragment: chosen))
        """)
    }
    statements.append("DELETE FROM change_request WHERE id IN (\(fragment: chosen))")
    return statements
  }

  /// Children whose request is not there are found by the time in their key.
  func children(_ table: String) -> [SQL] {
    if takesAll {
      return [
        """
        DELETE FROM \(identifier: table) WHERE import_id = \(importID)
          AND \(fragment: unused("\(table).request_id"))
        """
      ]
    }
    let field = table == "property_change" ? "property.%" : "section.%"
    let chosen: SQL = """
      SELECT id FROM change_request WHERE import_id = \(importID) AND \(fragment: inRange("source_key"))
      """
    return [
      """
      DELETE FROM original_value WHERE import_id = \(importID) AND field LIKE \(field)
        AND row_id IN (\(fragment: chosen))
      """,
      """
      DELETE FROM \(identifier: table) WHERE import_id = \(importID)
        AND (request_id IN (\(fragment: chosen)) OR (\(fragment: isOrphan())))
      """,
    ]
  }

  func tasks(_ tables: [String], held: Bool) -> [SQL] {
    tables.flatMap { table -> [SQL] in
      let state: SQL = takesAll ? "1 = 1" : held ? "state = 'held'" : "state <> 'held'"
      let chosen: SQL = """
        SELECT id FROM \(identifier: table) WHERE import_id = \(importID) AND revision = 0
          AND \(fragment: state) AND \(fragment: inRange("source_key"))
        """
      return [
        "DELETE FROM original_value WHERE import_id = \(importID) AND row_id IN (\(fragment: chosen))",
        "DELETE FROM \(identifier: table) WHERE id IN (\(fragment: chosen))",
      ]
    }
  }

  func originals() -> [SQL] {
    takesAll ? [] : ["DELETE FROM original_value WHERE import_id = \(importID)"]
  }

  // MARK: Conditions

  /// The rows of the range, by the source key that they were stored with.
  private func inRange(_ column: String) -> SQL {
    var condition: SQL = "1 = 1"
    let key: SQL =
      switch keyKind {
      case .integer: "cast(\(identifier: column) AS bigint)"
      // UUIDs in lower case sort as texts as they do as numbers, byte by byte.
      case .uuid:
        engine == .postgresql ? "(\(identifier: column) COLLATE \"C\")" : "\(identifier: column)"
      }
    if let lower = keys.lower { condition = condition + " AND \(fragment: key) > \(fragment: value(lower))" }
    if let upper = keys.upper { condition = condition + " AND \(fragment: key) <= \(fragment: value(upper))" }
    return condition
  }

  private func value(_ key: Key) -> SQL {
    switch key {
    case .integer(let value): "\(value)"
    case .uuid(let value): "\(value.description)"
    }
  }

  /// Requests that no row of others refers to. By sets instead of a look-up for each request: before a bulk import
  /// ends, no key serves such look-ups.
  private func unused(_ column: String) -> SQL {
    let used = TaskKind.allCases.map { kind -> SQL in
      """
      \(unsafeSQL: column) NOT IN (SELECT request_id FROM \(identifier: kind.table(in: .v8_2))
        WHERE request_id IS NOT NULL AND (import_id <> \(importID) OR revision > 0))
      """
    }
    return SQL.joined(used, by: " AND ")
  }

  private func isOrphan() -> SQL {
    var condition: SQL = """
      request_id NOT IN (SELECT id FROM change_request)
      """
    if case .uuid(let lower)? = keys.lower {
      let bound = UniqueID(milliseconds: lower.milliseconds, hashHigh: 0, hashLow: 0)
      condition = condition + " AND request_id >= \(bound)"
    }
    if case .uuid(let upper)? = keys.upper {
      let bound = UniqueID(milliseconds: upper.milliseconds + 1, hashHigh: 0, hashLow: 0)
      condition = condition + " AND request_id < \(bound)"
    }
    return condition
  }
}
