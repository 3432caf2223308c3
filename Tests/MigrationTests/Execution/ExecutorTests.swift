import Base
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

  private func context() throws -> (StepContext, TestFolder) {
    let folder = try TestFolder()
    let run = UniqueID.random()
    let clock = SystemClock()
    return (
      StepContext(
        run: run, folder: folder.path,
        workplace: Workplace(folder: folder.path, clock: clock, program: "t", secrets: NoSecrets()),
        journal: try Journal(path: folder / "journal.db"), events: EventSink(run: run, clock: clock),
        cancellation: CancellationFlag()), folder
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
}
