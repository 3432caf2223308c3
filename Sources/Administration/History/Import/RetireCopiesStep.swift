internal import Base
internal import Migration

/// Removes the copies that were read. Encrypted backups stay until `retire`, which knows whose are still in use.
struct RetireCopiesStep: Step {
  let id = "retire-copies"
  let plan: HistoryPlan

  func act(_ context: StepContext) async throws {
    for source in plan.sources {
      let copy = BackupStep.workingCopy(of: source.name, context)
      if try Files.exists(copy) { try Files.remove(copy) }
    }
    try context.journal.note("\(id).done", "yes")
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    try context.journal.note("\(id).done") == nil ? .incomplete : .complete(digest: nil)
  }
}
