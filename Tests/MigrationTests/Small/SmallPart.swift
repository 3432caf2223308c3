import Base
import Synchronization
import TestSupport

@testable import Migration

/// A part that carries numbers from nowhere to nowhere, for tests of the engine around it.
final class SmallPart: MigrationPart {
  /// What a test makes the part do otherwise.
  struct Behaviour: Sendable {
    var differs = false
    var failsAt: String?
    var findings: [Finding] = []
    var sections: [ReportSection] = []
    var location = "postgresql://anna@db1.example.org:5432/people"
    var details = PlainValue.null
    /// Told by the first step.
    var events: [Event.Kind] = []
  }

  struct Refusal: LayeredError {
    enum Code { case refused }
    var code: Code { .refused }
    let doing = "carry"
    let reason = "the far end refused"
    let advice: String? = "ask the far end"
    let cause: (any Error)? = nil
  }

  struct Carry: Step {
    let id: String
    let fails: Bool
    let events: [Event.Kind]
    let done: Mutex<Bool>.Shared

    func act(_ context: StepContext) async throws {
      for rows in 1...4 {
        try context.cancellation.check()
        context.events.tell(.progress(Progress(step: id, current: "t", rowsDone: rows * 10, rowsTotal: 40)))
        context.events.tell(.batchCommitted(stream: "t", range: rows, rows: 10, digest: "", seconds: 0))
      }
      for event in events { context.events.tell(event) }
      if fails { throw Refusal() }
      done.set(true)
    }

    func probe(_ context: StepContext) async throws -> StepEffect {
      done.get() ? .complete(digest: nil) : .incomplete
    }

    func undo(_ context: StepContext) async throws { done.set(false) }
  }

  let address = PartAddress(system: "small", part: "numbers")
  let summary = "numbers"
  let choices: [ChoiceSpecification] = []
  private let behaviour: Mutex<Behaviour>
  private let done = ["first": Mutex<Bool>.Shared(), "second": Mutex<Bool>.Shared()]

  init(_ behaviour: Behaviour = Behaviour()) { self.behaviour = Mutex(behaviour) }

  func change(_ change: @Sendable (inout Behaviour) -> Void) { behaviour.withLock { change(&$0) } }
  private var now: Behaviour { behaviour.withLock { $0 } }

  func discover(_ request: PlanRequest, in workplace: Workplace) async throws -> [Fact] { [] }
  func check(_ request: PlanRequest, for run: UniqueID?, in workplace: Workplace) async throws -> [Finding] {
    now.findings
  }

  func plan(_ request: PlanRequest, findings: [Finding], in workplace: Workplace) async throws -> Plan {
    Plan(
      part: address, request: request, createdAt: workplace.clock.now(), program: workplace.program,
      inputs: try await currentInputs(of: nil),
      steps: ["first", "second"].map { PlannedStep(id: $0, title: "Step \($0)") },
      findings: findings, details: now.details)
  }

  func currentInputs(of plan: Plan, _ context: StepContext) async throws -> [PlanInput] {
    try await currentInputs(of: nil)
  }

  private func currentInputs(of plan: Plan?) async throws -> [PlanInput] {
    [
      PlanInput(name: "source main", identity: "i", fingerprint: "f", location: "sqlite:/srv/old.db"),
      PlanInput(
        name: "destination", identity: "i", fingerprint: "f",
        location: "postgresql://anna@db1.example.org:5432/people"),
    ]
  }

  func steps(of plan: Plan, in workplace: Workplace) throws -> [any Step] {
    plan.steps.map {
      Carry(id: $0.id, fails: now.failsAt == $0.id, events: $0.id == "first" ? now.events : [], done: done[$0.id]!)
    }
  }

  func verify(_ plan: Plan, _ context: StepContext) async throws -> Verification {
    Verification(
      lines: [
        Verification.Line(
          subject: "t", expectedRows: 80, foundRows: now.differs ? 79 : 80, expectedDigest: "a",
          foundDigest: now.differs ? "b" : "a", differences: now.differs ? ["7…8"] : [])
      ], invariants: [], seconds: 0.5)
  }

  func finalSteps(of plan: Plan, in workplace: Workplace) throws -> [any Step] { [] }
  func reportSections(of plan: Plan, _ context: StepContext) async throws -> [ReportSection] { now.sections }
}

extension Mutex where Value == Bool {
  /// A flag that several copies of a step share.
  final class Shared: Sendable {
    private let value = Mutex<Bool>(false)
    func get() -> Bool { value.withLock { $0 } }
    func set(_ new: Bool) { value.withLock { $0 = new } }
  }
}

struct NoSecrets: SecretProvider {
  func secret(for name: String) throws -> SecretBytes? { nil }
}

/// An engine with one small part in a folder of its own.
struct SmallPlatform {
  let folder: TestFolder
  let part: SmallPart
  let engine: MigrationEngine

  init(_ behaviour: SmallPart.Behaviour = SmallPart.Behaviour(), clock: any Base.Clock = SystemClock()) throws {
    folder = try TestFolder()
    part = SmallPart(behaviour)
    engine = MigrationEngine(
      parts: [part],
      workplace: Workplace(
        folder: folder.path, clock: clock, program: "locktender 1.0.0", secrets: NoSecrets()))
  }

  func files(of run: UniqueID) -> RunFolder { RunFolder(run: run, in: engine.workplace) }

  /// Plans and applies. A run that fails is handed back like any other.
  func run(
    request: PlanRequest = PlanRequest(), waivers: [Waiver] = [], telling events: [Event.Kind] = [],
    listeners: [EventSink.Listener] = []
  ) async throws -> UniqueID {
    part.change { $0.events = events }
    let (_, hash) = try await engine.plan(part.address, request, waivers: waivers)
    let run = UniqueID.random()
    do {
      try await engine.apply(hash, run: run, listeners: listeners)
    } catch let error as MigrationError where [.verificationFailed, .stepFailed, .blocked].contains(error.code) {
      // What came of it stands in the run's folder, which the test looks at.
    }
    return run
  }
}
