internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Closes the import: says that its times are in, and lets the database learn what it now holds.
struct SettleStep: Step {
  let id = "settle"
  let plan: HistoryPlan
  let destination: HistoryDestination
  let target: Destination

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      try target.hold.take()
      let connection = try destination.open()
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
