internal import Base
internal import Cryptography
internal import Migration

extension CommandContext {
  func apply() async throws -> ExitCode {
    let detaches = invocation.flag("detach")
    let opened = try open(keepsVariables: detaches)
    let engine = opened.engine
    let start = try invocation.value("at").map { try StartTime.parse($0, now: engine.workplace.clock.now()) }
    let isDry = invocation.flag("dry-run")
    let (plan, hash): (Plan, Digest256)
    if let prefix = invocation.value("plan") {
      (plan, hash) = try engine.storedPlan(prefix)
      try refuseWhatBelongsToPlanning(plan, engine)
    } else {
      guard isInteractive || isDry else { throw try notAccepted(engine) }
      let (address, request) = try part(in: engine)
      (plan, hash) = try await engine.plan(address, request, waivers: waivers())
      if !isDry { show(plan, hash) }
    }
    if isDry { return try dryRun(plan, hash) }
    if let blocking = plan.findings.first(where: \.blocks) {
      throw MigrationError(
        .blocked, doing: "apply plan \(short(hash.description))", reason: "\(blocking.check): \(blocking.message)",
        advice: blocking.remedy)
    }
    if invocation.value("plan") == nil { try askForHash(hash, "apply") }
    if detaches { return try await detach(hash, start: start, opened) }
    let run = UniqueID.random()
    console.talk("run \(run), plan \(short(hash.description)) of \(plan.part)")
    return try await working(telling: messenger(of: run, plan.part, opened)) { flag, listeners in
      try await engine.apply(hash, startingAt: start, run: run, cancellation: flag, listeners: listeners)
    }
  }

  private func dryRun(_ plan: Plan, _ hash: Digest256) throws -> ExitCode {
    if console.isJSON {
      try printJSON(PlanResult(hash: hash.description, blocks: plan.blocks, plan: plan))
    } else {
      show(plan, hash)
      console.talk("dry run: nothing was done")
    }
    return plan.blocks ? .blocked : .done
  }

  /// A kept plan has its choices and waivers in it: giving others beside it would look as if they counted.
  private func refuseWhatBelongsToPlanning(_ plan: Plan, _ engine: MigrationEngine) throws {
    let own = invocation.command.options.filter { $0.name != "waive" && $0.name != "by" && $0.name != "reason" }
    let allowed = (own + grammar.common(of: invocation.command)).map(\.name)
    if let stray = invocation.given.first(where: { !allowed.contains($0.name) }) {
      throw CommandLineError(
        .usage, doing: "read the command line", reason: "--\(stray.name) is decided when the plan is made",
        advice: command("plan \(plan.part) --\(stray.name) …") + ", then apply that plan")
    }
    if let target = invocation.argument("TARGET").flatMap({ PartAddress($0) }),
      try engine.part(target).address != plan.part
    {
      throw CommandLineError(
        .usage, doing: "read the command line", reason: "the plan is one for \(plan.part), not for \(target)")
    }
  }

  private func notAccepted(_ engine: MigrationEngine) throws -> CommandLineError {
    let target =
      invocation.argument("TARGET") ?? (engine.parts.count == 1 ? engine.parts[0].address.description : "TARGET")
    return CommandLineError(
      .notAccepted, doing: "apply", reason: "no plan was accepted, and nothing was done",
      advice: "\(command("plan \(target)")), then \(command("apply --plan HASH"))")
  }

  /// - Parameter verb: with what else it was named, for who is asked in vain.
  func askForHash(_ hash: Digest256, _ verb: String) throws {
    let digits = short(hash.description)
    let typed = Prompt(console: console).ask("\nTo carry out this plan, type the first eight digits of its hash")
    guard typed?.lowercased() == digits else {
      throw CommandLineError(
        .notAccepted, doing: verb, reason: "the plan was not accepted, and nothing was done",
        advice: command("\(verb) --plan \(digits)"))
    }
  }
}
