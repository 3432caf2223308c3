internal import Base
internal import Cryptography
internal import Database
internal import Migration

/// Puts an encrypted copy of a SQLite database in safety and proves that it can be restored: the import then reads
/// what came out of the encrypted file, never the original.
struct BackupStep: Step {
  let id: String
  /// What is backed up, as people call it: a source's name, `destination`.
  let subject: String
  let location: DatabaseLocation
  let options: ConnectOptions
  let settings: ImportSettings

  /// Where the import finds the restored copy of a source.
  static func workingCopy(of subject: String, _ context: StepContext) -> String {
    "\(context.folder)/\(subject).restored.db"
  }

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run { try backUp(context) }
  }

  private func backUp(_ context: StepContext) throws {
    let plain = "\(context.folder)/\(subject).backup.db"
    let restored = BackupStep.workingCopy(of: subject, context)
    for leftover in [plain, restored] where try Files.exists(leftover) { try Files.remove(leftover) }
    let place = settings.backups
    let archive = try place.newArchive(subject, run: context.run, at: context.workplace.clock.now())

    let original = try Connection.open(location, options: options)
    let expected = try original.transaction(.readOnlySnapshot) {
      tell(context, "copying", 0, 1)
      try original.backUp(to: plain) { done, total in
        try context.cancellation.check()
        tell(context, "copying", done, total)
      }
      return try ContentDigest.of(original)
    }
    try place.seal(plain, into: archive) { done, total in tell(context, "encrypting", done, total) }
    try Files.remove(plain)
    try context.cancellation.check()
    try place.open(archive, into: restored) { done, total in tell(context, "restoring", done, total) }
    let copy = try Connection.open(.sqlite(path: restored), options: .readOnly)
    let damage = try copy.integrityCheck()
    guard damage.isEmpty else { throw failed("the restored copy is damaged") }
    guard try ContentDigest.of(copy) == expected else { throw failed("the restored copy holds other rows") }
    try copy.close()
    try place.record(archive, of: subject, location: location, content: expected, at: context.workplace.clock.now())
    try context.journal.note("\(id).archive", archive)
    try context.journal.note("\(id).content", expected.description)
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    let restored = BackupStep.workingCopy(of: subject, context)
    guard let content = try context.journal.note("\(id).content"),
      let archive = try context.journal.note("\(id).archive"),
      try Files.exists(archive), try Files.exists(restored)
    else { return .incomplete }
    return .complete(digest: content)
  }

  /// The copy that was read is of no use any longer; the encrypted backup stays.
  func undo(_ context: StepContext) async throws {
    let restored = BackupStep.workingCopy(of: subject, context)
    if try Files.exists(restored) { try Files.remove(restored) }
  }

  private func tell(_ context: StepContext, _ what: String, _ done: Int, _ total: Int) {
    context.events.tell(
      .progress(
        Progress(step: id, current: "\(what) \(subject)", bytesDone: done, bytesTotal: max(1, total))))
  }

  private func failed(_ reason: String) -> AdministrationError {
    AdministrationError(
      .unusable, doing: "test the backup of \(subject)", reason: reason,
      advice: "look at the disk of \(settings.backups.folder), then: locktender resume")
  }
}

/// A digest of all rows of all tables: what must be the same before a backup and after its restoration.
struct ContentDigest {
  static func of(_ connection: Connection) throws -> Digest256 {
    var text = ""
    for table in try connection.catalogue().tables.sorted(by: { $0.name.name < $1.name.name }) {
      // Every value as its bytes, told apart by type: what SQLite holds, not what a column promises.
      let columns = table.columns.filter { !$0.isGenerated }.map(\.name)
      let list = columns.map { "CAST(quote(\"\($0)\") AS BLOB)" }.joined(separator: ", ")
      var sum = DigestSum()
      var hasher = SHA256Hasher()
      var block = RowBlock(kinds: Array(repeating: .bytes, count: columns.count))
      var rows = try connection.stream("SELECT \(unsafeSQL: list) FROM \(table: table.name)", block.kinds)
      while try rows.read(into: &block, rows: 10_000) {
        for index in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: index))) }
      }
      text += "\(table.name.name) \(sum)\n"
    }
    return sha256(Array(text.utf8))
  }
}
