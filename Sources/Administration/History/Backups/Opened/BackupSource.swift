internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// A backup that this program made as a source: what is in it is imported as if the old database were still there.
///
/// It is opened once in each process that works on it: a run that goes on in another process opens it again.
struct BackupSource: HistorySource {
  let name: String
  let kind = "backup"
  let file: String
  let keys: BackupKeys
  let opened: OpenedBackups

  private func content() throws -> OpenedBackup { try opened.open(file, keys, named: name) }

  private func database() throws -> DatabaseSource {
    DatabaseSource(name: name, location: try content().location, options: .readOnly)
  }

  func examine() throws -> SourceExamination {
    var found = try database().examine()
    found.location = "backup:\(file)"
    // Nobody writes to it any more.
    found.mayChange = false
    found.lastWrite = nil
    return found
  }

  func check() throws -> [Finding] {
    let finding = Finding(
      "backup.opens", rule: "D64", .pass, about: "source \(name)",
      "the backup opens with its key and holds a \(try content().location.engine.rawValue) database")
    return [finding] + (try database().check())
  }

  func secure(_ plan: SourcePlan, _ settings: ImportSettings) -> [any Step] {
    [OpenBackupStep(id: "secure.\(name)", source: self, settings: settings)]
  }

  func streams(
    _ plan: SourcePlan, importID: Int64, _ engine: Engine, _ context: StepContext
  ) throws -> SourceStreams {
    let release = try release(plan)
    let streams = HistoryStreams(
      source: name, identity: plan.identity, release: release, importID: importID, range: plan.range,
      destination: engine, earlierTasks: try EarlierTasks.read(name, release, context), openSource: reader(),
      earlierRequests: try EarlierRequests.read(name, release.keyKind, context))
    return SourceStreams(
      unfinishedTasks: plan.takesUnfinishedTasks ? streams.unfinishedTasks() : [], history: streams.history())
  }

  func comparisons(_ request: ComparisonRequest) throws -> [StreamComparison] {
    let release = try release(request.plan)
    return HistoryComparison(
      source: name, release: release, openSource: reader(),
      openDestination: request.openDestination, importID: request.importID, range: request.plan.range,
      takesUnfinishedTasks: request.plan.takesUnfinishedTasks, takesOrphans: request.plan.range.isAll,
      rejected: request.rejected,
      skippedRequests: try EarlierRequests.read(name, release.keyKind, request.context),
      skippedTasks: try EarlierTasks.read(name, release, request.context).union(request.usedTasks)
    ).comparisons()
  }

  func orphans(_ request: ComparisonRequest) throws -> SourceOrphans? {
    try request.orphans(release(request.plan), on: reader()())
  }

  private func reader() -> @Sendable () throws -> Connection { { try content().open() } }

  private func release(_ plan: SourcePlan) throws -> Release {
    guard let release = plan.version.flatMap({ Release($0) }) else {
      throw AdministrationError(.unknownRelease, doing: "read source \(name)", advice: "make a new plan")
    }
    return release
  }

  /// Reads all that is in it.
  fileprivate func summarize(tell: (String) throws -> Void) throws -> ContentSummary {
    try ContentSummary.of(content().open(), tell: tell)
  }

  fileprivate func open(tell: (String, Int, Int?) throws -> Void) throws {
    _ = try opened.open(file, keys, named: name, tell: tell)
  }
}

/// Opens the backup and makes sure that it holds what the list of backups says, where the list knows it.
struct OpenBackupStep: Step {
  let id: String
  let source: BackupSource
  let settings: ImportSettings

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      try source.open { what, done, total in
        try context.cancellation.check()
        tell(context, "\(what) \(source.name)", done, total)
      }
      let content = try source.summarize { table in
        try context.cancellation.check()
        tell(context, "reading \(table) of \(source.name)", 0, nil)
      }
      let known = try settings.backups.entries().first { $0.file == source.file }
      guard known == nil || known?.content == content.digest.description else {
        throw AdministrationError(
          .unusable, doing: "open the backup of \(source.name)",
          reason: "it holds other rows than when it was made",
          advice: "take another backup file")
      }
      try context.journal.note("\(id).rows", String(content.rows))
      try context.journal.note("\(id).content", content.digest.description)
    }
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    guard let content = try context.journal.note("\(id).content") else { return .incomplete }
    return .complete(digest: content)
  }

  private func tell(_ context: StepContext, _ current: String, _ done: Int, _ total: Int?) {
    context.events.tell(
      .progress(Progress(step: id, current: current, bytesDone: done, bytesTotal: total.map { max(1, $0) })))
  }
}
