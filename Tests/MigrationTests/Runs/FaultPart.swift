import Base
import Synchronization
import TestSupport

@testable import Migration

/// A part with three steps whose effects are files, so that they outlast the part as effects outlast a process.
final class FaultPart: MigrationPart {
  /// What a test makes it do.
  struct Behaviour: Sendable {
    var identity = "i"
    var fingerprint = "f"
    var findings: [Finding] = []
    /// Called when a step has begun and before its effect; throws to cut it off there.
    var before: @Sendable (_ step: String) throws -> Void = { _ in }
    /// Called after the effect.
    var after: @Sendable (_ step: String) throws -> Void = { _ in }
    var verification: @Sendable () throws -> Bool = { true }
    /// Throws where the run's effects are not to be found.
    var outputs: @Sendable (RunAct) throws -> Void = { _ in }
    var section: @Sendable () throws -> Void = {}
  }

  struct Cut: Error {}

  struct Effect: Step {
    let id: String
    let part: FaultPart
    private var path: String { part.folder + "/\(id).effect" }

    func act(_ context: StepContext) async throws {
      let behaviour = part.behaviour
      part.count(id)
      try behaviour.before(id)
      try Base.Files.write("done\n", to: path)
      try behaviour.after(id)
    }

    func probe(_ context: StepContext) async throws -> StepEffect {
      try Base.Files.exists(path) ? .complete(digest: id) : .incomplete
    }

    func undo(_ context: StepContext) async throws {
      try part.behaviour.before("undo \(id)")
      if try Base.Files.exists(path) { try Base.Files.remove(path) }
    }
  }

  let address = PartAddress(system: "small", part: "files")
  let summary = "files"
  let choices: [ChoiceSpecification] = []
  static let steps = ["one", "two", "three"]
  let folder: String
  private let state = Mutex((behaviour: Behaviour(), acts: [String: Int](), conclusions: [Bool]()))

  init(folder: String) { self.folder = folder }

  var behaviour: Behaviour { state.withLock { $0.behaviour } }
  func change(_ change: (inout Behaviour) -> Void) { state.withLock { change(&$0.behaviour) } }
  func count(_ id: String) { state.withLock { $0.acts[id, default: 0] += 1 } }
  /// How its comparisons ended, as it was told.
  var conclusions: [Bool] { state.withLock { $0.conclusions } }
  /// How often a step acted.
  var acts: [String: Int] { state.withLock { $0.acts } }

  func discover(_ request: PlanRequest, in workplace: Workplace) async throws -> [Fact] { [] }
  func check(_ request: PlanRequest, for run: UniqueID?, in workplace: Workplace) async throws -> [Finding] {
    behaviour.findings
  }

  func plan(_ request: PlanRequest, findings: [Finding], in workplace: Workplace) async throws -> Plan {
    Plan(
      part: address, request: request, createdAt: workplace.clock.now(), program: workplace.program,
      inputs: inputs, steps: FaultPart.steps.map { PlannedStep(id: $0, title: "step \($0)") }, findings: findings,
      details: .null)
  }

  private var inputs: [PlanInput] {
    let now = behaviour
    return [PlanInput(name: "source", identity: now.identity, fingerprint: now.fingerprint, location: "file:x")]
  }

  func currentInputs(of plan: Plan, _ context: StepContext) async throws -> [PlanInput] { inputs }
  func steps(of plan: Plan, in workplace: Workplace) throws -> [any Step] {
    FaultPart.steps.map { Effect(id: $0, part: self) }
  }

  func verify(_ plan: Plan, _ context: StepContext) async throws -> Verification {
    let agrees = try behaviour.verification()
    return Verification(
      lines: [
        Verification.Line(
          subject: "t", expectedRows: 1, foundRows: agrees ? 1 : 0, expectedDigest: "a", foundDigest: "a")
      ], invariants: [], seconds: 0)
  }

  func requireOutputs(of plan: Plan, for act: RunAct, _ context: StepContext) async throws {
    try behaviour.outputs(act)
  }

  func conclude(_ plan: Plan, agrees: Bool, _ context: StepContext) async throws {
    state.withLock { $0.conclusions.append(agrees) }
  }

  func finalSteps(of plan: Plan, in workplace: Workplace) throws -> [any Step] { [] }
  func reportSections(of plan: Plan, _ context: StepContext) async throws -> [ReportSection] {
    try behaviour.section()
    return []
  }
}

/// An engine with a ``FaultPart``, and a run of it that a test can leave in any state.
struct FaultPlatform {
  let folder: TestFolder
  let part: FaultPart
  let engine: MigrationEngine

  init() throws {
    folder = try TestFolder()
    part = FaultPart(folder: folder.path)
    engine = MigrationEngine(
      parts: [part],
      workplace: Workplace(
        folder: folder.path, clock: SystemClock(), program: "locktender test", secrets: NoSecrets()))
  }

  func files(of run: UniqueID) -> RunFolder { RunFolder(run: run, in: engine.workplace) }

  func plan() async throws -> Plan { try await engine.plan(part.address, PlanRequest()).plan }

  /// Applies and expects it to be cut off or refused.
  func broken() async throws -> (run: UniqueID, error: (any Error)?) {
    let (_, hash) = try await engine.plan(part.address, PlanRequest())
    let run = UniqueID.random()
    do {
      try await engine.apply(hash, run: run)
      return (run, nil)
    } catch {
      return (run, error)
    }
  }

  /// A run as a process that was killed leaves it: its journal ends with the given inputs.
  func abandoned(_ inputs: [RunState.Input]) async throws -> UniqueID {
    let run = UniqueID.random()
    let plan = try await plan()
    let session = try RunSession.create(run, plan: plan, in: engine.workplace, CancellationFlag(), [])
    for input in inputs { try session.context.journal.advance(input, at: SystemClock().now()) }
    return run
  }

  /// Whether all effects are there.
  func isWhole() throws -> Bool {
    try FaultPart.steps.allSatisfy { try Base.Files.exists(folder / "\($0).effect") }
  }

  func isUntouched() throws -> Bool {
    try FaultPart.steps.allSatisfy { try !Base.Files.exists(folder / "\($0).effect") }
  }
}
