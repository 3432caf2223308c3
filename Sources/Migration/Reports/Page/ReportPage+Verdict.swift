internal import Base

extension Verdict {
  var title: String {
    switch self {
    case .verified: "Verified"
    case .finalized: "Verified and finalized"
    case .rolledBack: "Rolled back"
    case .incomplete: "Incomplete"
    case .differs: "Both sides differ"
    case .failed: "Failed"
    case .blocked: "Blocked"
    case .cancelled: "Cancelled"
    case .unfinished: "Unfinished"
    }
  }

  /// What the word means for whoever reads it first.
  var meaning: String {
    switch self {
    case .verified:
      "Old and new were read again after the move and hold the same. It can still be taken back."
    case .finalized:
      "Old and new were read again after the move and hold the same. Somebody has said that all is well."
    case .rolledBack: "What this run brought was taken back."
    case .incomplete: "What was carried agrees on both sides, but not everything was carried."
    case .differs: "Old and new were read again after the move and do not hold the same."
    case .failed: "An error stopped the run. What was carried so far is kept, and the run can go on."
    case .blocked: "A check forbids the run. Nothing was begun."
    case .cancelled: "The run was stopped at the end of a batch. What was carried so far is kept, and it can go on."
    case .unfinished: "The run had not come to an end when this was written."
    }
  }

  var tone: Tone {
    switch self {
    case .verified, .finalized: .good
    case .rolledBack, .cancelled, .unfinished, .incomplete: .fair
    case .differs, .failed, .blocked: .bad
    }
  }
}

extension ReportPage {
  /// The band at the top: the word, what it means, what is short, and the numbers that matter.
  var verdict: Markup {
    let verdict = report.verdict
    let shortfalls = report.shortfalls
    let short: Markup =
      shortfalls.isEmpty
      ? Markup() : "<ul class=\"short\">\(shortfalls.map { "<li>\($0)</li>\n" as Markup })</ul>\n"
    return """
      <section class="verdict \(verdict.tone.rawValue)" aria-labelledby="verdict">
      \(Icon.of(verdict.tone))<div>
      <h2 id="verdict">\(verdict.title)</h2>
      <p>\(verdict.meaning)</p>
      \(short)\(advice)</div>
      </section>
      <dl class="tiles">
      \(tiles.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>\n" as Markup })</dl>

      """
  }

  private var advice: Markup {
    report.failure?.advice.map { "<p class=\"advice\">To do: \($0)</p>\n" } ?? Markup()
  }

  private var tiles: [(name: String, value: String)] {
    var all: [(String, String)] = []
    let written = report.counts.compactMap(\.written)
    if !written.isEmpty {
      all.append(("Rows written", Human.count(written.reduce(0, +))))
    } else if !report.counts.isEmpty {
      all.append(("Rows carried", Human.count(report.counts.reduce(0) { $0 + ($1.sourceRows ?? 0) - $1.rejected })))
    }
    if let verification = report.verification {
      let agreeing = verification.lines.count { $0.agrees }
      all.append(("Tables that agree", "\(agreeing) of \(verification.lines.count)"))
    }
    all.append(
      ("Time worked", Human.duration(report.stepSeconds.values.reduce(0, +) + (report.verification?.seconds ?? 0))))
    all.append(("Rejected rows", Human.count(report.rejects)))
    all.append(("Retries", Human.count(report.retries)))
    let waived = report.findings.count { $0.waiver != nil }
    all.append(("Findings waived", Human.count(waived)))
    return all
  }
}

/// Pictures of a few strokes, drawn in the colour of the text around them.
enum Icon {
  static let brand: Markup = """
    <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">\
    <path d="M3 4v16M21 4v16M3 8l9 4-9 4M21 8l-9 4 9 4"/></svg>
    """

  static func of(_ tone: Tone) -> Markup {
    let shape: Markup =
      switch tone {
      case .good: "<path d=\"M7 12.5l3.5 3.5L17 9\"/>"
      case .fair, .plain: "<path d=\"M12 7v6M12 16.5v.5\"/>"
      case .bad: "<path d=\"M8.5 8.5l7 7M15.5 8.5l-7 7\"/>"
      }
    return """
      <svg class="icon" viewBox="0 0 24 24" width="44" height="44" aria-hidden="true" focusable="false">\
      <circle cx="12" cy="12" r="10"/>\(shape)</svg>
      """
  }
}
