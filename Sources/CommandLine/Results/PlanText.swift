internal import Base
internal import Cryptography
internal import Migration

/// A plan for a person.
struct PlanText {
  let style: Style
  let width: Int

  func lines(_ plan: Plan, hash: Digest256) -> [String] {
    var lines = [style.paint("Plan \(short(hash.description)) for \(printable(plan.part.description))", .bold)]
    lines.append("made \(Human.instant(plan.createdAt)) by \(printable(plan.program))")
    lines += inputs(plan) + choices(plan) + decisions(plan) + steps(plan) + findings(plan) + undo(plan)
    return lines
  }

  private func inputs(_ plan: Plan) -> [String] {
    guard !plan.inputs.isEmpty else { return [] }
    var lines = heading("Inputs")
    for input in plan.inputs {
      lines.append("  \(printable(input.name)): \(printable(input.location))")
      // Where the place itself is the identity it need not be said twice.
      let identity = input.identity == input.location ? "" : "identity \(printable(input.identity)), "
      lines.append("    \(identity)shape \(printable(short(input.fingerprint)))")
    }
    return lines
  }

  private func steps(_ plan: Plan) -> [String] {
    var table = TextTable([
      ("", .right), ("step", .left), ("rows", .right), ("space", .right), ("time", .right),
    ])
    for (index, step) in plan.steps.enumerated() {
      table.add([
        String(index + 1), step.title, step.estimate.rows.map { Human.count($0) } ?? "",
        step.estimate.bytes.map { Human.bytes($0) } ?? "", step.estimate.seconds.map(Human.duration) ?? "",
      ])
    }
    // Steps that look at rows again carry none.
    let rows = plan.steps.filter { $0.kind == .batched }.compactMap(\.estimate.rows).reduce(0, +)
    let space = plan.steps.compactMap(\.estimate.bytes).reduce(0, +)
    table.add([
      "", "together, about", Human.count(rows), Human.bytes(space), Human.duration(plan.estimatedSeconds),
    ])
    return heading("Steps") + indented(table.lines(width: width - 2, style: style), by: 2)
  }

  /// What the system decided, whatever it is: a plan hides nothing.
  private func decisions(_ plan: Plan) -> [String] {
    let leaves = PlanDifference.leaves(of: plan.details).sorted { $0.key < $1.key }
    guard !leaves.isEmpty else { return [] }
    let longest = min(48, leaves.map { columnCount(of: printable($0.key)) }.max() ?? 0)
    return heading("Decided")
      + leaves.map { "  \(padded(printable($0.key), to: longest))  \(printable($0.value))" }
  }

  private func choices(_ plan: Plan) -> [String] {
    let asked = plan.request.choices.sorted { $0.key < $1.key }
    guard !asked.isEmpty else { return [] }
    return heading("Asked for")
      + asked.map { "  --\(printable($0.key)) \(printable($0.value.joined(separator: ", ")))" }
  }

  private func findings(_ plan: Plan) -> [String] {
    let notable = plan.findings.filter { $0.severity != .pass }
    let text = FindingText(style: style, width: width - 2)
    let passing = plan.findings.count - notable.count
    var lines = heading("Findings") + indented(text.lines(notable), by: 2)
    lines.append("  \(style.passSign) \(Human.count(passing, "check passes", "checks pass"))")
    return lines
  }

  private func undo(_ plan: Plan) -> [String] {
    var lines = heading("Taking back")
    for (index, step) in plan.steps.enumerated() {
      if let undo = step.undo { lines.append("  \(index + 1) \(printable(undo))") }
    }
    if plan.irreversible.isEmpty {
      lines.append("  locktender rollback does it, until locktender finalize.")
      return lines
    }
    lines += heading("Cannot be taken back")
    for line in plan.irreversible {
      let wrapped = wrapped(printable(line), to: width - 4)
      lines += ["  ! " + (wrapped.first ?? "")] + indented(Array(wrapped.dropFirst()), by: 4)
    }
    return lines
  }

  private func heading(_ text: String) -> [String] { ["", style.paint(text, .bold)] }
}
