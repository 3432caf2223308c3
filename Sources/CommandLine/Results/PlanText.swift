internal import Base
internal import Cryptography
internal import Migration

/// A plan for a person.
struct PlanText {
  let style: Style
  let width: Int

  func lines(_ plan: Plan, hash: Digest256) -> [String] {
    var lines = [style.paint("Plan \(short(hash.description)) for \(plan.part)", .bold)]
    lines.append("made \(readable(plan.createdAt)) by \(printable(plan.program))")
    lines += inputs(plan) + steps(plan) + choices(plan) + findings(plan) + undo(plan)
    return lines
  }

  private func inputs(_ plan: Plan) -> [String] {
    guard !plan.inputs.isEmpty else { return [] }
    var table = TextTable([("input", .left), ("where", .left), ("identity", .left), ("shape", .left)])
    for input in plan.inputs {
      table.add([input.name, input.location, input.identity, short(input.fingerprint)])
    }
    return heading("Inputs") + indented(table.lines(width: width - 2, style: style), by: 2)
  }

  private func steps(_ plan: Plan) -> [String] {
    var table = TextTable([
      ("", .right), ("step", .left), ("rows", .right), ("space", .right), ("time", .right),
      ("taken back by", .left),
    ])
    for (index, step) in plan.steps.enumerated() {
      table.add([
        String(index + 1), step.title, step.estimate.rows.map(grouped) ?? "",
        step.estimate.bytes.map { byteCount(Double($0)) } ?? "", step.estimate.seconds.map(duration) ?? "",
        step.undo ?? "nothing to take back",
      ])
    }
    var lines = heading("Steps") + indented(table.lines(width: width - 2, style: style), by: 2)
    let rows = plan.steps.compactMap(\.estimate.rows).reduce(0, +)
    let space = plan.steps.compactMap(\.estimate.bytes).reduce(0, +)
    lines.append(
      "  together \(counted(rows, "row")), \(byteCount(Double(space))), about \(duration(plan.estimatedSeconds))")
    return lines
  }

  private func choices(_ plan: Plan) -> [String] {
    let asked = plan.request.choices.sorted { $0.key < $1.key }
    guard !asked.isEmpty else { return [] }
    return heading("Asked for")
      + asked.map { "  --\($0.key) \(printable($0.value.joined(separator: ", ")))" }
  }

  private func findings(_ plan: Plan) -> [String] {
    let notable = plan.findings.filter { $0.severity != .pass }
    let text = FindingText(style: style, width: width - 2)
    let passing = plan.findings.count - notable.count
    var lines = heading("Findings") + indented(text.lines(notable), by: 2)
    lines.append("  \(style.passSign) \(counted(passing, "check passes", "checks pass"))")
    return lines
  }

  private func undo(_ plan: Plan) -> [String] {
    if plan.irreversible.isEmpty {
      return heading("Taking back") + ["  locktender rollback takes everything back, until locktender finalize."]
    }
    return heading("Cannot be taken back")
      + plan.irreversible.flatMap { line in
        let wrapped = wrapped(printable(line), to: width - 4)
        return ["  ! " + (wrapped.first ?? "")] + indented(Array(wrapped.dropFirst()), by: 4)
      }
  }

  private func heading(_ text: String) -> [String] { ["", style.paint(text, .bold)] }
}
