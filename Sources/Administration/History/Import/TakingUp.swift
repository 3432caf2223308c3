internal import Base
internal import Database
internal import Migration
internal import Transfer

/// What the journal of a run told that was begun elsewhere: found again in the destination and among the backups.
struct TakingUp {
  let plan: HistoryPlan
  let destination: HistoryDestination
  let backups: BackupPlace
  let context: StepContext

  /// Blocks.
  func noteAgain() throws {
    try noteImports()
    for source in plan.sources { try noteBackup(of: source.name) }
    if plan.securesDestination { try noteBackup(of: "destination") }
    if let principals = plan.principals, !principals.isEmpty {
      context.events.tell(
        .warned("which roles and rights the run has brought is not known here: a rollback leaves them"))
    }
  }

  private func noteImports() throws {
    guard let connection = try destination.openReadOnlyIfPresent() else { return }
    for source in plan.sources where try connection.catalogue()["history_import"] != nil {
      let number = try connection.integer(
        """
        SELECT min(i.id) FROM history_import i JOIN history_source s ON s.id = i.source_id
        WHERE i.run_id = \(context.run) AND s.identity = \(source.identity.description)
        """)
      if let number { try context.journal.note("import.\(source.name)", String(number)) }
    }
  }

  /// What was carried came out of this backup; a new one may hold other rows.
  private func noteBackup(of subject: String) throws {
    guard let entry = try backups.newest(of: subject, by: context.run) else { return }
    guard let archive = try backups.place(of: entry), try backups.keys.opens(archive) else {
      context.events.tell(
        .warned(
          "the backup \(entry.file) cannot be opened here, and a new one is made; where \(subject) has changed since, "
            + "the comparison will tell"))
      return
    }
    try context.journal.note("secure.\(subject).archive", archive)
    try context.journal.note("secure.\(subject).content", entry.content)
  }
}
