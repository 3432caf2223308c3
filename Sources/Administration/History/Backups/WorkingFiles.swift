internal import Base
internal import Migration

/// The readable copies of a source, or of the destination, in a run's folder: they hold everything, so each step removes
/// its own, and a rollback, `finalize` and `retire` what a killed process has left.
enum WorkingFiles {
  /// The restored copy, which the import reads.
  static func restored(_ subject: String, _ context: StepContext) -> String {
    path("restored.db", of: subject, context)
  }

  /// The copy that goes into the backup.
  static func copied(_ subject: String, _ context: StepContext) -> String {
    path("backup.db", of: subject, context)
  }

  /// A log as it is.
  static func log(_ subject: String, _ context: StepContext) -> String { path("raw", of: subject, context) }

  /// A log as it came out of its backup.
  static func restoredLog(_ subject: String, _ context: StepContext) -> String {
    path("restored.raw", of: subject, context)
  }

  /// Those that are there.
  static func present(of subject: String, _ context: StepContext) throws -> [String] {
    try suffixes.map { path($0, of: subject, context) }.filter { try Files.exists($0) }
  }

  /// - Parameter source: what the copies are made of, where that is one of them.
  static func remove(of subject: String, _ context: StepContext, besides source: String? = nil) throws {
    for file in try present(of: subject, context) where file != source { try Files.remove(file) }
  }

  private static func path(_ suffix: String, of subject: String, _ context: StepContext) -> String {
    "\(context.folder)/\(subject).\(suffix)"
  }

  private static let suffixes =
    ["restored.db", "backup.db", "rejects.db"].flatMap { [$0, $0 + "-wal", $0 + "-shm", $0 + "-journal"] }
    + ["raw", "restored.raw", "verify.raw"]
}

extension HistoryPlan {
  /// Whatever may have a readable copy in the run's folder, and backups.
  var copiedSubjects: [String] { sources.map(\.name) + ["destination"] }
}
