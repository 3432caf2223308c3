internal import Base
internal import Migration

/// Removes copies of sources and of the destination that a run has left in its folder: they hold everything, readable.
///
/// Finalizing removes those that are read; what a killed process has left beside them goes here.
struct RetireCopies: RetireStep {
  let id = "retire.copies"
  let title = "remove the copies that were read"
  let plan: HistoryPlan

  private static let suffixes = [
    "restored.db", "restored.db-wal", "restored.db-shm", "backup.db", "backup.db-wal", "backup.db-shm", "raw",
    "restored.raw", "verify.raw",
  ]

  private func files(_ context: StepContext) throws -> [(subject: String, path: String)] {
    try (plan.sources.map(\.name) + ["destination"]).flatMap { subject in
      try RetireCopies.suffixes.map { (subject, "\(context.folder)/\(subject).\($0)") }.filter {
        try Files.exists($0.1)
      }
    }
  }

  func leftovers(_ context: StepContext) async throws -> [Leftover] {
    try files(context).map { subject, path in
      Leftover("a copy of \(subject)", at: path, bytes: Int(try Files.status(of: path).size))
    }
  }

  func act(_ context: StepContext) async throws {
    for (_, path) in try files(context) { try Files.remove(path) }
  }
}
