internal import Base
internal import Cryptography

extension Report {
  /// Puts a report together from what is known of a run. Pure.
  ///
  /// - Parameters:
  ///   - history: the journal's transitions, oldest first; the run's state is where the last one led.
  ///   - chronicle: what the events add up to.
  ///   - signingKey: the fingerprint of the key that will sign it.
  init(
    run: UniqueID, plan: Plan, planHash: Digest256, history: [StateChange], chronicle: RunChronicle,
    verification: Verification?, sections: [ReportSection], program: String, writtenAt: Timestamp,
    signingKey: String
  ) {
    let state = history.last?.to ?? .planned
    format = Report.currentFormat
    self.program = program
    self.run = run
    part = plan.part
    self.planHash = planHash.description
    request = plan.request
    self.state = state
    self.writtenAt = writtenAt
    self.history = history
    inputs = plan.inputs
    steps = plan.steps
    stepSeconds = chronicle.stepSeconds
    stepsDone = chronicle.stepsDone.sorted()
    findings = plan.findings
    irreversible = plan.irreversible
    self.verification = state == .rolledBack ? nil : verification
    counts = Report.counts(sections, chronicle)
    retries = chronicle.retries
    retryCauses = chronicle.retryList
    // A row that was rejected, and again after a crash, was told twice: whoever counted in the database knows better.
    let counted = sections.flatMap(\.counts)
    let compared = verification?.rejected ?? 0
    rejects =
      !counted.isEmpty
      ? counted.reduce(0) { $0 + $1.rejected } : compared > 0 ? compared : chronicle.rejects
    rejections = chronicle.rejectionList
    warnings = chronicle.warnings
    warningCount = chronicle.warningCount
    failure = chronicle.failure
    throughput = chronicle.throughput.series
    self.sections = sections
    self.signingKey = signingKey
  }

  /// The numbers of the part where it gives them, else those that the events told.
  private static func counts(_ sections: [ReportSection], _ chronicle: RunChronicle) -> [TableCount] {
    let given = sections.flatMap(\.counts)
    if !given.isEmpty { return given }
    var rejected: [String: Int] = [:]
    for rejection in chronicle.rejectionList { rejected[rejection.stream, default: 0] += rejection.rows }
    return Set(chronicle.carried.keys).union(rejected.keys).sorted().map { stream in
      let rejected = rejected[stream] ?? 0
      return TableCount(
        table: stream, sourceRows: (chronicle.carried[stream] ?? 0) + rejected, rejected: rejected)
    }
  }
}
