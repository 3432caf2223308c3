internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Reads both sides of an import again and compares them, and asks of the destination what must hold in any case.
struct HistoryVerifier: Sendable {
  let plan: HistoryPlan
  let sources: [any HistorySource]
  let destination: HistoryDestination
  let context: StepContext

  func verify() async throws -> Verification {
    let clock = context.workplace.clock
    let started = clock.now()
    var verification = Verification(lines: [], invariants: [], seconds: 0)
    for (source, planned) in zip(sources, plan.sources) {
      let (request, rejects) = try await BlockingThread(name: "verify").run { try prepare(planned) }
      verification.rejected += rejects.count
      let thread = BlockingThread(name: "invariants")
      async let invariants = thread.run { try self.invariants(of: source, request, rejects) }
      for comparison in try source.comparisons(request) {
        try context.cancellation.check()
        context.events.tell(.progress(Progress(step: "verify", current: comparison.subject)))
        verification.lines.append(try await comparison.run())
      }
      verification.invariants += try await invariants
    }
    verification.invariants.append(try await BlockingThread(name: "keys").run { try keys() })
    if plan.mode == .live {
      let prior = try await BlockingThread(name: "prior").run {
        try PriorState.finding(context, on: destination.openReadOnly())
      }
      verification.invariants.append(prior)
    }
    verification.seconds = clock.now().seconds(since: started)
    return verification
  }

  /// Without its keys a history could hold rows twice, and nobody would be kept from adding more.
  private func keys() throws -> Finding {
    let missing = try HistoryKeys.missing(on: destination.openReadOnly())
    return Finding(
      "history.keys.complete", rule: "D103", missing.isEmpty ? .pass : .block, about: "destination",
      missing.isEmpty
        ? "all keys and indexes are there" : "keys and indexes are missing: \(missing.joined(separator: ", "))",
      remedy: missing.isEmpty ? nil : "locktender rollback \(context.run), then a new plan")
  }

  private func prepare(_ planned: SourcePlan) throws -> (ComparisonRequest, ListedRejects) {
    let importID = try PrepareStep.importID(of: planned.name, context)
    let connection = try destination.openReadOnly()
    let release = planned.version.flatMap { Release($0) }
    let rejects = try ListedRejects(of: planned.name, release, importID: importID, context, on: connection)
    var request = ComparisonRequest(
      plan: planned, importID: importID, openDestination: { try destination.openReadOnly() }, context: context)
    request.rejected = rejects.rows
    if try tasksMayBeUsed, let release {
      request.usedTasks = try HistoryInvariants.usedTasks(of: importID, release, on: connection)
    }
    return (request, rejects)
  }

  /// Nobody takes up the tasks of a blank history before it was compared once; whether a run that was begun elsewhere
  /// was, is not known here.
  private var tasksMayBeUsed: Bool {
    get throws {
      try plan.mode == .live || Files.exists(context.folder + "/verification.json") || context.journal.isTakenUp()
    }
  }

  private func invariants(
    of source: any HistorySource, _ request: ComparisonRequest, _ rejects: ListedRejects
  ) throws -> [Finding] {
    let connection = try destination.openReadOnly()
    let carried = try CarriedRows(of: context, streamsBeginning: request.plan.name + "/", on: connection)
    let orphans = try source.orphans(request)
    let expectations = HistoryInvariants.Expectations(
      rows: carried.written.merging(rejects.revised, uniquingKeysWith: +), orphanProperties: orphans?.properties,
      orphanSections: orphans?.sections,
      tasksMayBeUsed: try tasksMayBeUsed,
      originalsMayStray: request.plan.version == Release.v8_2.description && rejects.count > 0)
    return try HistoryInvariants(importID: request.importID, source: request.plan.name, on: connection)
      .findings(expectations, range: request.plan.range)
      + [rejects.finding(of: request.plan.name, context)]
  }
}
