internal import Base
internal import Database
internal import Migration
internal import Transfer

/// A history in the tables of a release, whoever opens it: what is read of it, and how it is compared.
struct TableHistory: Sendable {
  let name: String
  private let release: Release
  private let openSource: @Sendable () throws -> Connection
  /// Which requests are read, where not all of them are.
  private let requestCondition: String?

  init(
    _ name: String, _ plan: SourcePlan, requestCondition: String? = nil,
    openSource: @escaping @Sendable () throws -> Connection
  ) throws {
    guard let release = plan.version.flatMap({ Release($0) }) else {
      throw AdministrationError(.unknownRelease, doing: "read source \(name)", advice: "make a new plan")
    }
    self.name = name
    self.release = release
    self.openSource = openSource
    self.requestCondition = requestCondition
  }

  func streams(_ plan: SourcePlan, importID: Int64, _ engine: Engine, _ context: StepContext) throws
    -> SourceStreams
  {
    let streams = HistoryStreams(
      source: name, identity: plan.identity, release: release, importID: importID, range: plan.range,
      destination: engine, takesUnfinishedTasks: plan.takesUnfinishedTasks,
      earlierTasks: EarlierTasks(of: name, release, context), openSource: openSource,
      requestCondition: requestCondition, earlierRequests: try EarlierRequests.read(name, release.keyKind, context))
    return SourceStreams(tasks: streams.tasks(), history: streams.history())
  }

  func comparisons(_ request: ComparisonRequest) throws -> [StreamComparison] {
    HistoryComparison(
      source: name, release: release, openSource: openSource, openDestination: request.openDestination,
      importID: request.importID, range: request.plan.range,
      takesUnfinishedTasks: request.plan.takesUnfinishedTasks, takesOrphans: request.plan.range.isAll,
      rejected: request.rejected,
      skippedRequests: try EarlierRequests.read(name, release.keyKind, request.context),
      skippedTasks: SkippedTasks(
        used: request.usedTasks, earlier: EarlierTasks(of: name, release, request.context))
    ).comparisons()
  }

  /// Properties and sections that an import of the plan's times brings without their request; nil where only the import
  /// itself could tell. Blocks.
  func orphans(_ request: ComparisonRequest) throws -> SourceOrphans? {
    let source = try openSource()
    let (plan, rejected) = (request.plan, request.rejected)
    if plan.range.isAll { return try SourceOrphans.count(release, rejected: rejected, on: source) }
    // A child whose request is gone has no time and stays behind; that of a rejected request comes if its time does,
    // which an integer key does not tell.
    if rejected.requests.isEmpty { return SourceOrphans() }
    guard !release.keysAreIntegers else { return nil }
    var within = rejected
    within.requests = rejected.requests.filter { key in
      guard case .uuid(let id) = key else { return false }
      return plan.range.contains(Timestamp(microseconds: id.milliseconds * 1000))
    }
    let (all, lost) = (
      try SourceOrphans.count(release, rejected: within, on: source),
      try SourceOrphans.count(release, on: source)
    )
    return SourceOrphans(properties: all.properties - lost.properties, sections: all.sections - lost.sections)
  }
}
