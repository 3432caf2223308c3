internal import Base
internal import Migration

/// Findings for a person: what blocks first, what passes last; each with a sign and a word, so that colour is not
/// needed.
struct FindingText {
  let style: Style
  /// Columns of the terminal.
  let width: Int
  /// Whether what passes is listed in full.
  var listsPassing = false

  func lines(_ findings: [Finding]) -> [String] {
    var lines: [String] = []
    lines += group("blocks", style.blockSign, findings.filter(\.blocks))
    lines += group("waived", style.waivedSign, findings.filter { $0.waiver != nil })
    lines += group("mind", style.warnSign, findings.filter { $0.severity == .warn && $0.waiver == nil })
    let passing = findings.filter { $0.severity == .pass && $0.waiver == nil }
    if listsPassing {
      lines += group("passes", style.passSign, passing)
    } else if !passing.isEmpty {
      lines.append("\(style.passSign) \(Human.count(passing.count, "check passes", "checks pass"))")
    }
    return lines
  }

  /// `1 blocks, 2 to mind, 12 pass`.
  func summary(_ findings: [Finding]) -> String {
    let blocking = findings.count(where: \.blocks)
    let waived = findings.count { $0.waiver != nil }
    let warning = findings.count { $0.severity == .warn && $0.waiver == nil }
    let passing = findings.count { $0.severity == .pass && $0.waiver == nil }
    var parts: [String] = []
    if blocking > 0 { parts.append(Human.count(blocking, "blocks", "block")) }
    if waived > 0 { parts.append("\(waived) waived") }
    if warning > 0 { parts.append("\(warning) to mind") }
    parts.append(Human.count(passing, "passes", "pass"))
    return parts.joined(separator: ", ")
  }

  private func group(_ word: String, _ sign: String, _ findings: [Finding]) -> [String] {
    findings.flatMap { finding in
      let rule = finding.rule.map { " (\($0))" } ?? ""
      var lines = [
        "\(sign) \(word): \(style.paint(printable(finding.check), .bold))\(rule), \(printable(finding.subject))"
      ]
      lines += indented(wrapped(printable(finding.message), to: width - 4), by: 4)
      if let waiver = finding.waiver {
        lines += indented(
          wrapped("waived by \(printable(waiver.by)): \(printable(waiver.reason))", to: width - 4), by: 4)
      } else if let remedy = finding.remedy, finding.severity != .pass {
        // A remedy may be a command: it stands on one line, to be copied.
        lines.append("    \(style.arrow) \(printable(remedy))")
        if finding.blocks, finding.waivable {
          lines.append("    \(style.arrow) or let it pass: --waive \(finding.check) --by NAME --reason TEXT")
        }
      }
      return lines
    }
  }
}
