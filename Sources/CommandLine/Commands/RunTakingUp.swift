internal import Base
internal import Cryptography
internal import Migration

extension CommandContext {
  /// The run that the argument names. One whose folder is not here is taken up by what its destination keeps, once its
  /// plan is accepted: by `--plan`, or by its hash typed at the terminal.
  func runTakingUp(in engine: MigrationEngine, to verb: String) async throws -> UniqueID {
    do {
      return try run(in: engine)
    } catch let error as MigrationError where error.code == .notFound {
      guard let prefix = invocation.argument("RUN"),
        // Several that begin so are no reason to look elsewhere.
        try !engine.runs().contains(where: { $0.run.description.hasPrefix(prefix.lowercased()) }),
        let stray = try await strayRun(prefix, engine)
      else { throw error }
      try acceptPlan(of: stray, verb)
      try await engine.takeUp(stray)
      console.talk("run \(stray.run) was begun elsewhere; its folder was made anew")
      return stray.run
    }
  }

  private func strayRun(_ prefix: String, _ engine: MigrationEngine) async throws -> StrayRun? {
    do {
      return try await engine.strayRun(prefix)
    } catch let error as MigrationError {
      throw error
    } catch {
      throw MigrationError(
        .notFound, doing: "find run \(prefix)", reason: "it is not here, and the destination cannot be asked",
        cause: error)
    }
  }

  private func acceptPlan(of stray: StrayRun, _ verb: String) throws {
    let hash = stray.hash.description
    if let given = invocation.value("plan") {
      // All of it: whoever can write to the destination could make another plan whose hash begins so.
      guard given.lowercased() == hash else {
        throw CommandLineError(
          .notAccepted, doing: "\(verb) \(short(stray.run.description))",
          reason: "the plan of the run is \(hash), and not \(given)",
          advice: command("\(verb) \(short(stray.run.description))") + " shows it")
      }
      return
    }
    guard isInteractive else {
      if !console.isJSON { show(stray) }
      throw CommandLineError(
        .notAccepted, doing: "\(verb) \(short(stray.run.description))",
        reason: "the run was begun elsewhere, its destination keeps its plan, and nobody has accepted that here",
        advice: command("\(verb) \(short(stray.run.description)) --plan \(hash)"))
    }
    show(stray)
    try askForHash(stray.hash, "\(verb) \(short(stray.run.description))")
  }

  private func show(_ stray: StrayRun) {
    let width = min(120, Terminal.output.tableWidth)
    console.result(PlanText(style: console.style, width: width).lines(stray.plan, hash: stray.hash))
    console.result(["", "Hash  \(stray.hash)"])
  }
}
