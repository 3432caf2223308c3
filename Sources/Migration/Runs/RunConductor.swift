internal import Base

/// Leads one run through its states: steps, verification, report, the way forward and the way back.
struct RunConductor {
  private let session: RunSession
  private let part: any MigrationPart
  private var context: StepContext { session.context }
  private var workplace: Workplace { session.context.workplace }

  init(_ session: RunSession, _ part: any MigrationPart) {
    self.session = session
    self.part = part
  }

  /// Steps, then verification, then the report: what of it has not been done yet.
  func carryOut() async throws {
    if try isBehindSteps() {
      try await requireInputs()
      if try await !hasLostSteps() { return try await verify() }
      try advance(.start)
      try await watchingForCancellation { try await runSteps() }
      return try await verify()
    }
    try await watchingForCancellation {
      if let start = try context.journal.startTime(), start > workplace.clock.now(),
        try context.journal.state().next(.wait) != nil
      {
        try advance(.wait)
        context.events.tell(.noted("the run begins at \(Human.instant(start))"))
        try await wait(until: start)
      }
      try await begin()
      try await runSteps()
    }
    try await verify()
  }

  /// Compares both sides and writes the report.
  func verify() async throws {
    try await requireOutputs(for: .compare)
    try advance(.verify)
    let verification: Verification
    do {
      // Not tried again here: a picture of the source that broke is another one then. A resume catches up with it.
      verification = try await watchingForCancellation { try await part.verify(session.plan, context) }
      try await part.conclude(session.plan, agrees: verification.agrees, context)
    } catch is CancellationError {
      try advance(.fail)
      throw MigrationError(
        .cancelled, doing: "compare both sides", reason: "stopped on request",
        advice:
          "locktender verify \(session.run) compares them again; locktender rollback \(session.run) takes all back")
    } catch {
      fail(error)
      throw error
    }
    try Files.write(encodeJSON(verification, pretty: true), to: session.folder.verification)
    context.events.tell(.compared(agrees: verification.agrees, rejected: verification.rejected))
    try advance(verification.agrees ? .agree : .differ)
    try await writeReport()
    guard verification.agrees else {
      throw MigrationError(
        .verificationFailed, doing: "verify", reason: "both sides do not hold the same",
        advice: "the report names the ranges: \(session.folder.reportPage)")
    }
  }

  func rollBack() async throws {
    try await requireOutputs(for: .rollBack)
    try advance(.rollBack)
    do {
      try await Executor(context).undo(part.steps(of: session.plan, in: workplace))
    } catch {
      fail(error)
      throw error
    }
    try advance(.undone)
    try await writeReport()
  }

  func finalize() async throws {
    try await requireOutputs(for: .finalize)
    try advance(.finalize)
    do {
      let steps = try part.finalSteps(of: session.plan, in: workplace)
      let planned = steps.map { PlannedStep(id: $0.id, title: $0.id) }
      try await Executor(context).perform(steps, of: planned)
    } catch {
      fail(error)
      throw error
    }
    try advance(.finish)
    try await writeReport()
  }

  // MARK: Parts of the way

  /// Whether a process ended between the last step and the report: nothing is left but to compare.
  private func isBehindSteps() throws -> Bool {
    let state = try context.journal.state()
    switch state {
    case .applied, .verifying: return true
    // A report that is missing or cannot be read is written anew, and so is one of an earlier stop.
    case .verified, .differing: return (try? Report.read(session.folder))?.state != state
    default: return false
    }
  }

  /// Whether the effect of a step is gone that the journal has as done: a destination that was put back since.
  private func hasLostSteps() async throws -> Bool {
    guard [.applied, .verifying].contains(try context.journal.state()) else { return false }
    return try await !Executor(context).findsDone(part.steps(of: session.plan, in: workplace))
  }

  /// Makes sure that the plan was made for what is there now.
  private func requireInputs() async throws {
    let current = try await part.currentInputs(of: session.plan, context)
    for input in session.plan.inputs {
      guard let now = current.first(where: { $0.name == input.name }) else {
        throw stale("\(input.name) is gone")
      }
      guard now.identity == input.identity else {
        throw stale(
          "\(input.name) is another one now: \(now.identity) at \(now.location) instead of \(input.identity)")
      }
      guard now.fingerprint == input.fingerprint else { throw stale("the shape of \(input.name) has changed") }
    }
  }

  /// Refuses an act that the run's state does not allow in the first place: that is told before anything is opened.
  private func requireOutputs(for act: RunAct) async throws {
    let state = try context.journal.state()
    let input: RunState.Input =
      switch act {
      case .compare: .verify
      case .finalize: .finalize
      case .rollBack: .rollBack
      }
    guard state.next(input) != nil else { return }
    try await part.requireOutputs(of: session.plan, for: act, context)
  }

  /// Makes sure that the plan still fits what is there.
  private func begin() async throws {
    try await requireInputs()
    let waivers = session.plan.findings.compactMap(\.waiver)
    var findings = try await part.check(session.plan.request, for: session.run, in: workplace)
    for waiver in waivers {
      for index in findings.indices
      where findings[index].check == waiver.check && findings[index].waivable
        && (waiver.subject == nil || waiver.subject == findings[index].subject)
      {
        findings[index].waiver = waiver
      }
    }
    // A run that was cancelled or held up before its first step has begun nothing yet.
    let resuming = try context.journal.transitions().contains { $0.to == .running }
    if let blocking = findings.first(where: { $0.blocks && !(resuming && $0.onlyBeforeStart) }) {
      try advance(.block)
      let error = MigrationError(
        .blocked, doing: "begin the run", reason: "\(blocking.check): \(blocking.message)",
        advice: blocking.remedy)
      tell(error)
      writeReportOfStop()
      throw error
    }
    try advance(.start)
  }

  private func stale(_ reason: String) -> MigrationError {
    MigrationError(
      .stalePlan, doing: "begin the run", reason: reason,
      advice: "make a new plan with locktender plan \(session.plan.part) and accept that one")
  }

  private func runSteps() async throws {
    do {
      let steps = try part.steps(of: session.plan, in: workplace)
      try await Executor(context).perform(steps, of: session.plan.steps)
    } catch is CancellationError {
      if try context.journal.state() == .running { try advance(.cancel) }
      try advance(.stopped)
      writeReportOfStop()
      throw MigrationError(
        .cancelled, doing: "carry out the plan", reason: "stopped on request at the end of a batch",
        advice:
          "locktender resume \(session.run) goes on; locktender rollback \(session.run) takes back what it brought")
    } catch {
      fail(error)
      throw error
    }
    try advance(.complete)
  }

  private func wait(until start: Timestamp) async throws {
    while workplace.clock.now() < start {
      if context.cancellation.isSet {
        try advance(.cancel)
        writeReportOfStop()
        throw MigrationError(
          .cancelled, doing: "wait for the window", reason: "stopped on request",
          advice: "locktender resume \(session.run) waits for it again; with --now it begins at once")
      }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  /// Looks for the cancel request of another process while the body runs.
  private func watchingForCancellation<Result: Sendable>(
    _ body: () async throws -> Result
  ) async throws -> Result {
    let request = session.folder.cancelRequest
    let flag = context.cancellation
    let watcher = Task.detached {
      while !Task.isCancelled {
        // A folder that cannot be read cannot be asked through either; the signal handler remains.
        if (try? Files.exists(request)) == true { flag.set() }
        try await Task.sleep(for: .milliseconds(200))
      }
    }
    defer { watcher.cancel() }
    return try await body()
  }

  private func advance(_ input: RunState.Input) throws {
    let (from, to) = try context.journal.advance(input, at: workplace.clock.now())
    if from != to { context.events.tell(.stateChanged(from: from, to: to)) }
  }

  private func fail(_ error: any Error) {
    tell(error)
    // The caller throws the error at hand. Where a full disk keeps the journal from saying so, the run looks like one
    // whose process was killed, which is resumed in the same way.
    try? advance(.fail)
    writeReportOfStop()
  }

  private func tell(_ error: any Error) {
    context.events.tell(.failed(error: explain(error), advice: advice(for: error)))
  }

  /// Writes what the engine itself knows of a run that stands still. The part is not asked: what stopped the run may
  /// be its database, and a cancel must not wait for it.
  private func writeReportOfStop() {
    do {
      try ReportWriter(session, []).write()
    } catch {
      // What stopped the run is on its way already and counts more.
      context.events.tell(.warned("the report could not be written: \(explain(error))"))
    }
  }

  private func writeReport() async throws {
    let sections = try await part.reportSections(of: session.plan, context)
    try ReportWriter(session, sections).write()
  }
}
