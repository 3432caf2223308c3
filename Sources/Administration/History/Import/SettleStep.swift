internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// Closes the import: says that its times are in, makes sure that no other row has changed, and lets the database
/// learn what it now holds.
struct SettleStep: Step {
  let id = "settle"
  let plan: HistoryPlan
  let destination: HistoryDestination
  let target: Destination

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      try target.hold.take()
      let connection = try destination.open()
      if plan.mode == .live {
        let imports = try plan.sources.map { try PrepareStep.importID(of: $0.name, context) }
        let after = try OtherRows.digest(excluding: imports, on: connection)
        guard try context.journal.note("others.before") == after.description else {
          throw AdministrationError(
            .unusable, doing: "compare the rows that were there before", reason: "they are not the same any more",
            advice: "somebody else has written to the history; locktender verify tells where it stands")
        }
      }
      try connection.execute(
        """
        UPDATE history_import SET state = CASE state WHEN 'running' THEN 'complete' ELSE state END,
          finished_at = \(context.workplace.clock.now())
        WHERE run_id = \(context.run)
        """)
      try connection.execute("ANALYZE")
      if connection.engine == .sqlite { try connection.checkpoint() }
      try context.journal.note("\(id).done", "yes")
    }
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    guard try context.journal.note("\(id).done") != nil else { return .incomplete }
    return try await BlockingThread(name: id).run {
      let open = try destination.openReadOnly().integer(
        "SELECT count(*) FROM history_import WHERE run_id = \(context.run) AND finished_at IS NULL")
      return open == 0 ? .complete(digest: nil) : .incomplete
    }
  }
}

/// The rows of a history that a run did not bring: an import adds, and changes nothing of them.
enum OtherRows {
  static func digest(excluding imports: [Int64], on connection: Connection) throws -> Digest256 {
    var text = ""
    for table in ReleaseSchema(.newest, .history).tables where HistoryTables.all.contains(table.name) {
      var sum = DigestSum()
      var hasher = SHA256Hasher()
      var block = RowBlock(kinds: table.kinds)
      // Tasks that the service has revised meanwhile are its own business.
      let unrevised: SQL = table.columnNames.contains("revision") ? " AND revision = 0" : ""
      var rows = try connection.stream(
        """
        SELECT \(identifiers: table.columnNames) FROM \(identifier: table.name)
        WHERE import_id NOT IN \(list: imports) \(fragment: unrevised)
        """, table.kinds)
      while try rows.read(into: &block, rows: 20_000) {
        for index in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: index))) }
      }
      text += "\(table.name) \(sum)\n"
    }
    return sha256(Array(text.utf8))
  }
}
