import Base
import Database
import Synchronization
import TestSupport
import Testing

@testable import Migration

/// Act and probe, at every point at which a process may end.
@Suite struct ExecutorTests {
  /// A step whose effect, and what it claims of it, a test decides.
  private final class Probe: Step {
    let id: String
    private let state: Mutex<(isDone: Bool, acts: Int, undone: Int)>
    private let act: @Sendable (StepContext) throws -> Bool

    init(_ id: String, isDone: Bool = false, act: @escaping @Sendable (StepContext) throws -> Bool = { _ in true })
    {
      self.id = id
      self.act = act
      state = Mutex((isDone, 0, 0))
    }

    var acts: Int { state.withLock { $0.acts } }
    var undone: Int { state.withLock { $0.undone } }

    func act(_ context: StepContext) async throws {
      state.withLock { $0.acts += 1 }
      if try act(context) { state.withLock { $0.isDone = true } }
    }

    func probe(_ context: StepContext) async throws -> StepEffect {
      state.withLock { $0.isDone } ? .complete(digest: "d") : .incomplete
    }

    func undo(_ context: StepContext) async throws {
      state.withLock { state in
        state.undone += 1
        state.isDone = false
      }
    }
  }

  private func context(_ retry: RetryPolicy = RetryPolicy()) throws -> (StepContext, TestFolder) {
    let folder = try TestFolder()
    let run = UniqueID.random()
    let clock = SystemClock()
    return (
      StepContext(
        run: run, folder: folder.path,
        workplace: Workplace(folder: folder.path, clock: clock, program: "t", secrets: NoSecrets()),
        journal: try Journal(path: folder / "journal.db"), events: EventSink(run: run, clock: clock),
        cancellation: CancellationFlag(), retry: retry), folder
    )
  }

  private func perform(_ steps: [Probe], _ context: StepContext) async throws {
    try await Executor(context).perform(steps, of: steps.map { PlannedStep(id: $0.id, title: $0.id) })
  }

  @Test func `a step that took effect before the kill does not act again`() async throws {
    let (context, folder) = try context()
    let step = Probe("a", isDone: true)
    try context.journal.intend(step: "a", at: SystemClock().now())
    try await perform([step], context)
    #expect(step.acts == 0)
    #expect(try context.journal.status(ofStep: "a") == .done)
    _ = folder
  }

  @Test func `a step that was only intended acts`() async throws {
    let (context, folder) = try context()
    let step = Probe("a")
    try context.journal.intend(step: "a", at: SystemClock().now())
    try await perform([step], context)
    try await perform([step], context)
    #expect(step.acts == 1)
    _ = folder
  }

  /// As when a destination was put back to a backup between two processes.
  @Test func `a step that the journal has as done acts again where its effect is gone`() async throws {
    let (context, folder) = try context()
    let step = Probe("a")
    try await perform([step], context)
    try await step.undo(context)
    try await perform([step], context)
    #expect(step.acts == 2)
    _ = folder
  }

  @Test func `an act whose effect cannot be seen is not believed`() async throws {
    let (context, folder) = try context()
    let step = Probe("a") { _ in false }
    let after = Probe("b")
    let error = await #expect(throws: MigrationError.self) { try await perform([step, after], context) }
    #expect(error?.code == .stepFailed && error?.advice != nil)
    #expect(try context.journal.status(ofStep: "a") == .intended)
    #expect(after.acts == 0)
    _ = folder
  }

  @Test func `a cancel between two steps begins no other`() async throws {
    let (context, folder) = try context()
    let first = Probe("a") { context in
      context.cancellation.set()
      return true
    }
    let second = Probe("b")
    await #expect(throws: CancellationError.self) { try await perform([first, second], context) }
    #expect(try context.journal.status(ofStep: "a") == .done)
    #expect(second.acts == 0)
    _ = folder
  }

  @Test func `steps are taken back last first, and those that never began are left alone`() async throws {
    let (context, folder) = try context()
    let steps = [Probe("a"), Probe("b") { _ in throw FaultPart.Cut() }, Probe("c")]
    await #expect(throws: MigrationError.self) { try await perform(steps, context) }
    try await Executor(context).undo(steps)
    #expect(steps.map(\.undone) == [1, 1, 0])
    try await Executor(context).undo(steps)
    #expect(steps.map(\.undone) == [1, 1, 0])
    // Carried out again after that, it begins from nothing.
    await #expect(throws: MigrationError.self) { try await perform(steps, context) }
    #expect(steps[0].acts == 2)
    _ = folder
  }

  @Test func `the error of a step tells what was being done, and why it failed`() async throws {
    let (context, folder) = try context()
    let step = Probe("a") { _ in throw MigrationError(.inUse, doing: "inner", advice: "wait") }
    let error = await #expect(throws: MigrationError.self) { try await perform([step], context) }
    #expect(error.map { explain($0) } == "a <- inner")
    #expect(error.flatMap { advice(for: $0) } == "wait")
    _ = folder
  }

  // MARK: Connections that break

  /// Fails as long as it is told to.
  private final class Breaking: Step {
    let id = "a"
    private let error: DatabaseError
    private let left: Mutex<(act: Int, probe: Int, undo: Int)>
    private let tries = Mutex((act: 0, probe: 0, undo: 0))

    init(_ error: DatabaseError, act: Int = 0, probe: Int = 0, undo: Int = 0) {
      self.error = error
      left = Mutex((act, probe, undo))
    }

    var acts: Int { tries.withLock { $0.act } }
    var probes: Int { tries.withLock { $0.probe } }
    var undone: Int { tries.withLock { $0.undo } }

    func act(_ context: StepContext) async throws {
      tries.withLock { $0.act += 1 }
      try left.withLock { left in
        left.act -= 1
        if left.act >= 0 { throw MigrationError(.stepFailed, doing: "inner", cause: error) }
      }
    }

    func probe(_ context: StepContext) async throws -> StepEffect {
      tries.withLock { $0.probe += 1 }
      try left.withLock { left in
        left.probe -= 1
        if left.probe >= 0 { throw error }
      }
      return .complete(digest: nil)
    }

    func undo(_ context: StepContext) async throws {
      tries.withLock { $0.undo += 1 }
      try left.withLock { left in
        left.undo -= 1
        if left.undo >= 0 { throw error }
      }
    }
  }

  private static func lost(_ code: DatabaseError.Code = .connectionLost, transient: Bool = true) -> DatabaseError {
    var error = DatabaseError(code, doing: "ask", reason: "it ended")
    error.isTransient = transient
    return error
  }

  private func perform(_ step: Breaking, _ kind: PlannedStep.Kind, _ context: StepContext) async throws {
    try await Executor(context).perform([step], of: [PlannedStep(id: "a", title: "do it", kind: kind)])
  }

  @Test func `an act, a probe or an undo whose connection broke is tried again, three times at the most`()
    async throws
  {
    let (context, folder) = try context(RetryPolicy(firstDelay: 0.001))
    let step = Breaking(ExecutorTests.lost(), act: 3, probe: 2, undo: 3)
    try await perform(step, .once, context)
    #expect(step.acts == 4 && step.probes == 3)
    try await Executor(context).undo([step])
    #expect(step.undone == 4)

    let hopeless = Breaking(ExecutorTests.lost(.unreachable), act: 9)
    try context.journal.undo(step: "a", at: SystemClock().now())
    let error = await #expect(throws: MigrationError.self) { try await perform(hopeless, .once, context) }
    #expect(error?.code == .stepFailed && hopeless.acts == 4)
    _ = folder
  }

  @Test func `batches, locks, full disks and refusals are left to whoever knows what for`() async throws {
    let (context, folder) = try context(RetryPolicy(firstDelay: 0.001))
    let cases: [(Breaking, PlannedStep.Kind)] = [
      (Breaking(ExecutorTests.lost(), act: 1), .batched), (Breaking(ExecutorTests.lost(.busy), act: 1), .once),
      (Breaking(ExecutorTests.lost(.diskFull), act: 1), .once),
      (Breaking(ExecutorTests.lost(.connectionLost, transient: false), act: 1), .once),
    ]
    for (step, kind) in cases {
      await #expect(throws: MigrationError.self) { try await perform(step, kind, context) }
      #expect(step.acts == 1)
      // What a resume finds.
      try await perform(step, kind, context)
      try context.journal.undo(step: "a", at: SystemClock().now())
    }
    _ = folder
  }

  @Test func `a cancel is heard while a server is waited for`() async throws {
    let (context, folder) = try context(RetryPolicy(firstDelay: 0.001))
    let step = Breaking(ExecutorTests.lost(), act: 1)
    context.events.add { event in
      if case .retried = event.kind { context.cancellation.set() }
    }
    await #expect(throws: CancellationError.self) { try await perform(step, .once, context) }
    #expect(step.acts == 1)
    _ = folder
  }
}
