internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// Rows that an earlier run has rejected and somebody has repaired (docs/formats/rejects.md). They come as if the
/// source itself still held them: with the same identity and the same keys.
struct RejectsSource: HistorySource {
  let name: String
  let kind = "rejects"
  let file: String

  func examine() throws -> SourceExamination {
    let list = try RejectList(reading: file)
    return SourceExamination(
      identity: list.identity, fingerprint: list.digest, location: "rejects:\(file)",
      version: list.release.description, counts: list.counts,
      estimatedRows: HistoryLayout(list.release).estimatedRows(list.counts), bytes: list.bytes, firstRecord: nil,
      lastRecord: nil, lastWrite: try Files.status(of: file).modified, mayChange: false, addsCoverage: false)
  }

  func check() throws -> [Finding] {
    let list = try RejectList(reading: file)
    return [
      Finding(
        "source.rejects", rule: "D101", .pass, about: "source \(name)",
        "\(list.rows.count) repaired rows of the \(list.release) source \(list.identity)")
    ]
  }

  func secure(_ plan: SourcePlan, _ settings: ImportSettings) -> [any Step] {
    [RejectsStep(id: "secure.\(name)", source: self, settings: settings)]
  }

  func streams(
    _ plan: SourcePlan, importID: Int64, _ engine: Engine, _ context: StepContext
  ) throws -> SourceStreams {
    let release = try release(plan)
    let streams = HistoryStreams(
      source: name, identity: plan.identity, release: release, importID: importID, range: plan.range,
      destination: engine, earlierTasks: try EarlierTasks.read(name, release, context), openSource: reader(context),
      requestCondition: RejectDatabase.besidesStubs)
    return SourceStreams(unfinishedTasks: streams.unfinishedTasks(), history: streams.history())
  }

  func comparisons(_ request: ComparisonRequest) throws -> [StreamComparison] {
    let release = try release(request.plan)
    return HistoryComparison(
      source: name, release: release, openSource: reader(request.context),
      openDestination: request.openDestination, importID: request.importID, range: request.plan.range,
      rejected: try rejected(request),
      skippedTasks: try EarlierTasks.read(name, release, request.context).union(request.usedTasks)
    ).comparisons()
  }

  func orphans(_ request: ComparisonRequest) throws -> SourceOrphans? {
    try SourceOrphans.count(
      release(request.plan), rejected: rejected(request), on: reader(request.context)())
  }

  /// What was rejected once more, and the requests that are in from before.
  private func rejected(_ request: ComparisonRequest) throws -> RejectedRows {
    var rejected = request.rejected
    for key in try RejectDatabase.stubKeys(on: reader(request.context)()) {
      rejected.requests.insert(.integer(key))
    }
    return rejected
  }

  private func reader(_ context: StepContext) -> @Sendable () throws -> Connection {
    let copy = BackupStep.workingCopy(of: name, context)
    return { try Connection.open(.sqlite(path: copy), options: .readOnly) }
  }

  private func release(_ plan: SourcePlan) throws -> Release {
    guard let release = plan.version.flatMap({ Release($0) }) else {
      throw AdministrationError(.unknownRelease, doing: "read source \(name)", advice: "make a new plan")
    }
    return release
  }
}

/// Puts the repaired rows into a database, and that into an encrypted backup that is tested like any other.
struct RejectsStep: Step {
  let id: String
  let source: RejectsSource
  let settings: ImportSettings

  private func database(_ context: StepContext) -> String { "\(context.folder)/\(source.name).rejects.db" }

  private func backup(_ context: StepContext) -> BackupStep {
    BackupStep(
      id: id, subject: source.name, location: .sqlite(path: database(context)), options: .readOnly,
      settings: settings)
  }

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      try RejectDatabase.write(RejectList(reading: source.file), to: database(context))
    }
    try await backup(context).act(context)
    try Files.remove(database(context))
  }

  func probe(_ context: StepContext) async throws -> StepEffect { try await backup(context).probe(context) }

  func undo(_ context: StepContext) async throws { try await backup(context).undo(context) }
}
