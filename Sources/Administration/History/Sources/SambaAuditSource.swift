internal import Base
internal import Database
internal import Migration
internal import Transfer

/// The audit logs of a Samba domain controller as a source (docs/sources.md).
struct SambaAuditSource: HistorySource {
  let name: String
  let kind = "samba-audit"
  /// Oldest first.
  let files: [String]
  /// What people call the domain; part of the identity.
  let domain: String
  let way: LogImport

  /// - Parameter state: the platform's folder for what is kept.
  init(
    name: String, files: [String], domain: String, backups: BackupPlace, state: String,
    clock: any Clock = SystemClock()
  ) {
    self.name = name
    self.files = files
    self.domain = domain
    way = LogImport(name: name, kind: kind, backups: backups, book: LogBook(folder: state), clock: clock)
  }

  private var log: SambaAuditLog { SambaAuditLog(files: files) }

  private func tally() throws -> CaptureTally {
    guard !files.isEmpty else {
      throw AdministrationError(
        .invalidOptions, doing: "read source \(name)", reason: "it names no file",
        advice: "files: [\"audit.json.1\", \"audit.json\"], the oldest first")
    }
    let wanted = try way.wanted()
    return try LogTallies.of(files, lookingFor: wanted) {
      try AuditReading.read(LogSegment.files(files), lookingFor: wanted)
    }
  }

  func examine() throws -> SourceExamination {
    let tally = try tally()
    let statuses = try files.map { try Files.status(of: $0) }
    return try way.examination(
      tally, of: domain.lowercased(), at: log.location, bytes: Int(statuses.map(\.size).reduce(0, +)),
      lastWrite: statuses.map(\.modified).max())
  }

  func check() throws -> [Finding] {
    let subject = "source \(name)"
    let old = Finding(
      "source.old-values", rule: "D86", .pass, about: subject,
      "Samba tells what was set and what was taken away by value, not what was there before")
    let bytes = try files.reduce(0) { $0 + Int(try Files.status(of: $1).size) }
    return LogChecks.findings(try tally(), bytes: bytes, subject, now: way.clock.now()) + [old]
  }

  func secure(_ plan: SourcePlan, _ settings: ImportSettings) -> [any Step] { way.secure(log, plan, settings) }

  func streams(
    _ plan: SourcePlan, importID: Int64, _ engine: Engine, _ context: StepContext
  ) throws -> SourceStreams {
    try way.streams(plan, importID: importID, engine, context)
  }

  func comparisons(_ request: ComparisonRequest) throws -> [StreamComparison] {
    try way.comparisons(request) { log, facts in try AuditFacts.read(log, into: &facts) }
  }
}
