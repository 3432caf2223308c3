import Base
import TestSupport
import Testing

@testable import Migration

/// Runs whose process was killed somewhere, and what the next process makes of them.
@Suite struct InterruptedRunTests {
  /// How a journal ends that was cut off in each state; `states` names where that is.
  private static let ends: [(state: RunState, inputs: [RunState.Input])] = [
    (.planned, []), (.waiting, [.wait]), (.running, [.start]), (.cancelling, [.start, .cancel]),
    (.cancelled, [.start, .cancel, .stopped]), (.failed, [.start, .fail]), (.blocked, [.block]),
  ]

  @Test(arguments: ends.map(\.state))
  func `a run left before the end of its steps is resumed`(_ state: RunState) async throws {
    let platform = try FaultPlatform()
    let run = try await platform.abandoned(Self.ends.first { $0.state == state }!.inputs)
    let summary = try await platform.engine.resume(run)
    #expect(summary.state == .verified)
    #expect(try platform.isWhole())
    #expect(try platform.engine.report(run).verdict == .verified)
  }

  /// Killed between the last step and the report: nothing acts again, but both sides are compared.
  @Test(arguments: [[RunState.Input.complete], [.complete, .verify]])
  func `a run left behind its steps is compared`(_ inputs: [RunState.Input]) async throws {
    let platform = try FaultPlatform()
    let run = try await platform.abandoned([.start] + inputs)
    for step in FaultPart.steps { try platform.folder.write("", to: "\(step).effect") }
    let summary = try await platform.engine.resume(run)
    #expect(summary.state == .verified)
    #expect(platform.part.acts.isEmpty)
    #expect(try platform.engine.report(run).verdict == .verified)
  }

  /// The same, but one effect is gone: a destination that was put back from a backup.
  @Test(arguments: [[RunState.Input.complete], [.complete, .verify]])
  func `an effect that was lost behind the steps is brought again`(_ inputs: [RunState.Input]) async throws {
    let platform = try FaultPlatform()
    let run = try await platform.abandoned([.start] + inputs)
    for step in ["one", "three"] { try platform.folder.write("", to: "\(step).effect") }
    #expect(try await platform.engine.resume(run).state == .verified)
    #expect(platform.part.acts["two"] == 1)
    #expect(try platform.isWhole())
  }

  @Test func `a run killed before its report was written gets one`() async throws {
    let platform = try FaultPlatform()
    let run = try await platform.abandoned([.start, .complete, .verify, .agree])
    #expect(try await platform.engine.resume(run).state == .verified)
    #expect(try platform.engine.report(run).verdict == .verified)
  }

  /// What a service does after each restart of the machine.
  @Test func `resuming what has ended changes nothing`() async throws {
    for end in [RunState.verified, .differing, .finalized, .rolledBack] {
      let platform = try FaultPlatform()
      if end == .differing { platform.part.change { $0.verification = { false } } }
      let run = try await platform.broken().run
      if end == .finalized { try await platform.engine.finalize(run) }
      if end == .rolledBack { try await platform.engine.rollback(run) }
      let before = try platform.engine.summary(of: run)
      #expect(before.state == end)
      #expect(try await platform.engine.resume(run) == before)
      #expect(platform.part.acts == ["one": 1, "two": 1, "three": 1])
    }
  }

  @Test func `a run waits for its time again, whichever process takes it up, unless it is told to begin`()
    async throws
  {
    let platform = try FaultPlatform()
    let start = SystemClock().now().advanced(seconds: 3600)
    let run = UniqueID.random()
    let plan = try await platform.plan()
    // Killed before it even began to wait: the time stands in the journal before the run can be found.
    _ = try RunSession.create(
      run, plan: plan, startingAt: start, in: platform.engine.workplace, CancellationFlag(), [])
    #expect(try platform.engine.summary(of: run).startsAt == start)
    for _ in 0..<2 {
      let flag = CancellationFlag()
      let stop: EventSink.Listener = { event in
        // It waits: that is all there is to see.
        if case .noted(let text) = event.kind, text.contains("begins at") { flag.set() }
      }
      let error = await #expect(throws: MigrationError.self) {
        try await platform.engine.resume(run, cancellation: flag, listeners: [stop])
      }
      #expect(error?.code == .cancelled && error?.advice?.contains("--now") == true)
      #expect(try platform.engine.summary(of: run).state == .cancelled)
      #expect(try platform.engine.report(run).state == .cancelled)
      #expect(platform.part.acts.isEmpty)
    }
    #expect(try await platform.engine.resume(run, now: true).state == .verified)
    #expect(try platform.engine.summary(of: run).startsAt == nil)
  }

  @Test func `what forbids only the beginning still does so where nothing has begun`() async throws {
    let platform = try FaultPlatform()
    platform.part.change {
      $0.findings = [
        Finding("blank", .block, about: "place", "something is in it", remedy: "empty it", onlyBeforeStart: true)
      ]
    }
    let run = try await platform.abandoned([])
    for _ in 0..<2 {
      let error = await #expect(throws: MigrationError.self) { try await platform.engine.resume(run) }
      #expect(error?.code == .blocked)
    }
    #expect(platform.part.acts.isEmpty)
  }

  @Test func `without what it has written to, a run is neither compared nor finalized nor taken back`() async throws
  {
    let platform = try FaultPlatform()
    let run = try await platform.broken().run
    #expect(platform.part.conclusions == [true])
    let engine = platform.engine
    platform.part.change { $0.outputs = { _ in throw FaultPart.Cut() } }
    for act in [engine.verify, engine.finalize, engine.rollback] {
      await #expect(throws: FaultPart.Cut.self) { try await act(run, CancellationFlag(), []) }
      #expect(try engine.summary(of: run).state == .verified)
    }
    #expect(try platform.isWhole())
    // What the state forbids is told as such, without a look at anything.
    platform.part.change { $0.outputs = { if $0 == .finalize { throw FaultPart.Cut() } } }
    platform.part.change { $0.verification = { false } }
    await #expect(throws: MigrationError.self) { try await engine.verify(run) }
    #expect(platform.part.conclusions == [true, false])
    let error = await #expect(throws: MigrationError.self) { try await engine.finalize(run) }
    #expect(error?.code == .wrongState)
    #expect(try await engine.rollback(run).state == .rolledBack)
  }

  @Test func `a rollback that was cut off goes on`() async throws {
    let platform = try FaultPlatform()
    let run = try await platform.broken().run
    platform.part.change { $0.before = { if $0 == "undo two" { throw FaultPart.Cut() } } }
    await #expect(throws: MigrationError.self) { try await platform.engine.rollback(run) }
    let cut = try platform.engine.summary(of: run)
    #expect(cut.state == .rollingBack)
    #expect(cut.failure?.contains("undo two") == true && cut.nextCommands().first?.words == "rollback \(run)")
    await #expect(throws: MigrationError.self) { try await platform.engine.resume(run) }
    platform.part.change { $0.before = { _ in } }
    #expect(try await platform.engine.rollback(run).state == .rolledBack)
    #expect(try platform.isUntouched())
  }

  @Test func `a process killed at any of many points leaves a run that ends well`() async throws {
    try await seededRun(count: 20) { _, random in
      let platform = try FaultPlatform()
      let cutAt = FaultPart.steps.randomElement(using: &random)!
      let isBefore = Bool.random(using: &random)
      platform.part.change {
        if isBefore {
          $0.before = { if $0 == cutAt { throw FaultPart.Cut() } }
        } else {
          $0.after = { if $0 == cutAt { throw FaultPart.Cut() } }
        }
      }
      let (run, error) = try await platform.broken()
      try #require(error != nil)
      platform.part.change {
        $0.before = { _ in }
        $0.after = { _ in }
      }
      let comesBack = Bool.random(using: &random)
      if comesBack {
        try await platform.engine.rollback(run)
        try #require(try platform.isUntouched())
        return
      }
      try await platform.engine.resume(run)
      try #require(try platform.isWhole())
      // What took effect did not act again, whether or not the journal knew.
      for step in FaultPart.steps {
        try #require(platform.part.acts[step] == (step == cutAt && isBefore ? 2 : 1), "\(step)")
      }
    }
  }

  @Test(arguments: [RunState.waiting, .running, .cancelled, .failed, .blocked])
  func `a finding that forbids to go on is told, whatever state the run is in`(_ state: RunState) async throws {
    let platform = try FaultPlatform()
    let run = try await platform.abandoned(Self.ends.first { $0.state == state }!.inputs)
    platform.part.change {
      $0.findings = [Finding("place", .block, about: "disk", "it is full", remedy: "free some space")]
    }
    let error = await #expect(throws: MigrationError.self) { try await platform.engine.resume(run) }
    #expect(error?.code == .blocked)
    #expect(error?.reason.contains("it is full") == true && error?.advice == "free some space")
    #expect(try platform.isUntouched())
    #expect(try platform.engine.summary(of: run).state == .blocked)
    platform.part.change { $0.findings = [] }
    #expect(try await platform.engine.resume(run).state == .verified)
  }

  @Test(arguments: [[RunState.Input.start], [.start, .fail], [.start, .complete]])
  func `a run whose inputs are others now is refused`(_ inputs: [RunState.Input]) async throws {
    for changes in [\FaultPart.Behaviour.identity, \.fingerprint] as [WritableKeyPath<FaultPart.Behaviour, String>]
    {
      let platform = try FaultPlatform()
      let run = try await platform.abandoned(inputs)
      platform.part.change { $0[keyPath: changes] = "another" }
      let error = await #expect(throws: MigrationError.self) { try await platform.engine.resume(run) }
      #expect(error?.code == .stalePlan && error?.advice != nil)
      #expect(platform.part.acts.isEmpty)
      platform.part.change { $0[keyPath: changes] = FaultPart.Behaviour()[keyPath: changes] }
      #expect(try await platform.engine.resume(run).state == .verified)
    }
  }

  @Test func `an error in the comparison keeps the run comparable`() async throws {
    let platform = try FaultPlatform()
    platform.part.change { $0.verification = { throw FaultPart.Cut() } }
    let (run, error) = try await platform.broken()
    #expect(error != nil)
    #expect(try platform.engine.summary(of: run).state == .applied)
    platform.part.change { $0.verification = { true } }
    #expect(try await platform.engine.resume(run).state == .verified)
  }

  @Test func `a comparison that was stopped on request says so and can be made again`() async throws {
    let platform = try FaultPlatform()
    platform.part.change { $0.verification = { throw CancellationError() } }
    let (run, error) = try await platform.broken()
    let isCancelled = (error as? MigrationError)?.code == .cancelled || error is CancellationError
    #expect(isCancelled)
    #expect(try platform.engine.summary(of: run).failure == nil)
    platform.part.change { $0.verification = { true } }
    #expect(try await platform.engine.resume(run).state == .verified)
  }

  @Test func `a comparison is stopped from elsewhere, and the run stays where it was`() async throws {
    let platform = try FaultPlatform()
    let (engine, run) = (platform.engine, UniqueID.random())
    platform.part.change {
      $0.verification = {
        try engine.cancel(run)
        throw CancellationError()
      }
    }
    let (_, hash) = try await engine.plan(platform.part.address, PlanRequest())
    let error = await #expect(throws: MigrationError.self) { try await engine.apply(hash, run: run) }
    #expect(error?.code == .cancelled && error?.advice?.contains("locktender verify") == true)
    #expect(try engine.summary(of: run).state == .applied)
    // Nobody works on it any longer: there is nothing to stop.
    #expect(throws: MigrationError.self) { try engine.cancel(run) }
  }

  @Test func `two processes cannot work on one run`() async throws {
    let platform = try FaultPlatform()
    let run = try await platform.abandoned([.start])
    let other = try RunSession.open(run, in: platform.engine.workplace, CancellationFlag(), [])
    let error = await #expect(throws: MigrationError.self) { try await platform.engine.resume(run) }
    #expect(error?.code == .inUse && error?.advice != nil)
    _ = other.run
  }
}
