internal import Base
internal import Migration

/// A comparison of both sides for a person.
struct VerificationText {
  let style: Style
  let width: Int

  func lines(_ verification: Verification) -> [String] {
    var table = TextTable([
      ("", .left), ("compared", .left), ("old side", .right), ("new side", .right), ("digest", .left),
    ])
    for line in verification.lines {
      table.add([
        line.agrees ? style.passMark : style.blockMark, line.subject,
        Human.count(line.expectedRows), Human.count(line.foundRows),
        line.expectedDigest == line.foundDigest
          ? short(line.foundDigest) : "\(short(line.expectedDigest)) / \(short(line.foundDigest))",
      ])
    }
    var lines = table.lines(width: width, style: style)
    for line in verification.lines where !line.differences.isEmpty {
      lines += ["", "\(printable(line.subject)) differs in:"] + line.differences.map { "  " + printable($0) }
    }
    let findings = FindingText(style: style, width: min(100, width))
    if !verification.invariants.isEmpty { lines += [""] + findings.lines(verification.invariants) }
    lines += ["", RunText.comparison(verification.agrees, rejected: verification.rejected)]
    return lines
  }
}
