internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// The audit logs of a Samba domain controller as a source (docs/sources.md).
struct SambaAuditSource: HistorySource {
  static let format = "samba-audit 1"

  let name: String
  let kind = "samba-audit"
  /// Oldest first.
  let files: [String]
  /// What people call the domain; part of the identity.
  let domain: String
  let backups: BackupPlace
  let clock: any Clock

  init(name: String, files: [String], domain: String, backups: BackupPlace, clock: any Clock = SystemClock()) {
    self.name = name
    self.files = files
    self.domain = domain
    self.backups = backups
    self.clock = clock
  }

  private var log: SambaAuditLog { SambaAuditLog(files: files) }

  private func read() throws -> CaptureTally {
    guard !files.isEmpty else {
      throw AdministrationError(
        .invalidOptions, doing: "read source \(name)", reason: "it names no file",
        advice: "files: [\"audit.json.1\", \"audit.json\"], the oldest first")
    }
    return try AuditReading.read(LogSegment.files(files)) { _, _, _ in }
  }

  func examine() throws -> SourceExamination {
    let tally = try read()
    guard let first = tally.firstKey else {
      throw AdministrationError(
        .unusable, doing: "read source \(name)", reason: "its logs hold no change yet",
        advice: "leave the source out, or wait for the first change: without it the log cannot be told from another"
      )
    }
    let statuses = try files.map { try Files.status(of: $0) }
    return SourceExamination(
      identity: LogIdentity.make(kind, domain.lowercased(), first: first),
      fingerprint: sha256(Array(SambaAuditSource.format.utf8)).description, location: log.location, version: nil,
      counts: tally.records, estimatedRows: tally.rows, bytes: Int(statuses.map(\.size).reduce(0, +)),
      firstRecord: tally.first, lastRecord: tally.last, lastWrite: statuses.map(\.modified).max(), mayChange: false)
  }

  func check() throws -> [Finding] {
    let subject = "source \(name)"
    let old = Finding(
      "source.old-values", rule: "D86", .pass, about: subject,
      "Samba tells what was set and what was taken away by value, not what was there before")
    return LogChecks.findings(try read(), subject, now: clock.now()) + [old]
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
        try AuditFacts.read(raw, into: &facts)
      }
    ]
  }
}
