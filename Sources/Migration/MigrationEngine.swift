public import Base
public import Cryptography

/// The verbs of the engine, for the command line and for whatever else asks: they work on any part.
///
/// Everything that must outlive the process stands in the platform's `.locktender` folder.
public struct MigrationEngine: Sendable {
  public let parts: [any MigrationPart]
  public let workplace: Workplace

  public init(parts: [any MigrationPart], workplace: Workplace) {
    self.parts = parts
    self.workplace = workplace
  }

  /// The part of that name; a system's name alone means its only part.
  public func part(_ address: PartAddress) throws -> any MigrationPart {
    let matches = parts.filter {
      $0.address == address || (address.part == nil && $0.address.system == address.system)
    }
    guard let part = matches.first, matches.count == 1 else {
      let names = parts.map(\.address.description).joined(separator: ", ")
      throw MigrationError(
        .notFound, doing: "find \(address)",
        reason: matches.isEmpty ? "the platform has no such part" : "the system has several parts",
        advice: "parts here: \(names)")
    }
    return part
  }

  // MARK: Before a run

  public func discover(_ address: PartAddress, _ request: PlanRequest) async throws -> [Fact] {
    try await part(address).discover(request, in: workplace)
  }

  public func check(_ address: PartAddress, _ request: PlanRequest, waivers: [Waiver] = []) async throws
    -> [Finding]
  {
    try await part(address).check(request, for: nil, in: workplace).applying(waivers)
  }

  /// Makes a plan and keeps it under its hash.
  ///
  /// A plan with blocking findings is made and shown, but cannot be applied.
  public func plan(
    _ address: PartAddress, _ request: PlanRequest, waivers: [Waiver] = []
  ) async throws -> (plan: Plan, hash: Digest256) {
    let part = try part(address)
    let findings = try await part.check(request, for: nil, in: workplace).applying(waivers)
    let plan = try await part.plan(request, findings: findings, in: workplace)
    let hash = try plan.hash()
    try PlanStore(workplace).save(plan, hash: hash)
    return (plan, hash)
  }

  /// The kept plan whose hash begins with the given digits (at least eight).
  public func storedPlan(_ prefix: String) throws -> (plan: Plan, hash: Digest256) {
    try PlanStore(workplace).find(prefix)
  }

  // MARK: Runs

  /// Carries out an accepted plan, verifies, and writes the report.
  ///
  /// - Parameters:
  ///   - hash: the plan's full hash: what the person accepted.
  ///   - start: wait until then; nil begins at once. It is kept with the run, and holds for a `resume`, too.
  ///   - cancellation: set it to stop at the next batch's end.
  /// - Throws: ``MigrationError``: `stalePlan`, `blocked`, `inUse`, `cancelled`, `stepFailed`, `verificationFailed`.
  @discardableResult
  public func apply(
    _ hash: Digest256, startingAt start: Timestamp? = nil, run: UniqueID = UniqueID.random(),
    cancellation: CancellationFlag = CancellationFlag(), listeners: [EventSink.Listener] = []
  ) async throws -> RunSummary {
    let (plan, _) = try PlanStore(workplace).find(hash.description)
    let session = try RunSession.create(
      run, plan: plan, startingAt: start, in: workplace, cancellation, listeners)
    try await RunConductor(session, part(plan.part)).carryOut()
    return try summary(of: session.run)
  }

  /// Goes on with a run that was cancelled, failed, or cut off. One that has ended is left as it is.
  ///
  /// - Parameter isNow: begins though the time has not come that the run was told to wait for.
  @discardableResult
  public func resume(
    _ run: UniqueID, now isNow: Bool = false, cancellation: CancellationFlag = CancellationFlag(),
    listeners: [EventSink.Listener] = []
  ) async throws -> RunSummary {
    let summary = try summary(of: run)
    if try hasEnded(run) { return summary }
    guard summary.state != .rollingBack, summary.state != .finalizing else {
      throw MigrationError(
        .wrongState, doing: RunState.Input.start.act, reason: "the run is \(summary.state.title)",
        advice: summary.nextCommands().first.map { "\($0.command) \($0.why)" })
    }
    return try await inSession(run, cancellation, listeners) { conductor, session in
      if isNow { try session.context.journal.setStartTime(workplace.clock.now()) }
      try await conductor.carryOut()
    }
  }

  /// Whether a run is where a `resume` would bring it: compared, with the report written, or beyond.
  public func hasEnded(_ run: UniqueID) throws -> Bool {
    let state = try summary(of: run).state
    switch state {
    case .finalized, .rolledBack: return true
    // A report that is missing or cannot be read is written anew.
    case .verified, .differing: return (try? report(run))?.state == state
    default: return false
    }
  }

  /// Reads both sides again and writes the report anew.
  @discardableResult
  public func verify(
    _ run: UniqueID, cancellation: CancellationFlag = CancellationFlag(), listeners: [EventSink.Listener] = []
  ) async throws -> RunSummary {
    try await inSession(run, cancellation, listeners) { conductor, _ in try await conductor.verify() }
  }

  /// Takes back exactly what the run brought, last step first.
  @discardableResult
  public func rollback(
    _ run: UniqueID, cancellation: CancellationFlag = CancellationFlag(), listeners: [EventSink.Listener] = []
  ) async throws -> RunSummary {
    try await inSession(run, cancellation, listeners) { conductor, _ in try await conductor.rollBack() }
  }

  /// Says that all is well: the point of no return.
  @discardableResult
  public func finalize(
    _ run: UniqueID, cancellation: CancellationFlag = CancellationFlag(), listeners: [EventSink.Listener] = []
  ) async throws -> RunSummary {
    try await inSession(run, cancellation, listeners) { conductor, _ in try await conductor.finalize() }
  }

  private func inSession(
    _ run: UniqueID, _ cancellation: CancellationFlag, _ listeners: [EventSink.Listener],
    _ act: (RunConductor, RunSession) async throws -> Void
  ) async throws -> RunSummary {
    let session = try RunSession.open(run, in: workplace, cancellation, listeners)
    try await act(RunConductor(session, part(session.plan.part)), session)
    return try summary(of: run)
  }

  /// Asks a run to stop at the end of its batch, whichever process works on it.
  public func cancel(_ run: UniqueID) throws {
    try RunStore(workplace).requestCancel(run)
  }

  /// All runs of the platform, newest first.
  public func runs() throws -> [RunSummary] { try RunStore(workplace).summaries() }

  public func summary(of run: UniqueID) throws -> RunSummary { try RunStore(workplace).summary(of: run) }

  /// The run whose id begins with the given digits; the newest for nil.
  public func run(_ prefix: String?) throws -> UniqueID { try RunStore(workplace).find(prefix) }

  /// The run's events so far and from now on, whichever process makes them; ends when the run is no longer
  /// worked on.
  public func watch(_ run: UniqueID, _ listener: EventSink.Listener) async throws {
    try await EventLog.follow(RunFolder(run: run, in: workplace), listener)
  }

  /// The report as it was last written.
  public func report(_ run: UniqueID) throws -> Report {
    try Report.read(RunFolder(run: run, in: workplace))
  }
}
