internal import Base
internal import Migration

/// Removes copies of sources and of the destination that a run has left in its folder: they hold everything, readable.
///
/// Finalizing removes those that are read; what a killed process has left beside them goes here.
struct RetireCopies: RetireStep {
  let id = "retire.copies"
  let title = "remove the copies that were read"
  let plan: HistoryPlan

  func leftovers(_ context: StepContext) async throws -> [Leftover] {
    try plan.copiedSubjects.flatMap { subject in
      try WorkingFiles.present(of: subject, context).map { path in
        Leftover("a copy of \(subject)", at: path, bytes: Int(try Files.status(of: path).size))
      }
    }
  }

  func act(_ context: StepContext) async throws {
    for subject in plan.copiedSubjects { try WorkingFiles.remove(of: subject, context) }
  }
}
