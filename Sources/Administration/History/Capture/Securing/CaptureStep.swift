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
    do {
      try await BlockingThread(name: id).run { try secure(context) }
    } catch {
      // A cancel that was noticed within the encryption is still a cancel.
      if let error = error as? CryptographyError, error.code == .interrupted, let cause = error.cause {
        throw cause
      }
      throw error
    }
  }

  private func secure(_ context: StepContext) throws {
    let raw = "\(context.folder)/\(subject).raw"
    let restored = "\(context.folder)/\(subject).restored.raw"
    let capture = BackupStep.workingCopy(of: subject, context)
    try remove([raw, restored, capture, capture + "-wal", capture + "-shm"])
    // Both hold the log as it is, secrets and all: neither outlives this step.
    defer {
      // Where they cannot be removed now, the step's next try or its undo does.
      try? remove([raw, restored])
    }
    let place = settings.backups
    let archive = try place.newArchive(subject, run: context.run, at: context.workplace.clock.now())

    try log.fetch(into: raw) { bytes in
      try context.cancellation.check()
      show(context, "copying", Int(bytes), nil)
    }
    let expected = try RawStream.digest(of: raw) { _ in try context.cancellation.check() }
    try place.seal(raw, into: archive) { done, total in
      try context.cancellation.check()
      show(context, "encrypting", done, total)
    }
    try Files.remove(raw)
    try place.open(archive, into: restored) { done, total in
      try context.cancellation.check()
      show(context, "restoring", done, total)
    }
    guard try RawStream.digest(of: restored, { _ in try context.cancellation.check() }) == expected else {
      throw AdministrationError(
        .unusable, doing: "test the backup of \(subject)", reason: "the restored copy has other bytes",
        advice: "look at the disk of \(place.folder), then: locktender resume \(context.run)")
    }
    let tally = try log.capture(restored, into: capture) { records in
      try context.cancellation.check()
      context.events.tell(.progress(Progress(step: id, current: "capturing \(subject)", rowsDone: records)))
    }
    try place.record(
      archive, of: subject, at: log.location, content: expected, made: context.workplace.clock.now())
    if let last = tally.lastKey { try book.note(subject, identity: identity, last: last) }
    if let summary = tally.summary {
      context.events.tell(.noted("of \(subject) not carried as they are: \(summary)"))
    }
    try context.journal.note("\(id).tally", String(decoding: encodeJSON(tally), as: UTF8.self))
    try context.journal.note("\(id).rows", String(tally.carried))
    try context.journal.note("\(id).archive", archive)
    try context.journal.note("\(id).content", expected.description)
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    guard let content = try context.journal.note("\(id).content"),
      let archive = try context.journal.note("\(id).archive"), try Files.exists(archive),
      try Files.exists(BackupStep.workingCopy(of: subject, context))
    else { return .incomplete }
    return .complete(digest: content)
  }

  /// The capture is of no use any longer; the encrypted backup stays.
  func undo(_ context: StepContext) async throws {
    try remove(
      [BackupStep.workingCopy(of: subject, context)]
        + ["raw", "restored.raw"].map {
          "\(context.folder)/\(subject).\($0)"
        })
  }

  private func remove(_ paths: [String]) throws {
    for path in paths where try Files.exists(path) { try Files.remove(path) }
  }

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
