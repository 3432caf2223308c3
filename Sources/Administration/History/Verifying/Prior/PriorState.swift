internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// The two looks at what was there before a run: one when its imports were registered, one at each verification.
enum PriorState {
  /// A transaction of the service that is under way at the first look may still commit rows of the last minute:
  /// what is younger does not count.
  private static let settling = 60.0

  private static func rowsPath(_ context: StepContext) -> String { context.folder + "/prior-rows.json" }
  private static func tasksPath(_ context: StepContext) -> String { context.folder + "/prior-tasks" }

  private static let lateNote = "prior.late"

  /// The first look, unless it was taken and the run has carried rows since. Where rows are in and no look was taken,
  /// as when a run is taken up whose folder is lost, it comes late, and the comparison says so. Blocks.
  static func recordIfNeeded(_ context: StepContext, on connection: Connection) throws {
    let hasCarried = try LedgerTables.hasBatches(of: context.run, on: connection)
    let isRecorded = try Files.exists(rowsPath(context)) && Files.exists(tasksPath(context))
    if hasCarried && isRecorded { return }
    if hasCarried { try context.journal.note(lateNote, context.workplace.clock.now().description) }
    try record(context, on: connection)
  }

  /// The first look. Blocks; reads all rows of the history.
  static func record(_ context: StepContext, on connection: Connection) throws {
    let first = try firstImport(of: context.run, on: connection)
    let moment = context.workplace.clock.now().advanced(seconds: -settling)
    let rows = try PriorRows.digest(on: connection, before: first, at: moment) { _ in
      try context.cancellation.check()
    }
    try PriorTasks.record(to: tasksPath(context), on: connection, before: first)
    try Files.write(encodeJSON(rows), to: rowsPath(context))
  }

  /// The second look: what was there before is as it was, or where it is not. Blocks.
  static func finding(_ context: StepContext, on connection: Connection) throws -> Finding {
    guard try Files.exists(rowsPath(context)), try Files.exists(tasksPath(context)) else {
      return block(
        "what was there before was not written down, so that nothing can be said of it",
        "compare the history with the backup of the destination that the run has made")
    }
    let before = try decodeJSON(PriorRows.self, from: Files.read(rowsPath(context), limit: 1 << 20))
    let first = try firstImport(of: context.run, on: connection)
    let after = try PriorRows.digest(on: connection, before: first, at: before.moment) { _ in
      try context.cancellation.check()
    }
    let tasks = try PriorTasks.compare(with: tasksPath(context), on: connection, before: first)
    var changed = after.changedTables(since: before)
    if tasks.changed > 0 { changed.append("\(tasks.changed) tasks without a revision") }
    if tasks.missing > 0 { changed.append("\(tasks.missing) tasks that are gone") }
    guard changed.isEmpty else {
      return block(
        "rows that were there before the run are not what they were: \(changed.joined(separator: ", "))",
        "if nobody else has written to them, roll the import back, and report this as a defect of Locktender")
    }
    let rows = before.tables.values.reduce(0) { $0 + Int($1.count) } + tasks.unchanged
    if let since = try context.journal.note(lateNote) {
      return Finding(
        "history.prior", rule: "D103", .warn, about: "destination",
        "rows that were there before the run are what they were at \(since), when it was taken up here; what they were "
          + "when it began stood in its folder",
        remedy: "compare the history with the backup of the destination that the run has made")
    }
    let revised = tasks.revised == 0 ? "" : "; the service has revised \(tasks.revised) tasks since"
    return Finding(
      "history.prior", rule: "D103", .pass, about: "destination",
      "\(rows) rows that were there before the run are what they were\(revised)")
  }

  private static func firstImport(of run: UniqueID, on connection: Connection) throws -> Int64 {
    guard let first = try connection.integer("SELECT min(id) FROM history_import WHERE run_id = \(run)") else {
      throw MigrationError(
        .damaged, doing: "find the run's import", reason: "the destination does not know of it",
        advice: "locktender resume \(run)")
    }
    return first
  }

  private static func block(_ message: String, _ remedy: String) -> Finding {
    Finding("history.prior", rule: "D103", .block, about: "destination", message, remedy: remedy)
  }
}
