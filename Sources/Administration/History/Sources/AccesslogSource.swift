internal import Base
internal import Cryptography
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

  static let format = "accesslog 1"

  let name: String
  let kind = "accesslog"
  let origin: Origin
  let backups: BackupPlace
  let clock: any Clock

  init(name: String, origin: Origin, backups: BackupPlace, clock: any Clock = SystemClock()) {
    self.name = name
    self.origin = origin
    self.backups = backups
    self.clock = clock
  }

  private var log: any CapturedLog {
    switch origin {
    case .file(let path): AccesslogFileLog(path: path)
    case .directory(let directory): AccesslogDirectoryLog(directory: directory)
    }
  }

  func examine() throws -> SourceExamination {
    let found: AccesslogExamination
    var bytes: Int
    var lastWrite: Timestamp?
    switch origin {
    case .file(let path):
      let status = try Files.status(of: path)
      found = try AccesslogExamination.of(path)
      bytes = Int(status.size)
      lastWrite = status.modified
    case .directory(let directory):
      found = try AccesslogExamination.of(directory)
      bytes = found.tally.carried * AccesslogExamination.bytesPerRecord
    }
    let tally = found.tally
    guard let first = tally.firstKey else { throw emptyLog() }
    return SourceExamination(
      identity: LogIdentity.make(kind, found.base, first: first),
      fingerprint: sha256(Array(AccesslogSource.format.utf8)).description, location: log.location, version: nil,
      counts: tally.records, estimatedRows: tally.rows, bytes: bytes, firstRecord: tally.first,
      lastRecord: tally.last, lastWrite: lastWrite, mayChange: false)
  }

  private func emptyLog() -> AdministrationError {
    AdministrationError(
      .unusable, doing: "read source \(name)", reason: "its log holds no change yet",
      advice: "leave the source out, or wait for the first change: without it the log cannot be told from another")
  }

  func secure(_ plan: SourcePlan, _ settings: ImportSettings) -> [any Step] {
    [CaptureStep(id: "secure.\(name)", subject: name, log: log, settings: settings)]
  }

  func streams(
    _ plan: SourcePlan, importID: Int64, _ engine: Engine, _ context: StepContext
  ) throws -> SourceStreams {
    CaptureStreams(
      source: name, identity: plan.identity, importID: importID, range: plan.range, destination: engine,
      path: BackupStep.workingCopy(of: name, context)
    ).all()
  }

  func comparisons(_ request: ComparisonRequest) throws -> [StreamComparison] {
    let raw = RestoredLog(
      archive: try CaptureStep.archive(of: name, request.context),
      path: "\(request.context.folder)/\(name).verify.raw", backups: backups)
    return [
      LogComparison(source: name, request: request).comparison { facts in
        try AccesslogFacts.read(raw, into: &facts)
      }
    ]
  }
}

/// What a plan must know of an accesslog.
struct AccesslogExamination: Sendable {
  /// In bytes of LDIF; a guess for logs that are not read in full.
  static let bytesPerRecord = 2_000
  static let rowsPerRecord = 8

  var base: String
  var tally: CaptureTally

  static func of(_ path: String) throws -> AccesslogExamination {
    let tally = try AccesslogReading.read(path) { _, _ in }
    return AccesslogExamination(base: try AccesslogReading.base(of: path) ?? "", tally: tally)
  }

  /// Reads what tells records apart, and not what they changed.
  static func of(_ directory: AccesslogDirectory) throws -> AccesslogExamination {
    var connection = try directory.login.connect()
    try directory.requireLog(&connection)
    var reader = AccesslogRecordReader()
    var tally = CaptureTally()
    let attributes = [
      "objectClass", "reqStart", "reqEnd", "reqType", "reqSession", "reqDN", "reqResult", "reqNewRDN",
    ]
    try directory.search(&connection, AccesslogDirectory.audit, attributes: attributes) { entry in
      switch reader.read(entry, line: 0, &tally) {
      case .nothing(let what): tally.leftOut[what, default: 0] += 1
      case .change(let kind): tally.count(reader.record, as: kind)
      }
    }
    tally.rows = tally.carried * rowsPerRecord
    return AccesslogExamination(base: try DistinguishedName(directory.base).description, tally: tally)
  }
}
