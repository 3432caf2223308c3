public import Base

/// What finalized runs have left, and how it is put away: looked at first, then removed step by step, each in the run's
/// journal, so that a retiring that was cut off goes on where it stopped.
extension MigrationEngine {
  /// What a run of the part has left, the newest first.
  public struct RunLeftovers: Sendable, Codable, Equatable {
    public let run: UniqueID
    public let finalizedAt: Timestamp?
    public let leftovers: [Leftover]

    public var removable: [Leftover] { leftovers.filter { $0.stays == nil } }
  }

  /// Looks at what the part's finalized runs have left. Changes nothing.
  ///
  /// - Throws: ``MigrationError`` `wrongState` where no run is finalized.
  public func leftovers(_ address: PartAddress, _ wishes: RetireWishes) async throws -> [RunLeftovers] {
    let part = try part(address)
    let (finalized, wishes) = try finalizedRuns(of: part.address, wishes)
    var found: [RunLeftovers] = []
    for summary in finalized {
      let folder = RunFolder(run: summary.run, in: workplace)
      let context = StepContext(
        run: summary.run, folder: folder.path, workplace: workplace, journal: try Journal(path: folder.journal),
        events: EventSink(run: summary.run, clock: workplace.clock), cancellation: CancellationFlag())
      var leftovers: [Leftover] = []
      for step in try part.retireSteps(of: plan(of: summary.run), wishes, in: workplace) {
        leftovers += try await step.leftovers(context)
      }
      found.append(RunLeftovers(run: summary.run, finalizedAt: summary.changedAt, leftovers: leftovers))
    }
    return found
  }

  /// Puts away what a finalized run has left.
  ///
  /// - Throws: ``MigrationError`` `wrongState` where the run is not finalized, `inUse` where something of it is in use.
  public func retire(
    _ run: UniqueID, _ wishes: RetireWishes, cancellation: CancellationFlag = CancellationFlag(),
    listeners: [EventSink.Listener] = []
  ) async throws {
    let session = try RunSession.open(run, in: workplace, cancellation, listeners)
    let part = try part(session.plan.part)
    guard try session.context.journal.state() == .finalized else {
      throw MigrationEngine.notFinalized(try summary(of: run))
    }
    let (_, wishes) = try finalizedRuns(of: part.address, wishes)
    let steps = try part.retireSteps(of: session.plan, wishes, in: workplace)
    do {
      try await Executor(session.context).perform(
        steps, of: steps.map { PlannedStep(id: $0.id, title: $0.title) })
    } catch {
      session.context.events.tell(.failed(error: explain(error), advice: advice(for: error)))
      throw error
    }
  }

  /// The part's finalized runs, newest first, and the wishes with the runs that are still open.
  private func finalizedRuns(
    of address: PartAddress, _ wishes: RetireWishes
  ) throws -> ([RunSummary], RetireWishes) {
    let all = try runs().filter { $0.part == address }
    var wishes = wishes
    wishes.openRuns = all.filter { !$0.state.isFinal }.map(\.run)
    let finalized = all.filter { $0.state == .finalized }
    guard !finalized.isEmpty else {
      if let newest = all.first(where: { !$0.state.isFinal }) { throw MigrationEngine.notFinalized(newest) }
      throw MigrationError(
        .wrongState, doing: "retire \(address)", reason: "no run of it was finalized here",
        advice: "locktender plan \(address) begins one")
    }
    return (finalized, wishes)
  }

  private static func notFinalized(_ run: RunSummary) -> MigrationError {
    MigrationError(
      .wrongState, doing: "retire \(run.part)",
      reason: "run \(run.run) is not finalized, it is \(run.state.rawValue)",
      advice: run.state == .verified || run.state == .finalizing
        ? "locktender finalize \(run.run) says that all is well; until then everything is needed to take it back"
        : "locktender status \(run.run) shows what can follow; until it is finalized everything is needed")
  }
}
