internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Removes what a run has left in the destination beside its rows: its checkpoints, its mark on the blank database, and,
/// once they tell of no run any more, the tables of the checkpoints and the file of the lock.
///
/// Checkpoints of batches with rejected rows stay, and those by which repaired rows came: reports on the history know
/// their gaps by them.
struct RetireMarks: RetireStep {
  let id = "retire.marks"
  let title = "remove the checkpoints and marks in the destination"
  let plan: HistoryPlan
  let destination: HistoryDestination

  private var bringsRepairs: Bool { plan.sources.contains { !$0.addsCoverage } }

  func leftovers(_ context: StepContext) async throws -> [Leftover] {
    try await BlockingThread(name: id).run {
      guard let connection = try destination.openReadOnlyIfPresent() else { return [] }
      let place = destination.location.description
      return try connection.transaction(.readOnlySnapshot) {
        var leftovers: [Leftover] = []
        let rows = try LedgerTables.leftovers(of: context.run, keepingBatches: bringsRepairs, on: connection)
        if rows > 0 { leftovers.append(Leftover("\(rows) rows of checkpoints", at: place)) }
        let claimant = try DestinationClaim.holder(on: connection)?.run
        if claimant == context.run.description { leftovers.append(Leftover("the mark of the run", at: place)) }
        if try (claimant == nil || claimant == context.run.description) && LedgerTables.areIdle(on: connection) {
          leftovers.append(Leftover("the tables of the checkpoints, which are empty", at: place))
        }
        return leftovers
      }
    }
  }

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      guard try destination.openReadOnlyIfPresent() != nil else { return }
      let hold = destination.target().hold
      try hold.take()
      let connection = try destination.open()
      let isIdle = try connection.transaction(.immediate) {
        try LedgerTables.forget(context.run, keepingBatches: bringsRepairs, on: connection)
        try DestinationClaim.release(from: context.run, on: connection)
        guard try LedgerTables.areIdle(on: connection), try DestinationClaim.holder(on: connection) == nil else {
          return false
        }
        try DestinationClaim.drop(on: connection)
        try LedgerTables.drop(on: connection)
        return true
      }
      try connection.close()
      if isIdle { try hold.releaseForGood() } else { hold.release() }
    }
  }
}
