internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Closes the import: says that its rows are in, which a comparison has yet to confirm, gives the destination free for
/// others, and lets the database learn what it now holds.
struct SettleStep: Step {
  let id = "settle"
  let plan: HistoryPlan
  let destination: HistoryDestination
  let target: Destination

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      try target.hold.take()
      let connection = try destination.open()
      try connection.transaction(.immediate) {
        try connection.execute(
          """
          UPDATE history_import SET state = CASE state WHEN 'running' THEN 'unverified' ELSE state END,
            finished_at = \(context.workplace.clock.now())
          WHERE run_id = \(context.run)
          """)
        try DestinationClaim.release(from: context.run, on: connection)
      }
    }
    try await StatementWorkers(step: id, destination: destination, target: target, workers: plan.workers)
      .run(statistics, context)
    try await BlockingThread(name: id).run {
      let connection = try destination.open()
      try AutovacuumPause.end(plan, on: connection, context)
      if connection.engine == .sqlite { try connection.checkpoint() }
      try context.journal.note("\(id).done", "yes")
    }
  }

  /// Made after the indexes, since those on expressions have statistics of their own; the requests first, which take
  /// longest.
  private var statistics: [StatementWorkers.Work] {
    HistoryTables.all.reversed().map { .init(name: $0, statement: "ANALYZE \(identifier: $0)") }
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
