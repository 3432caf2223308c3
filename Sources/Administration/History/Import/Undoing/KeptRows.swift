internal import Base
internal import Database
internal import Migration

/// Rows of a run that its rollback left, because somebody has used them since: a task that the service has revised, a
/// request that a task of others hangs on, and what hangs on both.
struct KeptRows: Sendable, Codable, Equatable, CustomStringConvertible {
  struct Row: Sendable, Codable, Equatable {
    let table: String
    let id: UniqueID
    /// Its key in the source.
    let key: String
  }

  /// The imports that still have rows.
  var imports: [Int64] = []
  /// Requests and tasks, by table and key; no more than ``most``.
  var rows: [Row] = []
  /// How many there are, by table.
  var counts: [String: Int] = [:]

  static let most = 100_000

  /// Removes what hangs on no row any more, once everything else of a run has been taken back. Blocks.
  static func removeStrays(of run: UniqueID, on connection: Connection) throws {
    for number in try imports(of: run, on: connection) {
      try connection.execute(HistoryRemoval.strayOriginals(of: number))
    }
  }

  private static func imports(of run: UniqueID, on connection: Connection) throws -> [Int64] {
    var numbers: [Int64] = []
    try connection.rows("SELECT id FROM history_import WHERE run_id = \(run) ORDER BY id", [.integer]) { row in
      numbers.append(row.integer(0) ?? 0)
    }
    return numbers
  }

  var isEmpty: Bool { imports.isEmpty }

  /// Looks for what is left of a run. Blocks.
  static func find(of run: UniqueID, on connection: Connection) throws -> KeptRows {
    var kept = KeptRows()
    for number in try imports(of: run, on: connection) {
      var total = 0
      for table in HistoryTables.all {
        let count = Int(
          try connection.integer("SELECT count(*) FROM \(identifier: table) WHERE import_id = \(number)") ?? 0)
        guard count > 0 else { continue }
        total += count
        kept.counts[table, default: 0] += count
        if HistoryTables.keyed.contains(table) { try kept.list(table, of: number, on: connection) }
      }
      if total > 0 { kept.imports.append(number) }
    }
    return kept
  }

  private mutating func list(_ table: String, of number: Int64, on connection: Connection) throws {
    let room = KeptRows.most - rows.count
    var found: [Row] = []
    try connection.rows(
      """
      SELECT id, source_key FROM \(identifier: table) WHERE import_id = \(number) ORDER BY id LIMIT \(Int64(room))
      """, [.uuid, .text]
    ) { row in
      found.append(Row(table: table, id: row.uuid(0) ?? UniqueID(high: 0, low: 0), key: row.string(1) ?? ""))
    }
    rows += found
  }

  /// `3 rows stay …: 2 of change_request, 1 of approval_task, and 5 that hang on them`
  var description: String {
    let own = HistoryTables.keyed.compactMap { table in counts[table].map { (table, $0) } }
    let total = own.reduce(0) { $0 + $1.1 }
    let hanging = counts.values.reduce(0, +) - total
    let list = own.map { "\($0.1) of \($0.0)" }.joined(separator: ", ")
    if own.isEmpty { return "\(hanging) rows stay that hang on requests which others refer to" }
    return "\(total) rows stay, since they have been used since the import: \(list)"
      + (hanging > 0 ? ", and \(hanging) that hang on them" : "")
  }

  // MARK: The run's folder

  static func path(_ context: StepContext) -> String { context.folder + "/kept-rows.json" }

  func write(_ context: StepContext) throws {
    try Files.write(encodeJSON(self, pretty: true), to: KeptRows.path(context))
  }

  /// What the run's rollback has kept; nil where it kept nothing or has not been.
  static func read(_ context: StepContext) throws -> KeptRows? {
    let path = path(context)
    guard try Files.exists(path) else { return nil }
    return try decodeJSON(KeptRows.self, from: Files.read(path, limit: 1 << 26))
  }
}
