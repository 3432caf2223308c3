internal import Base
internal import Migration

/// Removes the copies that were read, and backups beyond the number to be kept. Encrypted backups within it stay.
struct RetireCopiesStep: Step {
  let id = "retire-copies"
  let plan: HistoryPlan
  let backups: BackupPlace

  func act(_ context: StepContext) async throws {
    for source in plan.sources {
      let copy = BackupStep.workingCopy(of: source.name, context)
      if try Files.exists(copy) { try Files.remove(copy) }
    }
    for subject in plan.sources.map(\.name) + ["destination"] {
      for file in try backups.retire(subject) { context.events.tell(.noted("removed the old backup \(file)")) }
    }
    try context.journal.note("\(id).done", "yes")
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    try context.journal.note("\(id).done") == nil ? .incomplete : .complete(digest: nil)
  }
}
