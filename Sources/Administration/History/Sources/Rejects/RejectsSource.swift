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
    try history(plan, context).streams(plan, importID: importID, engine, context)
  }

  func comparisons(_ request: ComparisonRequest) throws -> [StreamComparison] {
    try history(request.plan, request.context).comparisons(besidesStubs(request))
  }

  func orphans(_ request: ComparisonRequest) throws -> SourceOrphans? {
    try history(request.plan, request.context).orphans(besidesStubs(request))
  }

  /// Leaves the requests out that are in from before, as if they had been rejected.
  private func besidesStubs(_ request: ComparisonRequest) throws -> ComparisonRequest {
    var request = request
    for key in try RejectDatabase.stubKeys(on: open(request.context)) {
      request.rejected.requests.insert(.integer(key))
    }
    return request
  }

  private func history(_ plan: SourcePlan, _ context: StepContext) throws -> TableHistory {
    try TableHistory(name, plan, requestCondition: RejectDatabase.besidesStubs) { try open(context) }
  }

  private func open(_ context: StepContext) throws -> Connection {
    try Connection.open(.sqlite(path: BackupStep.workingCopy(of: name, context)), options: .readOnly)
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
