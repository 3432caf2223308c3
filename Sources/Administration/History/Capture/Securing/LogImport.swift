internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// What all logs have in common once they are found: they are put in safety, captured, carried, and compared.
struct LogImport: Sendable {
  /// The source's name.
  let name: String
  let kind: String
  let backups: BackupPlace
  let book: LogBook
  let clock: any Clock

  /// The record by which the book would know the log again.
  func wanted() throws -> UniqueID? { try book.page(of: name)?.last }

  /// What a plan needs to know of a log.
  ///
  /// - Parameter place: what people call the place that the log belongs to; part of its identity.
  func examination(_ tally: CaptureTally, of place: String, at location: String, bytes: Int, lastWrite: Timestamp?)
    throws -> SourceExamination
  {
    guard let first = tally.firstKey else {
      throw AdministrationError(
        .unusable, doing: "read source \(name)", reason: "its log holds no change yet",
        advice: "leave the source out, or wait for the first change: without it the log cannot be told from another"
      )
    }
    let identity = try book.identity(
      of: name, own: LogIdentity.make(kind, place, first: first), holdsLast: tally.holdsWanted)
    return SourceExamination(
      identity: identity, fingerprint: sha256(Array("\(kind) 1".utf8)).description, location: location,
      version: nil,
      counts: tally.records, estimatedRows: tally.rows, bytes: bytes, firstRecord: tally.first,
      lastRecord: tally.last, lastWrite: lastWrite, mayChange: false)
  }

  func secure(_ log: any CapturedLog, _ plan: SourcePlan, _ settings: ImportSettings) -> [any Step] {
    [
      CaptureStep(
        id: "secure.\(name)", subject: name, identity: plan.identity, log: log, book: book, settings: settings)
    ]
  }

  func streams(
    _ plan: SourcePlan, importID: Int64, _ engine: Engine, _ context: StepContext
  ) throws -> SourceStreams {
    CaptureStreams(
      source: name, identity: plan.identity, importID: importID, range: plan.range, destination: engine,
      earlierRequests: try EarlierRequests.read(name, .uuid, context),
      path: BackupStep.workingCopy(of: name, context)
    ).all()
  }

  /// Compares the log in the backup with what the destination holds of it.
  func comparisons(
    _ request: ComparisonRequest, reading read: @escaping @Sendable (RestoredLog, inout LogFacts) throws -> Void
  ) throws -> [StreamComparison] {
    let raw = RestoredLog(
      archive: try CaptureStep.archive(of: name, request.context),
      path: "\(request.context.folder)/\(name).verify.raw", backups: backups)
    return [
      LogComparison(
        source: name, request: request, earlier: try EarlierRequests.read(name, .uuid, request.context)
      ).comparison { facts in try read(raw, &facts) }
    ]
  }
}
