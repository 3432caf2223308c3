internal import Base
internal import Migration

/// A run for a person.
struct RunText {
  let style: Style
  /// Writes a command to type next.
  let command: (String) -> String

  func lines(_ summary: RunSummary) -> [String] {
    var rows: [(String, String)] = [
      ("run", summary.run.description), ("part", summary.part.description), ("plan", short(summary.plan)),
      ("state", state(summary)),
    ]
    // While it waits it was taken up, and has not begun.
    if let started = summary.startedAt, summary.startsAt == nil { rows.append(("began", Human.instant(started))) }
    if let changed = summary.changedAt { rows.append(("since", Human.instant(changed))) }
    if let progress = summary.progress, progress.rowsDone > 0 { rows.append(("reached", reached(progress))) }
    if let brought = summary.rows { rows.append(("brought", Human.count(brought, "row"))) }
    if let verified = summary.verified {
      rows.append(("compared", RunText.comparison(verified, rejected: summary.rejected)))
    }
    if let failure = summary.failure { rows.append(("failure", failure)) }
    if let advice = summary.advice { rows.append(("advice", advice)) }
    rows.append(("folder", summary.folder))
    var lines = rows.map { "\(padded($0.0, to: 9)) \(printable($0.1))" }
    for (index, words) in following(summary).enumerated() {
      lines.append("\(padded(index == 0 ? "next" : "", to: 9)) \(command(words))")
    }
    return lines
  }

  static func comparison(_ agrees: Bool, rejected: Int) -> String {
    guard agrees else { return "both sides differ" }
    return rejected == 0
      ? "both sides hold the same" : "both sides hold the same but for \(Human.count(rejected, "rejected row"))"
  }

  /// The state, and whether somebody works on it.
  func state(_ summary: RunSummary) -> String {
    var name = summary.state.title
    if let start = summary.startsAt { name = "waiting until \(Human.instant(start))" }
    return summary.state.isAtWork && !summary.active ? name + ", but nobody works on it" : name
  }

  private func reached(_ progress: Progress) -> String {
    let what = progress.current.isEmpty ? progress.step : "\(progress.step): \(progress.current)"
    let total = progress.rowsTotal.map { " of \(Human.count($0))" } ?? ""
    return "\(what), \(Human.count(progress.rowsDone))\(total) rows"
  }

  /// The commands that make sense now, the likely one first; where there is something to read, that.
  private func following(_ summary: RunSummary) -> [String] {
    let run = short(summary.run.description)
    let next = summary.nextCommands(naming: run).map(\.words)
    return switch summary.state {
    case .verified, .differing, .finalized, .rolledBack: ["report \(run)"] + next
    default: next
    }
  }
}
