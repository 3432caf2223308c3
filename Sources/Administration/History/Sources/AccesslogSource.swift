internal import Base
internal import Database
internal import Directory
internal import Migration
internal import Transfer

/// slapd's accesslog as a source: written to LDIF, or read from its directory (docs/sources.md).
struct AccesslogSource: HistorySource {
  enum Origin: Sendable {
    case file(String)
    case directory(AccesslogDirectory)
  }

  let name: String
  let kind = "accesslog"
  let origin: Origin
  let way: LogImport

  /// - Parameter state: the platform's folder for what is kept.
  init(name: String, origin: Origin, backups: BackupPlace, state: String, clock: any Clock = SystemClock()) {
    self.name = name
    self.origin = origin
    way = LogImport(name: name, kind: kind, backups: backups, book: LogBook(folder: state), clock: clock)
  }

  private var log: any CapturedLog {
    switch origin {
    case .file(let path): AccesslogFileLog(path: path)
    case .directory(let directory): AccesslogDirectoryLog(directory: directory)
    }
  }

  func examine() throws -> SourceExamination {
    switch origin {
    case .file(let path):
      let status = try Files.status(of: path)
      let base = try AccesslogReading.base(of: path) ?? ""
      return try way.examination(
        tally(of: path), of: base, at: log.location, bytes: Int(status.size), lastWrite: status.modified)
    case .directory(let directory):
      let tally = try directory.tally(lookingFor: way.wanted())
      let base = try DistinguishedName(directory.base).description
      return try way.examination(
        tally, of: base, at: log.location, bytes: tally.carried * AccesslogDirectory.bytesPerRecord, lastWrite: nil)
    }
  }

  func tally(of path: String) throws -> CaptureTally {
    let wanted = try way.wanted()
    return try LogTallies.of([path], lookingFor: wanted) { try AccesslogReading.read(path, lookingFor: wanted) }
  }

  func secure(_ plan: SourcePlan, _ settings: ImportSettings) -> [any Step] { way.secure(log, plan, settings) }

  func streams(
    _ plan: SourcePlan, importID: Int64, _ engine: Engine, _ context: StepContext
  ) throws -> SourceStreams {
    try way.streams(plan, importID: importID, engine, context)
  }

  func comparisons(_ request: ComparisonRequest) throws -> [StreamComparison] {
    try way.comparisons(request) { log, facts in try AccesslogFacts.read(log, into: &facts) }
  }
}
