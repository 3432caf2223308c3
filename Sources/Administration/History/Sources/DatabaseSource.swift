internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// An administration database of any release as a source.
///
/// SQLite and ODBC: the import reads a verified copy, since neither has a lasting picture that several readers could
/// share. PostgreSQL: all readers share one exported snapshot; what was committed later is caught up with at the end.
struct DatabaseSource: HistorySource {
  let name: String
  let kind = "database"
  let location: DatabaseLocation
  private let options: ConnectOptions
  private let snapshot: SharedSnapshot

  /// - Parameter snapshot: the picture that others of the process read; nil for one of its own.
  init(name: String, location: DatabaseLocation, options: ConnectOptions, snapshot: SharedSnapshot? = nil) {
    self.name = name
    self.location = location
    self.options = options
    self.snapshot = snapshot ?? SharedSnapshot { try Connection.open(location, options: options) }
  }

  /// Opens the source itself, read-only.
  func open() throws -> Connection { try Connection.open(location, options: options) }

  /// From now on readers see the source as it is at this moment.
  func refresh() throws { try snapshot.renew() }

  /// Whether what readers see was taken to catch up with the source.
  var isRefreshed: Bool { snapshot.isRenewed }

  func examine() throws -> SourceExamination {
    let connection = try open()
    return try connection.transaction(.readOnlySnapshot) {
      let identity = try DatabaseIdentity.read(from: connection)
      try identity.require(.history)
      let tables = HistoryLayout(identity.release)
      var counts: [String: Int] = [:]
      for table in tables.all {
        counts[table] = Int(try connection.integer("SELECT count(*) FROM \(identifier: table)") ?? 0)
      }
      let catalogue = try connection.catalogue()
      let span = try tables.span(on: connection)
      return SourceExamination(
        identity: identity.id, fingerprint: HistoryLayout.fingerprint(catalogue, identity.release),
        location: location.description, version: identity.release.description, counts: counts,
        estimatedRows: tables.estimatedRows(counts), bytes: try sizeInBytes(catalogue, counts),
        firstRecord: span.first, lastRecord: span.last, lastWrite: try lastWrite(), mayChange: !readsCopy)
    }
  }

  /// Whether the import reads what the backup step restored, instead of the source itself.
  private var readsCopy: Bool { location.engine != .postgresql }

  /// No driver of ODBC tells sizes: rows of all releases take some 400 bytes in the copy.
  private func sizeInBytes(_ catalogue: Catalogue, _ counts: [String: Int]) throws -> Int {
    if let path = location.path { return Int(try Files.status(of: path).size) }
    if location.engine == .odbc { return counts.values.reduce(0, +) * 400 }
    return catalogue.tables.compactMap(\.bytes).reduce(0, +)
  }

  private func lastWrite() throws -> Timestamp? {
    guard let path = location.path else { return nil }
    return try Files.status(of: path).modified
  }

  func secure(_ plan: SourcePlan, _ settings: ImportSettings) -> [any Step] {
    [BackupStep(id: "secure.\(name)", subject: name, location: location, options: options, settings: settings)]
  }

  func streams(
    _ plan: SourcePlan, importID: Int64, _ engine: Engine, _ context: StepContext
  ) throws -> SourceStreams {
    guard let release = plan.version.flatMap({ Release($0) }) else { throw unknownRelease() }
    let streams = HistoryStreams(
      source: name, identity: plan.identity, release: release, importID: importID, range: plan.range,
      destination: engine, earlierTasks: try EarlierTasks.read(name, release, context), openSource: reader(context),
      earlierRequests: try EarlierRequests.read(name, release.keyKind, context))
    return SourceStreams(
      unfinishedTasks: plan.takesUnfinishedTasks ? streams.unfinishedTasks() : [], history: streams.history())
  }

  /// Opens what the import reads: the copy that the backup step verified, or the shared snapshot.
  private func reader(_ context: StepContext) -> @Sendable () throws -> Connection {
    if !readsCopy { return { [snapshot] in try snapshot.open() } }
    let copy = BackupStep.workingCopy(of: name, context)
    return {
      let connection = try Connection.open(.sqlite(path: copy), options: .readOnly)
      try connection.setCache(bytes: 16 << 20)
      return connection
    }
  }

  func comparisons(_ request: ComparisonRequest) throws -> [StreamComparison] {
    guard let release = request.plan.version.flatMap({ Release($0) }) else { throw unknownRelease() }
    return HistoryComparison(
      source: name, release: release, openSource: reader(request.context),
      openDestination: request.openDestination, importID: request.importID, range: request.plan.range,
      takesUnfinishedTasks: request.plan.takesUnfinishedTasks, takesOrphans: request.plan.range.isAll,
      rejected: request.rejected,
      skippedRequests: try EarlierRequests.read(name, release.keyKind, request.context),
      skippedTasks: try EarlierTasks.read(name, release, request.context).union(request.usedTasks)
    ).comparisons()
  }

  func orphans(_ request: ComparisonRequest) throws -> SourceOrphans? {
    guard let release = request.plan.version.flatMap({ Release($0) }) else { throw unknownRelease() }
    return try request.orphans(release, on: reader(request.context)())
  }

  private func unknownRelease() -> AdministrationError {
    AdministrationError(.unknownRelease, doing: "read source \(name)", advice: "make a new plan")
  }
}
