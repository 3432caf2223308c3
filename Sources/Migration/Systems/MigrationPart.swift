public import Base

/// What a system gives to the engine for one of its parts: facts, checks, a planner, and steps.
///
/// The engine and the command line know no system; a new one is a new conformance.
public protocol MigrationPart: Sendable {
  var address: PartAddress { get }
  /// One line for help and for lists.
  var summary: String { get }
  /// The choices that `plan` accepts for this part.
  var choices: [ChoiceSpecification] { get }

  /// Reads what is there. Opens everything read-only and changes nothing.
  func discover(_ request: PlanRequest, in workplace: Workplace) async throws -> [Fact]

  /// Makes every check of the part, those that pass included. Changes nothing.
  ///
  /// - Parameter run: that is to begin or to go on, whose own traces are no obstacle; nil before there is one.
  func check(_ request: PlanRequest, for run: UniqueID?, in workplace: Workplace) async throws -> [Finding]

  /// Decides what is to be done. Changes nothing.
  ///
  /// - Throws: ``MigrationError`` `blocked` where not even a plan makes sense.
  func plan(_ request: PlanRequest, findings: [Finding], in workplace: Workplace) async throws -> Plan

  /// What the plan's inputs are now, to be compared before a run begins or goes on. What the run itself has made of
  /// them counts as what was planned.
  ///
  /// - Throws: ``MigrationError`` `stalePlan` where they no longer fit for another reason.
  func currentInputs(of plan: Plan, _ context: StepContext) async throws -> [PlanInput]

  /// Makes sure that what the run has written to is there and is what it was, before the run looks at it again or
  /// changes it: a rollback, a comparison or `finalize` may be asked for long after the run, where the platform file
  /// names other places.
  ///
  /// - Throws: ``MigrationError`` `stalePlan`.
  func requireOutputs(of plan: Plan, for act: RunAct, _ context: StepContext) async throws

  /// The acts behind the plan's steps, in the plan's order and with its ids.
  func steps(of plan: Plan, in workplace: Workplace) throws -> [any Step]

  /// Reads both sides again and compares.
  func verify(_ plan: Plan, _ context: StepContext) async throws -> Verification

  /// Takes note of how the comparison has ended, before the run's own state does. May be called again with either.
  func conclude(_ plan: Plan, agrees: Bool, _ context: StepContext) async throws

  /// The plans of runs that the place knows of to which the part writes, and that were neither found right nor
  /// taken back. Changes nothing.
  func keptPlans(in workplace: Workplace) async throws -> [KeptPlan]

  /// Finds again what the journal of a run told that was begun elsewhere, as far as a rollback or a resume needs it.
  /// Changes nothing but the journal.
  func takeUp(_ plan: Plan, _ context: StepContext) async throws

  /// What is left to do once somebody says that all is well: the point of no return. Each runs like a step.
  func finalSteps(of plan: Plan, in workplace: Workplace) throws -> [any Step]

  /// What puts away what a finalized run has left. Each runs like a step, and tells beforehand what it will remove.
  func retireSteps(of plan: Plan, _ wishes: RetireWishes, in workplace: Workplace) throws -> [any RetireStep]

  /// What the report tells beyond the engine's own chapters.
  func reportSections(of plan: Plan, _ context: StepContext) async throws -> [ReportSection]
}

/// What is done with a run once its steps have been begun.
public enum RunAct: Sendable {
  case compare, finalize, rollBack
}

extension MigrationPart {
  /// The part has only one place that it can be.
  public func requireOutputs(of plan: Plan, for act: RunAct, _ context: StepContext) async throws {}

  /// Nobody else asks.
  public func conclude(_ plan: Plan, agrees: Bool, _ context: StepContext) async throws {}

  /// The part writes to no place that keeps any.
  public func keptPlans(in workplace: Workplace) async throws -> [KeptPlan] { [] }

  /// The journal told nothing that a probe does not see.
  public func takeUp(_ plan: Plan, _ context: StepContext) async throws {}

  /// Nothing is left.
  public func retireSteps(of plan: Plan, _ wishes: RetireWishes, in workplace: Workplace) throws -> [any RetireStep]
  {
    []
  }
}

/// One option that a part's planner understands, as the command line offers it.
public struct ChoiceSpecification: Sendable {
  public enum Kind: Sendable {
    case flag
    case text(placeholder: String)
    case oneOf([String])
    /// May be given several times.
    case list(placeholder: String)
  }

  /// The option's name without dashes: `from`.
  public let name: String
  public let kind: Kind
  public let help: String
  public let defaultValue: String?
  /// Whether it says what to look at, and not what to do with it: then `discover` takes it as well.
  public let narrows: Bool

  public init(
    _ name: String, _ kind: Kind, help: String, default defaultValue: String? = nil, narrows: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.help = help
    self.defaultValue = defaultValue
    self.narrows = narrows
  }
}

/// What a person asked for, before it becomes a plan.
public struct PlanRequest: Sendable, Codable, Equatable {
  /// Choices by name; a flag has the value `yes`, a list several values.
  public var choices: [String: [String]]

  public init(choices: [String: [String]] = [:]) { self.choices = choices }

  public subscript(name: String) -> String? { choices[name]?.last }
  public func list(_ name: String) -> [String] { choices[name] ?? [] }
  public func flag(_ name: String) -> Bool { self[name] == "yes" }
}

/// Where a platform is worked on: its folder, its clock, and how secrets are obtained.
public struct Workplace: Sendable {
  /// The folder of `platform.json5`.
  public let folder: String
  public let clock: any Clock
  /// The program's version as it stands in plans and reports.
  public let program: String
  /// Asks for a secret by what it is for, as in `password of source main`. The caller wipes it.
  public let secrets: any SecretProvider

  public init(folder: String, clock: any Clock, program: String, secrets: any SecretProvider) {
    self.folder = folder
    self.clock = clock
    self.program = program
    self.secrets = secrets
  }

  /// The folder of everything that Locktender keeps beside the platform file.
  public var stateFolder: String { folder + "/.locktender" }
  public var plansFolder: String { stateFolder + "/plans" }
  public var runsFolder: String { stateFolder + "/runs" }
}

/// Where secrets come from: a file, the environment, a prompt. Never an argument.
public protocol SecretProvider: Sendable {
  /// The secret for a purpose, or nil where none is configured.
  ///
  /// - Parameter name: what asks, as named in the platform file: `source.main`.
  func secret(for name: String) throws -> SecretBytes?
}
