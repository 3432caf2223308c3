internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Makes keys and indexes once the rows of a bulk import are in: much quicker than keeping them up row by row.
struct KeysStep: Step {
  let id = "keys"
  let plan: HistoryPlan
  let destination: HistoryDestination
  let target: Destination

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run { _ = try target.hold.take() }
    let work = try await missing(destination.location.engine).map {
      StatementWorkers.Work(name: HistoryKeys.name(in: $0), statement: SQL(unsafeSQL: $0))
    }
    try await StatementWorkers(step: id, destination: destination, target: target, workers: plan.workers)
      .run(work, context)
  }

  private func missing(_ engine: Engine) async throws -> [String] {
    try await BlockingThread(name: id).run {
      let missing = try HistoryKeys.missing(on: destination.openReadOnly())
      return HistoryKeys.statements(engine).filter { missing.contains(HistoryKeys.name(in: $0)) }
    }
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    try await BlockingThread(name: id).run {
      let connection = try destination.openReadOnly()
      return try HistoryKeys.areComplete(on: connection) ? .complete(digest: nil) : .incomplete
    }
  }
}
