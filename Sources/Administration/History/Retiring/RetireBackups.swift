internal import Base
internal import Migration

/// Removes backups of what a run has read and written: those beyond the number to be kept, or all that the run made.
struct RetireBackups: RetireStep {
  let id = "retire.backups"
  let title = "remove old backups"
  let plan: HistoryPlan
  let place: BackupPlace
  let wishes: RetireWishes
  /// Backups that the platform file names as sources.
  let sources: [String]

  private var subjects: [String] { plan.copiedSubjects }

  func leftovers(_ context: StepContext) async throws -> [Leftover] {
    let made = try self.made(context)
    return try subjects.flatMap { subject in
      let entries = try place.entries().filter { $0.subject == subject }.sorted { $0.made > $1.made }
      return try entries.enumerated().compactMap { index, entry -> Leftover? in
        let isOwn = made.contains(entry.file)
        let goes = index >= place.keep || isOwn && wishes.backups
        guard goes || isOwn else { return nil }
        let reason =
          try reasonToKeep(entry)
          ?? (goes ? nil : "kept, one of \(place.keep); --with-backups removes it as well")
        return Leftover("a backup of \(subject)", at: entry.file, bytes: entry.bytes, stays: reason)
      }
    }
  }

  /// The archives that the run made.
  private func made(_ context: StepContext) throws -> Set<String> {
    Set(try subjects.compactMap { try context.journal.note("secure.\($0).archive") })
  }

  private func reasonToKeep(_ entry: BackupPlace.Entry) throws -> String? {
    if let run = wishes.openRuns.first(where: { entry.file.hasSuffix("-\($0.description.prefix(8)).ltbackup") }) {
      return "in use: run \(run) is not finalized"
    }
    if sources.contains(entry.file) { return "in use: the platform file names it as a source" }
    return nil
  }

  func act(_ context: StepContext) async throws {
    let files = Set(try await leftovers(context).filter { $0.stays == nil }.map(\.place))
    // The file first: an entry whose file is gone is put away by the next try, a file without an entry never.
    for file in files.sorted() where try Files.exists(file) {
      try Files.remove(file)
      context.events.tell(.noted("removed the backup \(file)"))
    }
    if !files.isEmpty { try place.change { $0.filter { !files.contains($0.file) } } }
  }
}
