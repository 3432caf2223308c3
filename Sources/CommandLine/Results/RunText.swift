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
    if let started = summary.startedAt { rows.append(("began", Human.instant(started))) }
    if let changed = summary.changedAt { rows.append(("since", Human.instant(changed))) }
    if let progress = summary.progress, progress.rowsDone > 0, !summary.state.isFinal, summary.state != .verified {
      rows.append(("reached", reached(progress)))
    }
    if let verified = summary.verified {
      rows.append(("compared", RunText.comparison(verified, rejected: summary.rejected)))
    }
    if let failure = summary.failure { rows.append(("failure", failure)) }
    if let advice = summary.advice { rows.append(("advice", advice)) }
    rows.append(("folder", summary.folder))
    let next = following(summary)
    var lines = rows.map { "\(padded($0.0, to: 9)) \(printable($0.1))" }
    for (index, step) in next.enumerated() {
      lines.append("\(padded(index == 0 ? "next" : "", to: 9)) \(command(step))")
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
    let name = summary.state.title
    return RunText.isAtWork(summary.state) && !summary.active ? name + ", but nobody works on it" : name
  }

  /// Whether a run in this state is in somebody's hands, or was cut off.
  private static func isAtWork(_ state: RunState) -> Bool {
    switch state {
    case .planned, .waiting, .running, .cancelling, .verifying, .finalizing, .rollingBack: true
    case .cancelled, .failed, .blocked, .applied, .verified, .differing, .finalized, .rolledBack: false
    }
  }

  private func reached(_ progress: Progress) -> String {
    let what = progress.current.isEmpty ? progress.step : "\(progress.step): \(progress.current)"
    let total = progress.rowsTotal.map { " of \(Human.count($0))" } ?? ""
    return "\(what), \(Human.count(progress.rowsDone))\(total) rows"
  }

  /// The verbs that make sense now, the likely one first.
  private func following(_ summary: RunSummary) -> [String] {
    let run = short(summary.run.description)
    if summary.active, RunText.isAtWork(summary.state) { return ["watch \(run)", "cancel \(run)"] }
    return switch summary.state {
    case .planned, .waiting: ["resume \(run)"]
    case .running, .cancelling, .cancelled, .failed, .blocked: ["resume \(run)", "rollback \(run)"]
    case .applied, .verifying: ["verify \(run)", "rollback \(run)"]
    case .differing: ["report \(run)", "compare \(run)", "rollback \(run)"]
    case .verified: ["report \(run)", "finalize \(run)", "rollback \(run)"]
    case .finalizing: ["finalize \(run)"]
    case .rollingBack: ["rollback \(run)"]
    case .finalized: ["report \(run)", "retire \(summary.part)"]
    case .rolledBack: ["report \(run)"]
    }
  }
}
