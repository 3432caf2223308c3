internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// Puts an encrypted copy of a database in safety and proves that it can be restored.
///
/// SQLite: the import then reads what came out of the encrypted file, never the original. ODBC: the same, of a SQLite
/// database that the source's tables were copied into. PostgreSQL: the dump is restored into a scratch server of our
/// own and compared, row by row in digests, with the snapshot that it was made of; the import reads the source itself.
struct BackupStep: Step {
  let id: String
  /// What is backed up, as people call it: a source's name, `destination`.
  let subject: String
  let location: DatabaseLocation
  let options: ConnectOptions
  let settings: ImportSettings
  /// Whether the restored copy, where it is a SQLite database, stays to be read.
  var keepsCopy = true

  /// Where the import finds the restored copy of a source that is no PostgreSQL database.
  static func workingCopy(of subject: String, _ context: StepContext) -> String {
    WorkingFiles.restored(subject, context)
  }

  func act(_ context: StepContext) async throws {
    if try await reopen(context) { return }
    // Nothing that an earlier try has proven holds for this one.
    try context.journal.forget(["archive", "rows", "content"].map { "\(id).\($0)" })
    let place = settings.backups
    try SourceMoment.note(subject, context)
    let archive = try place.newArchive(subject, run: context.run, at: context.workplace.clock.now())
    let content: ContentSummary
    if location.engine == .postgresql {
      content = try await secureServer(archive, context)
    } else {
      content = try await BlockingThread(name: id).run { try secureFile(archive, context) }
    }
    try place.record(
      archive, of: subject, location: location, content: content.digest, at: context.workplace.clock.now())
    try context.journal.note("\(id).archive", archive)
    try context.journal.note("\(id).rows", String(content.rows))
    try context.journal.note("\(id).content", content.digest.description)
  }

  // MARK: SQLite and ODBC

  /// Restores the copy from a backup that is proven already: the source may have changed since.
  ///
  /// - Returns: false where there is no such backup.
  private func reopen(_ context: StepContext) async throws -> Bool {
    guard location.engine != .postgresql, keepsCopy, let content = try context.journal.note("\(id).content"),
      let archive = try context.journal.note("\(id).archive"), try Files.exists(archive)
    else { return false }
    try await BlockingThread(name: id).run {
      let found = try restore(archive, context)
      guard found.digest.description == content else {
        throw failed("the backup holds other rows than when it was made")
      }
    }
    return true
  }

  private func secureFile(_ archive: String, _ context: StepContext) throws -> ContentSummary {
    try WorkingFiles.remove(of: subject, context, besides: location.path)
    let plain = WorkingFiles.copied(subject, context)
    let expected = try copy(to: plain, context)
    try settings.backups.seal(plain, into: archive) { try tell(context, "encrypting", $0, $1) }
    try Files.remove(plain)
    try requireEqual(expected, restore(archive, context))
    if !keepsCopy { try WorkingFiles.remove(of: subject, context) }
    return expected
  }

  /// Takes the copy out of the backup, and reads it to its end.
  private func restore(_ archive: String, _ context: StepContext) throws -> ContentSummary {
    let restored = WorkingFiles.restored(subject, context)
    if try Files.exists(restored) { try Files.remove(restored) }
    try settings.backups.open(archive, into: restored) { try tell(context, "restoring", $0, $1) }
    let copy = try Connection.open(.sqlite(path: restored), options: .readOnly)
    guard try copy.integrityCheck().isEmpty else { throw failed("the restored copy is damaged") }
    let found = try ContentSummary.of(copy) { _ in try context.cancellation.check() }
    try copy.close()
    return found
  }

  /// Makes the copy that is encrypted, and tells what must be in it.
  private func copy(to plain: String, _ context: StepContext) throws -> ContentSummary {
    let original = try Connection.open(location, options: options)
    if location.engine == .odbc {
      try SourceCapture(subject: subject, source: original) { table, rows in
        try tell(context, "copying \(rows) rows of \(table) of", 0, nil)
      }.write(to: plain)
      let captured = try Connection.open(.sqlite(path: plain), options: .readOnly)
      return try ContentSummary.of(captured) { _ in try context.cancellation.check() }
    }
    return try original.transaction(.readOnlySnapshot) {
      let page = Int(try original.integer("PRAGMA page_size") ?? 1)
      try original.backUp(to: plain) { try tell(context, "copying", $0 * page, $1 * page) }
      return try ContentSummary.of(original) { _ in try context.cancellation.check() }
    }
  }

  // MARK: PostgreSQL

  private func secureServer(_ archive: String, _ context: StepContext) async throws -> ContentSummary {
    let place = settings.backups
    let programs = try ServerPrograms.find()
    let dump = try await PostgresDump(
      subject: subject, location: location, options: options, programs: programs, place: place
    ).write(to: archive) { try tell(context, $0, $1, nil) }
    try await BlockingThread(name: id).run {
      let folder = try ScratchFolder()
      let plain = folder.path("dump")
      try place.open(archive, into: plain) { try tell(context, "decrypting", $0, $1) }
      let restoration = try PostgresRestoration(
        of: plain, named: subject, encoding: dump.encoding, programs, in: folder
      ) { try tell(context, "restoring", dump.bytes, nil) }
      defer { restoration.stop() }
      try Files.remove(plain)
      let found = try ContentSummary.of(restoration.open()) {
        try tell(context, "comparing \($0) of", dump.bytes, nil)
      }
      try requireEqual(dump.content, found)
    }
    return dump.content
  }

  private func requireEqual(_ expected: ContentSummary, _ found: ContentSummary) throws {
    if let difference = expected.difference(from: found) {
      throw failed("the restored copy differs: \(difference)")
    }
  }

  // MARK: Step

  func probe(_ context: StepContext) async throws -> StepEffect {
    guard let content = try context.journal.note("\(id).content"),
      let archive = try context.journal.note("\(id).archive"), try Files.exists(archive)
    else { return .incomplete }
    if location.engine != .postgresql, keepsCopy,
      try !Files.exists(BackupStep.workingCopy(of: subject, context))
    {
      return .incomplete
    }
    return .complete(digest: content)
  }

  /// The readable copies are of no use any longer; the encrypted backup stays.
  func undo(_ context: StepContext) async throws {
    try WorkingFiles.remove(of: subject, context)
  }

  /// - Throws: `CancellationError` once the run is asked to stop.
  private func tell(_ context: StepContext, _ what: String, _ done: Int, _ total: Int?) throws {
    try context.cancellation.check()
    context.events.tell(
      .progress(
        Progress(step: id, current: "\(what) \(subject)", bytesDone: done, bytesTotal: total.map { max(1, $0) })))
  }

  private func failed(_ reason: String) -> AdministrationError {
    AdministrationError(
      .unusable, doing: "test the backup of \(subject)", reason: reason,
      advice: "look at the disk of \(settings.backups.folder), then: locktender resume")
  }
}
