internal import Base
internal import Database
internal import Migration
internal import Transfer

/// What must hold of an import's rows whatever the source was, asked of the destination in SQL.
struct HistoryInvariants {
  let importID: Int64
  let source: String
  let connection: Connection

  /// - Parameters:
  ///   - source: the source's name, for the subjects.
  ///   - connection: to the 8.2 history.
  init(importID: Int64, source: String, on connection: Connection) {
    self.importID = importID
    self.source = source
    self.connection = connection
  }

  /// What was to be expected of the import.
  struct Expectations {
    /// Rows that the import says it has written, by table; empty where that is not known.
    var rows: [String: Int] = [:]
    /// Properties and sections that the source itself has without their request, or whose request was rejected; nil
    /// where that is not known.
    var orphanProperties: Int? = 0
    var orphanSections: Int? = 0
    /// Whether tasks may have been taken over by the services in the meantime.
    var tasksMayBeUsed = false
    /// Whether original values may be there of rows that were rejected: an 8.2 source keeps them apart.
    var originalsMayStray = false
  }

  /// Asks all of them. Blocks; the large tables are read once each.
  ///
  /// - Parameter range: the times that were asked for.
  func findings(_ expectations: Expectations, range: HistoryRange) throws -> [Finding] {
    var findings = [try knownImport(), try keyVersions(), try ranges(range)]
    findings += try orphans(expectations)
    findings += [try heldTasks(), try usedTasks(expectations), try strayOriginals(expectations)]
    if !expectations.rows.isEmpty { findings.append(try counts(expectations.rows)) }
    return findings
  }

  /// Tasks of the import that somebody has revised since, by their keys in the source: what they were cannot be read
  /// from them any more.
  static func usedTasks(of importID: Int64, _ release: Release, on connection: Connection) throws -> Set<Key> {
    let kind = SourceLayout(release).keyKind
    var keys: Set<Key> = []
    for table in TaskColumns.all.map(\.table) {
      let query: SQL = """
        select source_key from \(identifier: table) where import_id = \(importID) and revision <> 0
        """
      try connection.rows(query, [.text]) { row in
        if let key = SourceKey.read(row.field(0), kind) { keys.insert(key) }
      }
    }
    return keys
  }

  // MARK: The invariants

  private func knownImport() throws -> Finding {
    let count = try number("select count(*) from history_import where id = \(importID)")
    return finding(
      "history.import.known", count == 1, "import \(importID) stands in history_import",
      "import \(importID) stands \(count) times in history_import")
  }

  /// A row that an import made has a key of version 8, which tells it from one that the service made.
  private func keyVersions() throws -> Finding {
    var wrong = 0
    for table in ["change_request"] + TaskColumns.all.map(\.table) {
      wrong += try number(
        """
        select count(*) from \(identifier: table)
        where import_id = \(importID) and \(unsafeSQL: versionDigit) <> '8'
        """)
    }
    return finding(
      "history.keys.version", wrong == 0, "all keys of the import are of version 8",
      "\(wrong) keys of the import are not of version 8")
  }

  private var versionDigit: String {
    connection.engine == .sqlite ? "substr(hex(id), 13, 1)" : "substr(cast(id as text), 15, 1)"
  }

  private func ranges(_ range: HistoryRange) throws -> Finding {
    let inside: [SQL] = range.intervals.map { interval in
      var parts: [SQL] = ["1 = 1"]
      if let from = interval.from { parts.append("requested_at >= \(from)") }
      if let until = interval.until { parts.append("requested_at < \(until)") }
      return "(\(fragment: SQL.joined(parts, by: " and ")))"
    }
    let within: SQL = inside.isEmpty ? "1 = 0" : SQL.joined(inside, by: " or ")
    let outside = try number(
      "select count(*) from change_request where import_id = \(importID) and not (\(fragment: within))")
    return finding(
      "history.range", outside == 0, "all requests lie within the range that was asked for",
      "\(outside) requests lie outside the range that was asked for")
  }

  private func orphans(_ expectations: Expectations) throws -> [Finding] {
    try [
      ("property_change", expectations.orphanProperties), ("request_section", expectations.orphanSections),
    ].compactMap { table, known in
      guard let known else { return nil }
      let count = try number(
        """
        select count(*) from \(identifier: table) c where c.import_id = \(importID) and not exists (
          select 1 from change_request r where r.id = c.request_id and r.import_id = c.import_id)
        """)
      return finding(
        "history.orphans.\(table)", count == known,
        "\(count) rows without their request, as in the source",
        "\(count) rows without their request, \(known) in the source")
    }
  }

  private func heldTasks() throws -> Finding {
    var loose = 0
    for table in TaskColumns.all.map(\.table) {
      loose += try number(
        """
        select count(*) from \(identifier: table)
        where import_id = \(importID) and revision = 0 and state in ('open', 'running')
        """)
    }
    return finding(
      "history.tasks.held", loose == 0, "all unfinished tasks are held",
      "\(loose) unfinished tasks are not held: a service would run them")
  }

  private func usedTasks(_ expectations: Expectations) throws -> Finding {
    var used = 0
    for table in TaskColumns.all.map(\.table) {
      used += try number(
        "select count(*) from \(identifier: table) where import_id = \(importID) and revision <> 0")
    }
    if used > 0, expectations.tasksMayBeUsed {
      return Finding(
        "history.tasks.unused", rule: "D103", .warn, about: "source \(source)",
        "\(used) tasks have been revised since they were imported; they are not compared",
        remedy: "Nothing, where the services have been handed over.")
    }
    return finding(
      "history.tasks.unused", used == 0, "no task has been revised since it was imported",
      "\(used) tasks have been revised since they were imported")
  }

  private func strayOriginals(_ expectations: Expectations) throws -> Finding {
    let owners = (["change_request"] + TaskColumns.all.map(\.table)).map { table -> SQL in
      "exists (select 1 from \(identifier: table) r where r.id = o.row_id and r.import_id = o.import_id)"
    }
    let children = ["property_change", "request_section"].map { table -> SQL in
      "exists (select 1 from \(identifier: table) c where c.request_id = o.row_id and c.import_id = o.import_id)"
    }
    let count = try number(
      """
      select count(*) from original_value o where o.import_id = \(importID)
      and not (\(fragment: SQL.joined(owners + children, by: " or ")))
      """)
    return finding(
      "history.originals", count == 0 || expectations.originalsMayStray,
      count == 0
        ? "all original values belong to a row of the import"
        : "\(count) original values belong to rows that were rejected, the others to a row of the import",
      "\(count) original values belong to no row of the import")
  }

  private func counts(_ expected: [String: Int]) throws -> Finding {
    var wrong: [String] = []
    for (table, rows) in expected.sorted(by: { $0.key < $1.key }) {
      let count = try number("select count(*) from \(identifier: table) where import_id = \(importID)")
      if count != rows { wrong.append("\(table) has \(count) of \(rows)") }
    }
    return finding(
      "history.counts", wrong.isEmpty, "all tables have as many rows as were written",
      wrong.joined(separator: ", "))
  }

  // MARK: Parts

  private func number(_ query: SQL) throws -> Int { Int(try connection.integer(query) ?? 0) }

  private func finding(_ check: String, _ holds: Bool, _ good: String, _ bad: String) -> Finding {
    Finding(
      check, rule: check == "history.range" ? "D91" : "D84", holds ? .pass : .block, about: "source \(source)",
      holds ? good : bad, remedy: holds ? nil : "Roll the import back, and report this as a defect of Locktender.")
  }
}
