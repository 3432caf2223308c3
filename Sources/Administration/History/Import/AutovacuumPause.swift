internal import Database
internal import Migration
internal import Transfer

/// Keeps PostgreSQL's autovacuum away from the tables of a bulk import until their statistics are made.
///
/// It would vacuum a table again and again while the rows come in, and its lock on a table makes a statement that
/// builds an index or statistics wait for `deadlock_timeout` (a second) before it gives way
/// (www.postgresql.org/docs/15/routine-vacuuming.html).
enum AutovacuumPause {
  private static let note = "autovacuum.paused"

  /// Switches it off where nobody has said anything about it. Within the caller's transaction; the journal knows of it
  /// first, so that a run that is killed right behind it can end it.
  static func begin(on connection: Connection, _ context: StepContext) throws {
    guard connection.engine == .postgresql else { return }
    if try context.journal.note(note) == nil {
      let tables = try HistoryTables.all.filter { try !hasSetting($0, on: connection) }
      try context.journal.note(note, tables.joined(separator: ","))
    }
    for table in try tables(context) {
      try connection.execute("ALTER TABLE \(identifier: table) SET (autovacuum_enabled = false)")
    }
  }

  /// Takes away what ``begin(on:_:)`` has set. Does nothing where it has set nothing.
  ///
  /// - Parameter plan: where the journal was lost, what stands on tables that the run made can only be its own.
  static func end(_ plan: HistoryPlan, on connection: Connection, _ context: StepContext) throws {
    guard connection.engine == .postgresql else { return }
    let isLost = try plan.createsTables && plan.mode == .bulk && context.journal.note(note) == nil
    for table in try isLost ? HistoryTables.all : tables(context) where try hasSetting(table, on: connection) {
      try connection.execute("ALTER TABLE \(identifier: table) RESET (autovacuum_enabled)")
    }
    // Begun elsewhere in tables of somebody else's: who set it is not known here.
    guard try context.journal.isTakenUp(), try context.journal.note(note) == nil else { return }
    let left = try HistoryTables.all.filter { try hasSetting($0, on: connection) }
    guard !left.isEmpty else { return }
    context.events.tell(
      .warned(
        "autovacuum_enabled is set on \(left.joined(separator: ", ")); where nobody else has set it: "
          + "ALTER TABLE … RESET (autovacuum_enabled)"))
  }

  private static func tables(_ context: StepContext) throws -> [String] {
    (try context.journal.note(note) ?? "").split(separator: ",").map { String($0) }
  }

  private static func hasSetting(_ table: String, on connection: Connection) throws -> Bool {
    let count = try connection.integer(
      """
      SELECT count(*) FROM pg_class c, unnest(c.reloptions) setting
      WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND c.relname = \(table)
        AND setting LIKE 'autovacuum_enabled=%'
      """)
    return count != 0
  }
}
