import Administration
import Base
import Database
import Glibc
import Migration
import Transfer

/// The import of histories without the steps that no peer has an equal of: the backup, and where it is bare, all
/// that makes an import restartable and provable.
struct MeasuredPart: MigrationPart {
  private let history: HistoryImport
  private let source: String
  private let isBare: Bool

  init(_ history: HistoryImport, source: String, isBare: Bool) {
    self.history = history
    self.source = source
    self.isBare = isBare
  }

  var address: PartAddress { history.address }
  var summary: String { history.summary }
  var choices: [ChoiceSpecification] { history.choices }

  func discover(_ request: PlanRequest, in workplace: Workplace) async throws -> [Fact] {
    try await history.discover(request, in: workplace)
  }

  func check(_ request: PlanRequest, for run: UniqueID?, in workplace: Workplace) async throws -> [Finding] {
    try await history.check(request, for: run, in: workplace)
  }

  func plan(_ request: PlanRequest, findings: [Finding], in workplace: Workplace) async throws -> Plan {
    try await history.plan(request, findings: findings, in: workplace)
  }

  func currentInputs(of plan: Plan, _ context: StepContext) async throws -> [PlanInput] {
    try await history.currentInputs(of: plan, context)
  }

  func steps(of plan: Plan, in workplace: Workplace) throws -> [any Step] {
    try history.steps(of: plan, in: workplace).map { step in
      if step.id.hasPrefix("secure.") { return LinkStep(id: step.id, source: source) }
      if !isBare { return step }
      switch step {
      case let carry as CarryStep: return BareCarryStep(carry)
      case is CatchUpStep: return PassedStep(id: step.id)
      default: return step.id == "keys" ? PassedStep(id: step.id) : step
      }
    }
  }

  func verify(_ plan: Plan, _ context: StepContext) async throws -> Verification {
    isBare ? Verification(lines: [], invariants: [], seconds: 0) : try await history.verify(plan, context)
  }

  func requireOutputs(of plan: Plan, for act: RunAct, _ context: StepContext) async throws {
    try await history.requireOutputs(of: plan, for: act, context)
  }

  func conclude(_ plan: Plan, agrees: Bool, _ context: StepContext) async throws {
    try await history.conclude(plan, agrees: agrees, context)
  }

  func finalSteps(of plan: Plan, in workplace: Workplace) throws -> [any Step] {
    try history.finalSteps(of: plan, in: workplace)
  }

  func reportSections(of plan: Plan, _ context: StepContext) async throws -> [ReportSection] { [] }
}

/// Puts a SQLite source where the backup step would have put the copy that it restored.
struct LinkStep: Step {
  let id: String
  let source: String

  func act(_ context: StepContext) async throws {
    guard let path = try DatabaseLocation(source).path else { return }
    let copy = "\(context.folder)/main.restored.db"
    if unsafe link(path, copy) != 0, errno != EEXIST {
      throw MigrationError(.stepFailed, doing: "link the source", reason: "errno \(errno)")
    }
  }

  func probe(_ context: StepContext) async throws -> StepEffect { .complete(digest: nil) }
}

/// Nothing, in the place of a step.
struct PassedStep: Step {
  let id: String

  func act(_ context: StepContext) async throws {}
  func probe(_ context: StepContext) async throws -> StepEffect { .complete(digest: nil) }
}
