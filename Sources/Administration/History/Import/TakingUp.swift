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
    let found: (archive: String, content: String)?
    do {
      found = try usable(subject)
    } catch {
      // A rollback needs none, and a resume makes a new one.
      context.events.tell(.warned("the backups cannot be looked at: \(explain(error))"))
      found = nil
    }
    guard let found else {
      let consequence =
        subject == "destination"
        ? "one that is made now holds rows of the run, and proves nothing of what was there before"
        : "a new one is made; where \(subject) has changed since, the comparison will tell"
      context.events.tell(
        .warned("a backup of \(subject) that the run had made cannot be opened here: \(consequence)"))
      return
    }
    try context.journal.note("secure.\(subject).archive", found.archive)
    try context.journal.note("secure.\(subject).content", found.content)
  }

  private func usable(_ subject: String) throws -> (archive: String, content: String)? {
    guard let entry = try backups.newest(of: subject, by: context.run),
      let archive = try backups.place(of: entry), try backups.keys.opens(archive)
    else { return nil }
    return (archive, entry.content)
  }
}
