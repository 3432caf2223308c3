internal import Base
internal import Database
internal import Transfer

/// What removes the rows that an import brought from a range of source keys, and no other row.
///
/// Rows that have been used since are left: tasks that the service has revised, and, where all is taken back, requests
/// that rows of others refer to. They are listed, not dropped silently. A range of requests comes again at once, with
/// the same keys: whoever refers to one finds it as the source has it now.
struct HistoryRemoval: Sendable {
  let importID: Int64
  let keys: KeyRange
  let keyKind: Key.Kind
  let engine: Engine

  private var takesAll: Bool { keys == .all }

  /// Requests with what came of the same rows of the source. What came in a stream of its own goes with that.
  func requests(withProperties: Bool, withSections: Bool, withOriginals: Bool = true) -> [SQL] {
    let chosen: SQL = """
      SELECT id FROM change_request WHERE import_id = \(importID) AND \(fragment: inRange("source_key"))
        AND \(fragment: takesAll ? unused("change_request.id") : "1 = 1")
      """
    var statements: [SQL] = []
    for child in HistoryChild.allCases where child == .property ? withProperties : withSections {
      statements.append(
        "DELETE FROM \(identifier: child.table) WHERE import_id = \(importID) AND request_id IN (\(fragment: chosen))"
      )
    }
    if withOriginals {
      let properties: SQL = withProperties ? "1 = 1" : "field NOT LIKE \(HistoryChild.property.fields)"
      let sections: SQL = withSections ? "1 = 1" : "field NOT LIKE \(HistoryChild.section.fields)"
      statements.append(
        """
        DELETE FROM original_value WHERE import_id = \(importID) AND \(fragment: properties) AND \(fragment: sections)
          AND row_id IN (\(fragment: chosen))
        """)
    }
    // A key alone does not tell whose row it is: until a bulk import ends, another import may have the same.
    statements.append("DELETE FROM change_request WHERE import_id = \(importID) AND id IN (\(fragment: chosen))")
    return statements
  }

  /// Properties or sections in a stream of their own, with UUIDs for keys: see ``milliseconds(of:)``.
  func children(_ child: HistoryChild, withOriginals: Bool = true) -> [SQL] {
    let own = takesAll ? unused("request_id") : inMilliseconds("request_id")
    let original = takesAll ? unused("row_id") : inMilliseconds("row_id")
    let rows: SQL = "DELETE FROM \(identifier: child.table) WHERE import_id = \(importID) AND \(fragment: own)"
    guard withOriginals else { return [rows] }
    return [
      """
      DELETE FROM original_value WHERE import_id = \(importID) AND field LIKE \(child.fields)
        AND \(fragment: original)
      """, rows,
    ]
  }

  /// - Parameter originals: which of their originals the tasks' own stream has brought; nil for all.
  func tasks(_ tables: [String], originals: String?) -> [SQL] {
    let field: SQL = originals.map { "field = \($0)" } ?? "1 = 1"
    return tables.flatMap { table -> [SQL] in
      let chosen: SQL = """
        SELECT id FROM \(identifier: table) WHERE import_id = \(importID) AND revision = 0
          AND \(fragment: inRange("source_key"))
        """
      return [
        """
        DELETE FROM original_value WHERE import_id = \(importID) AND \(fragment: field)
          AND row_id IN (\(fragment: chosen))
        """,
        """
        DELETE FROM \(identifier: table) WHERE import_id = \(importID) AND revision = 0 AND id IN (\(fragment: chosen))
        """,
      ]
    }
  }

  /// What an 8.2 source keeps as originals. A rollback leaves them to ``strayOriginals(of:)``, which comes last.
  func originals() -> [SQL] {
    if takesAll { return [] }
    return [
      """
      DELETE FROM original_value WHERE import_id = \(importID) AND field <> 'state'
        AND \(fragment: inMilliseconds("row_id"))
      """
    ]
  }

  /// Originals of rows that are not there: what a rollback must remove behind all others.
  static func strayOriginals(of importID: Int64) -> SQL {
    let owners =
      HistoryTables.keyed.map { ($0, "id") } + HistoryChild.allCases.map { ($0.table, "request_id") }
    let stray = owners.map { table, column -> SQL in
      """
      row_id NOT IN (SELECT \(identifier: column) FROM \(identifier: table) WHERE import_id = \(importID))
      """
    }
    return """
      DELETE FROM original_value WHERE import_id = \(importID) AND \(fragment: SQL.joined(stray, by: " AND "))
      """
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

  // MARK: Keys that hold a time

  /// The keys whose rows cannot be told from those of a range once they are in: a key made from a UUID has its
  /// milliseconds, and for the rest a hash.
  static func milliseconds(of range: KeyRange) -> KeyRange {
    var reached = KeyRange.all
    if case .uuid(let lower)? = range.lower, lower.milliseconds > 0 {
      reached.lower = .uuid(UniqueID(high: (UInt64(lower.milliseconds) << 16) - 1, low: .max))
    }
    if case .uuid(let upper)? = range.upper {
      reached.upper = .uuid(UniqueID(high: (UInt64(upper.milliseconds) << 16) | 0xFFFF, low: .max))
    }
    return reached
  }

  /// The rows of ``milliseconds(of:)``, by the key that the import gave them.
  private func inMilliseconds(_ column: String) -> SQL {
    var condition: SQL = "1 = 1"
    if case .uuid(let lower)? = keys.lower {
      let first = UniqueID(milliseconds: lower.milliseconds, hashHigh: 0, hashLow: 0)
      condition = condition + " AND \(identifier: column) >= \(first)"
    }
    if case .uuid(let upper)? = keys.upper {
      let last = UniqueID(milliseconds: upper.milliseconds, hashHigh: .max, hashLow: .max)
      condition = condition + " AND \(identifier: column) <= \(last)"
    }
    return condition
  }
}

/// Rows that belong to a request and have its key.
enum HistoryChild: CaseIterable {
  case property, section

  var table: String { self == .property ? "property_change" : "request_section" }
  /// How their fields are called in `original_value`, as a pattern.
  var fields: String { self == .property ? "property.%" : "section.%" }
}
