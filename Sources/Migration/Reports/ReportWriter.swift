internal import Base
internal import Cryptography

/// Writes the report of a run: JSON, page, and a signature for each.
struct ReportWriter {
  private let session: RunSession
  private let sections: [ReportSection]

  init(_ session: RunSession, _ sections: [ReportSection]) {
    self.session = session
    self.sections = sections
  }

  /// Writes all four files anew. Where it is cut off in between, the signature does not fit, and `verify` writes them
  /// again.
  func write() throws {
    let (folder, context) = (session.folder, session.context)
    var chronicle = RunChronicle()
    if try Files.exists(folder.events) { try EventLog.each(folder) { chronicle.take($0) } }
    let history = try context.journal.transitions().map {
      Report.StateChange(at: $0.at, from: $0.from, to: $0.to)
    }
    let keys = ReportKeys(context.workplace)
    let key = try keys.signingKey()
    try keys.publish(key.verificationKey)
    let report = Report(
      run: session.run, plan: session.plan, planHash: session.hash, history: history, chronicle: chronicle,
      verification: try RunStore.verification(folder), sections: sections, program: context.workplace.program,
      writtenAt: context.workplace.clock.now(), signingKey: key.verificationKey.fingerprint)
    try context.journal.setRowsBrought(report.rowsBrought)
    try ReportWriter.write(report, to: folder, key)
  }

  static func write(_ report: Report, to folder: RunFolder, _ key: borrowing SigningKey) throws {
    let json = try encodeJSON(report, pretty: true) + [0x0A]
    let page = ReportPage(report, json: json, publicKey: key.verificationKey.pem).bytes
    for (bytes, path) in [(json, folder.report), (page, folder.reportPage)] {
      try Files.write(bytes.span, to: path)
      try ReportSignature(of: path).write(over: bytes, with: key)
    }
  }
}
