internal import Base
internal import Cryptography
internal import Migration

extension CommandContext {
  func plan() async throws -> ExitCode {
    let engine = try open().engine
    let (address, request) = try part(in: engine)
    let earlier = try invocation.value("diff").map { try engine.storedPlan($0) }
    let (plan, hash) = try await engine.plan(address, request, waivers: waivers())
    if let earlier {
      try show(try PlanDifference(from: earlier.plan, to: plan), from: earlier.hash, to: hash)
    } else if console.isJSON {
      try printJSON(PlanResult(hash: hash.description, blocks: plan.blocks, plan: plan))
    } else {
      show(plan, hash)
    }
    return plan.blocks ? .blocked : .done
  }

  /// Prints a plan and how to carry it out.
  func show(_ plan: Plan, _ hash: Digest256) {
    let width = min(120, Terminal.output.tableWidth)
    console.result(PlanText(style: console.style, width: width).lines(plan, hash: hash))
    console.result(["", "Hash  \(hash)"])
    if plan.blocks {
      console.result("This plan cannot be applied: a finding blocks it.")
    } else {
      console.result("To carry it out:  \(command("apply --plan \(short(hash.description))"))")
    }
  }

  private func show(_ difference: PlanDifference, from old: Digest256, to new: Digest256) throws {
    if console.isJSON {
      try printJSON(
        DifferenceResult(from: old.description, to: new.description, changes: difference.changes))
    } else if difference.changes.isEmpty {
      console.result("plan \(short(new.description)) is the same")
    } else {
      console.result("from \(short(old.description)) to \(short(new.description)):")
      console.result(difference.lines(style: console.style))
      console.result(["", "Hash  \(new)"])
    }
  }

  struct PlanResult: Encodable {
    let hash: String
    let blocks: Bool
    let plan: Plan
  }

  private struct DifferenceResult: Encodable {
    let from: String
    let to: String
    let changes: [PlanDifference.Change]
  }
}

extension Plan {
  /// Whether a finding forbids to carry it out.
  var blocks: Bool { findings.contains(where: \.blocks) }
}
