internal import Base
internal import Cryptography

/// Assembles a run's report and writes it into the run's folder.
struct ReportWriter {
  private let session: RunSession
  private let sections: [ReportSection]

  init(_ session: RunSession, _ sections: [ReportSection]) {
    self.session = session
    self.sections = sections
  }

  func write() throws {
    let journal = session.context.journal
    let report = Report(
      format: Report.currentFormat, program: session.plan.program, run: session.run, part: session.plan.part,
      planHash: session.hash.description, state: try journal.state(), writtenAt: session.context.workplace.clock.now(),
      history: try journal.transitions().map { Report.StateChange(at: $0.at, from: $0.from, to: $0.to) },
      inputs: session.plan.inputs, steps: session.plan.steps, stepSeconds: [:], findings: session.plan.findings,
      verification: try RunStore.verification(session.folder), retries: 0, rejects: 0, warnings: [],
      sections: sections)
    try Files.write(encodeJSON(report, pretty: true), to: session.folder.report)
  }
}

extension Report {
  static func read(_ folder: RunFolder) throws -> Report {
    try decodeJSON(Report.self, from: Files.read(folder.report, limit: PlanStore.sizeLimit))
  }
}
