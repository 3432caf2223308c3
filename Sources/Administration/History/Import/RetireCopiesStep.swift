internal import Migration

/// Removes the copies that were read. Encrypted backups stay until `retire`, which knows whose are still in use.
struct RetireCopiesStep: Step {
  let id = "retire-copies"
  let plan: HistoryPlan

  func act(_ context: StepContext) async throws {
    for subject in plan.copiedSubjects { try WorkingFiles.remove(of: subject, context) }
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    for subject in plan.copiedSubjects where try !WorkingFiles.present(of: subject, context).isEmpty {
      return .incomplete
    }
    return .complete(digest: nil)
  }
}
