internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Takes the plan of a finalized run out of the destination: nobody is to go on with it, or take it back, any more.
struct ForgetPlanStep: Step {
  let id = "forget-plan"
  let destination: HistoryDestination

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      try LedgerTables.forgetPlan(of: context.run, on: destination.open())
    }
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    try await BlockingThread(name: id).run {
      let isKept = try LedgerTables.plans(on: destination.openReadOnly()).contains { $0.run == context.run }
      return isKept ? .incomplete : .complete(digest: nil)
    }
  }
}
