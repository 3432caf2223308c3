internal import Base
internal import Migration

/// A report for a person at a terminal.
struct ReportText {
  let style: Style
  let width: Int

  /// What it comes to, in a few lines.
  func summary(_ report: Report) -> [String] {
    var lines = [
      style.paint("Run \(short(report.run.description)) of \(report.part): \(report.state.title)", .bold)
    ]
    if let first = report.history.first, let last = report.history.last {
      lines.append(
        "\(Human.instant(first.at)) to \(Human.instant(last.at)), \(Human.duration(max(0, last.at.seconds(since: first.at))))"
      )
    }
    if let verification = report.verification, verification.agrees {
      let rows = verification.lines.reduce(0) { $0 + $1.foundRows }
      lines.append("\(style.passSign) \(Human.count(rows, "row")) compared: both sides hold the same")
    }
    if report.retries > 0 { lines.append("\(style.warnSign) \(Human.count(report.retries, "retry", "retries"))") }
    if report.warningCount > 0 { lines.append("\(style.warnSign) \(Human.count(report.warningCount, "warning"))") }
    let waived = report.findings.count { $0.waiver != nil }
    if waived > 0 { lines.append("\(style.waivedSign) \(Human.count(waived, "finding")) waived") }
    for shortfall in report.shortfalls { lines.append("\(style.blockSign) \(printable(shortfall))") }
    return lines
  }

  /// What can be done next.
  func next(_ report: Report, command: (String) -> String) -> [String] {
    // The platform file may have to be named, too.
    let commands = report.nextCommands.map { (command($0.words), $0.why) }
    let width = commands.map { columnCount(of: $0.0) }.max() ?? 0
    return commands.map { "  \(padded($0.0, to: width))  \($0.1)" }
  }

  /// Everything.
  func full(_ report: Report) -> [String] {
    var lines = summary(report)
    lines += heading("Inputs")
    for input in report.inputs {
      lines.append("  \(printable(input.name)): \(printable(input.location)), \(printable(input.identity))")
    }
    lines += heading("Steps")
    for step in report.steps {
      let took = report.stepSeconds[step.id].map { ", \(Human.duration($0))" } ?? ""
      let sign = report.stepsDone.contains(step.id) ? style.passSign : " "
      lines.append("  \(sign) \(printable(step.title))\(took)")
    }
    if let verification = report.verification {
      lines += heading("Comparison") + VerificationText(style: style, width: width).lines(verification)
    }
    let findings = report.findings.filter { $0.severity != .pass }
    if !findings.isEmpty { lines += heading("Findings") + FindingText(style: style, width: width).lines(findings) }
    if !report.warnings.isEmpty {
      lines += heading("Warnings") + report.warnings.map { "  " + printable($0) }
    }
    for rejection in report.rejections {
      lines.append(
        "  \(printable(rejection.stream)): \(Human.count(rejection.rows, "row")) rejected, \(printable(rejection.reason))"
      )
    }
    for section in report.sections { lines += self.section(section) }
    return lines
  }

  private func section(_ section: ReportSection) -> [String] {
    var lines = heading(printable(section.heading))
    if let text = section.text { lines += wrapped(printable(text), to: width) }
    for table in section.tables {
      var text = TextTable(table.columns.map { (printable($0), .left) })
      for row in table.rows where row.count == table.columns.count { text.add(row) }
      lines += [""] + text.lines(width: width, style: style)
    }
    for chart in section.charts {
      lines += ["", "\(printable(chart.title)) (\(printable(chart.unit)))"]
      let longest = chart.bars.map { columnCount(of: printable($0.label)) }.max() ?? 0
      for bar in chart.bars {
        lines.append("  \(padded(printable(bar.label), to: longest))  \(Human.oneDecimal(bar.value))")
      }
    }
    return lines
  }

  private func heading(_ text: String) -> [String] { ["", style.paint(text, .bold)] }
}
