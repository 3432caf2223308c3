internal import Base

/// Carries out steps one after the other, so that a run cut off anywhere goes on where it stopped.
///
/// Starting is resuming from an empty journal: a step that the journal has as done or as intended is probed and
/// passed over where its effect is seen; every other acts.
public struct Executor: Sendable {
  private let context: StepContext

  public init(_ context: StepContext) { self.context = context }

  /// Acts until all steps are done.
  ///
  /// - Throws: `CancellationError` between or within steps once it is asked to stop; ``MigrationError``
  ///   `stepFailed` with the step's own error as its cause.
  public func perform(_ steps: [any Step], of planned: [PlannedStep]) async throws {
    invariant(steps.map(\.id) == planned.map(\.id), "the steps are not those of the plan")
    for (index, step) in steps.enumerated() {
      try context.cancellation.check()
      try await perform(step, planned[index], number: index + 1, of: steps.count)
    }
  }

  private func perform(_ step: any Step, _ planned: PlannedStep, number: Int, of count: Int) async throws {
    let journal = context.journal
    let clock = context.workplace.clock
    switch try journal.status(ofStep: step.id) {
    case .done, .intended:
      // The journal is not believed against the thing itself: a destination may have been put back since.
      if case .complete(let digest) = try await probe(step) {
        try journal.finish(step: step.id, digest: digest, at: clock.now())
        context.events.tell(.stepFoundDone(id: step.id))
        return
      }
    case .unknown, .undone:
      break
    }
    let started = clock.now()
    try journal.intend(step: step.id, at: started)
    context.events.tell(.stepStarted(id: step.id, title: planned.title, number: number, of: count))
    do {
      // Batched steps try their batches again themselves, and know what is in.
      if planned.kind == .batched {
        try await step.act(context)
      } else {
        try await Retrying(context).reconnecting(planned.title) { try await step.act(context) }
      }
    } catch let cancelled as CancellationError {
      throw cancelled
    } catch {
      throw MigrationError(.stepFailed, doing: planned.title, cause: error)
    }
    // What an act claims is not believed either: the probe looks at the thing itself.
    let effect = try await probe(step)
    guard case .complete(let digest) = effect else {
      throw MigrationError(
        .stepFailed, doing: planned.title, reason: "it ended, but its effect cannot be seen",
        advice: "locktender resume tries it again")
    }
    let ended = clock.now()
    try journal.finish(step: step.id, digest: digest, at: ended)
    context.events.tell(.stepFinished(id: step.id, seconds: ended.seconds(since: started), digest: digest))
  }

  /// Whether the effects of all steps can be seen. Does nothing.
  func findsDone(_ steps: [any Step]) async throws -> Bool {
    for step in steps {
      guard case .complete = try await probe(step) else { return false }
    }
    return true
  }

  private func probe(_ step: any Step) async throws -> StepEffect {
    do {
      return try await Retrying(context).reconnecting("probe \(step.id)") { try await step.probe(context) }
    } catch let cancelled as CancellationError {
      throw cancelled
    } catch {
      throw MigrationError(.stepFailed, doing: "probe \(step.id)", cause: error)
    }
  }

  /// Takes the steps back, last first. What was never begun is left alone.
  public func undo(_ steps: [any Step]) async throws {
    for step in steps.reversed() {
      let status = try context.journal.status(ofStep: step.id)
      guard status == .done || status == .intended else { continue }
      do {
        try await Retrying(context).reconnecting("undo \(step.id)") { try await step.undo(context) }
      } catch let cancelled as CancellationError {
        throw cancelled
      } catch {
        throw MigrationError(
          .stepFailed, doing: "undo \(step.id)",
          advice: (advice(for: error).map { $0 + " Then: " } ?? "")
            + "locktender rollback \(context.run) tries it again",
          cause: error)
      }
      try context.journal.undo(step: step.id, at: context.workplace.clock.now())
      context.events.tell(.noted("undone: \(step.id)"))
    }
  }
}
