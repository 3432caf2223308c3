internal import Base
internal import Cryptography
internal import Migration

/// A log that is put in safety as a stream of bytes and captured from what came out of safety again.
protocol CapturedLog: Sendable {
  /// Where it is, without secrets.
  var location: String { get }

  /// Writes the log to a private file. Blocks.
  ///
  /// - Parameter progress: told bytes; what it throws ends the work.
  func fetch(into path: String, progress: (Int64) throws -> Void) throws

  /// Captures what ``fetch(into:progress:)`` wrote. Blocks.
  ///
  /// - Parameter progress: told records.
  func capture(_ raw: String, into path: String, progress: (Int) throws -> Void) throws -> CaptureTally
}

/// Puts an encrypted copy of a log in safety, proves that it can be restored, and captures the restored one: the import
/// then reads the capture, never the log.
struct CaptureStep: Step {
  let id: String
  /// The source's name.
  let subject: String
  let identity: UniqueID
  let log: any CapturedLog
  let book: LogBook
  let settings: ImportSettings

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      try context.journal.forget(["\(id).captured"])
      try WorkingFiles.remove(of: subject, context)
      // Both hold the log as it is, secrets and all: neither outlives this step.
      defer {
        for file in [WorkingFiles.log(subject, context), WorkingFiles.restoredLog(subject, context)] {
          // Where it cannot be removed now, the step's next try or its undo does.
          try? Files.remove(file)
        }
      }
      try secureLog(context)
      try capture(context)
      try context.journal.note("\(id).captured", "yes")
    }
  }

  /// A backup that is proven already is what the import goes on with, since the log may have grown; else a new one.
  private func secureLog(_ context: StepContext) throws {
    if let content = try context.journal.note("\(id).content"),
      let archive = try context.journal.note("\(id).archive"), try Files.exists(archive)
    {
      return try restore(archive, requiring: content, context)
    }
    try context.journal.forget(["\(id).archive", "\(id).content"])
    let place = settings.backups
    let raw = WorkingFiles.log(subject, context)
    let archive = try place.newArchive(subject, run: context.run, at: context.workplace.clock.now())
    try SourceMoment.note(subject, context)
    try log.fetch(into: raw) { bytes in
      try context.cancellation.check()
      show(context, "copying", Int(bytes), nil)
    }
    let content = try RawStream.digest(of: raw) { _ in try context.cancellation.check() }
    try place.seal(raw, into: archive) { done, total in
      try context.cancellation.check()
      show(context, "encrypting", done, total)
    }
    try Files.remove(raw)
    try restore(archive, requiring: content.description, context)
    try place.record(
      archive, of: subject, at: log.location, content: content, made: context.workplace.clock.now())
    try context.journal.note("\(id).archive", archive)
    try context.journal.note("\(id).content", content.description)
  }

  /// Takes the log out of the backup.
  private func restore(_ archive: String, requiring content: String, _ context: StepContext) throws {
    let restored = WorkingFiles.restoredLog(subject, context)
    let place = settings.backups
    try place.open(archive, into: restored) { done, total in
      try context.cancellation.check()
      show(context, "restoring", done, total)
    }
    let found = try RawStream.digest(of: restored) { _ in try context.cancellation.check() }
    guard found.description == content else {
      throw AdministrationError(
        .unusable, doing: "test the backup of \(subject)", reason: "the restored copy has other bytes",
        advice: "look at the disk of \(place.folder), then: locktender resume \(context.run)")
    }
  }

  private func capture(_ context: StepContext) throws {
    let capture = WorkingFiles.restored(subject, context)
    let tally = try log.capture(WorkingFiles.restoredLog(subject, context), into: capture) { records in
      try context.cancellation.check()
      context.events.tell(.progress(Progress(step: id, current: "capturing \(subject)", rowsDone: records)))
    }
    if let last = tally.lastKey { try book.note(subject, identity: identity, last: last) }
    if let summary = tally.summary {
      context.events.tell(.noted("of \(subject) not carried as they are: \(summary)"))
    }
    try context.journal.note("\(id).tally", String(decoding: encodeJSON(tally), as: UTF8.self))
    try context.journal.note("\(id).rows", String(tally.carried))
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    guard try context.journal.note("\(id).captured") != nil,
      let content = try context.journal.note("\(id).content"),
      let archive = try context.journal.note("\(id).archive"), try Files.exists(archive),
      try Files.exists(BackupStep.workingCopy(of: subject, context))
    else { return .incomplete }
    return .complete(digest: content)
  }

  /// The capture is of no use any longer; the encrypted backup stays.
  func undo(_ context: StepContext) async throws { try WorkingFiles.remove(of: subject, context) }

  private func show(_ context: StepContext, _ what: String, _ done: Int, _ total: Int?) {
    context.events.tell(
      .progress(Progress(step: id, current: "\(what) \(subject)", bytesDone: done, bytesTotal: total)))
  }

  /// The encrypted backup that the step made.
  static func archive(of subject: String, _ context: StepContext) throws -> String {
    guard let archive = try context.journal.note("secure.\(subject).archive"), try Files.exists(archive) else {
      throw AdministrationError(
        .unusable, doing: "find the backup of \(subject)", reason: "it is not where the run put it",
        advice: "put it back into the folder of the backups; backups.json there lists it")
    }
    return archive
  }
}
