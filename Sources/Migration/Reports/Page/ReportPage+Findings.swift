internal import Base

extension ReportPage {
  /// What the checks found, the grave first; what passed is folded away.
  var findings: Chapter? {
    guard !report.findings.isEmpty else { return nil }
    let grave = report.findings.filter { $0.severity != .pass }
    let passed = report.findings.filter { $0.severity == .pass }
    let waived = report.findings.filter { $0.waiver != nil }
    var body = Markup()
    if grave.isEmpty {
      body += "<p>All \(Human.count(passed.count, "check")) passed.</p>\n"
    } else {
      body += findingTable("Findings", grave.sorted { $0.severity > $1.severity })
    }
    if !waived.isEmpty { body += waivers(waived) }
    if !passed.isEmpty {
      body += """
        <details class="fold"><summary>\(Human.count(passed.count, "check")) passed</summary>
        \(findingTable("Checks that passed", passed))</details>

        """
    }
    return Chapter(id: "findings", title: "Checks", body: body)
  }

  func findingTable(_ caption: String, _ findings: [Finding]) -> Markup {
    PageTable(
      caption, [.init("Check"), .init("Result"), .init("About"), .init("What was found", .prose)],
      findings.map { finding in
        [
          "<code>\(finding.check)</code>\(finding.rule.map { " <small>\($0)</small>" as Markup } ?? Markup())",
          result(finding), "\(finding.subject)",
          "\(finding.message)\(finding.remedy.map { "<br><small>\($0)</small>" as Markup } ?? Markup())",
        ]
      }
    ).markup
  }

  private func result(_ finding: Finding) -> Markup {
    if finding.waiver != nil { return badge("waived", .fair) }
    return switch finding.severity {
    case .pass: badge("pass", .good)
    case .warn: badge("warn", .fair)
    case .block: badge("block", .bad)
    }
  }

  private func waivers(_ findings: [Finding]) -> Markup {
    PageTable(
      "Who waived what, and why", [.init("Check"), .init("By"), .init("When", .whole), .init("Reason", .prose)],
      findings.compactMap { finding in
        finding.waiver.map {
          ["<code>\(finding.check)</code>", "\($0.by)", "\(Human.instant($0.at))", "\($0.reason)"]
        }
      }
    ).markup
  }
}
