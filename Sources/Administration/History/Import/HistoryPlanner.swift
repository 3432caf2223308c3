internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// Decides what an import does. Reads facts, changes nothing; the same facts and wishes give the same plan.
struct HistoryPlanner: Sendable {
  let sources: [any HistorySource]
  let destination: HistoryDestination
  let backups: BackupPlace
  let request: PlanRequest
  let findings: [Finding]
  let workplace: Workplace
  let address: PartAddress

  func plan() throws -> Plan {
    let condition = try destination.condition()
    if case .foreign(let reason) = condition {
      throw MigrationError(
        .blocked, doing: "plan the import", reason: "the destination cannot be used: \(reason)",
        advice: "name another database as destination.history in platform.json5")
    }
    let choices = try HistoryChoices(request, now: workplace.clock.now())
    let examined = try sources.map { ($0, try $0.examined()) }
    let past = try pastImports(condition)
    let planned = examined.map { source, facts in
      SourcePlan(
        name: source.name, kind: source.kind, identity: facts.identity, version: facts.version,
        range: facts.addsCoverage
          ? choices.wish.range(past: past.filter { $0.sourceIdentity == facts.identity.description }) : .all,
        takesUnfinishedTasks: !facts.addsCoverage || !request.flag("without-tasks"), counts: facts.counts,
        bytes: facts.bytes, mayChange: facts.mayChange, addsCoverage: facts.addsCoverage)
    }
    let inUse: Bool
    if case .inUse = condition { inUse = true } else { inUse = false }
    let mode = try mode(choices, inUse: inUse)
    let details = HistoryPlan(
      sources: planned, mode: mode, workers: choices.workers ?? usualWorkers,
      rejectLimit: choices.rejectLimit,
      destination: condition.identity?.id, destinationLocation: destination.location.canonical,
      createsTables: condition == .absent || condition == .blank,
      pairedConfiguration: condition.identity == nil ? try configurationIdentity() : nil, backups: backups.folder,
      securesDestination: inUse,
      principals: try PrincipalPlanner(
        sources: sources, destination: destination, condition: condition, wishes: choices.principals
      ).plan())
    return Plan(
      part: address, request: request, createdAt: workplace.clock.now(), program: workplace.program,
      inputs: try examined.map { try HistoryPlanner.input($0, $1) } + [destination.input(condition.identity)],
      steps: steps(details, examined.map(\.1)), findings: findings, details: try PlainValue(encoding: details))
  }

  // MARK: Choices

  private func mode(_ choices: HistoryChoices, inUse: Bool) throws -> CarryOptions.Mode {
    if choices.mode == .bulk, inUse {
      throw MigrationError(
        .blocked, doing: "plan a bulk import", reason: "the destination holds rows already",
        advice: "leave --mode away, or name a blank database")
    }
    return choices.mode ?? (inUse ? .live : .bulk)
  }

  private var usualWorkers: Int { destination.location.engine == .postgresql ? 3 : 2 }

  private func pastImports(_ condition: HistoryDestination.Condition) throws -> [PastImport] {
    guard condition.identity != nil else { return [] }
    return try PastImport.all(on: destination.openReadOnly())
  }

  private func configurationIdentity() throws -> UniqueID? {
    guard let location = destination.configuration else { return nil }
    if let path = location.path, try !Files.exists(path) { return nil }
    var options = destination.options
    options.access = .readOnly
    return try DatabaseIdentity.read(from: Connection.open(location, options: options)).id
  }

  // MARK: What the plan tells

  static func input(_ source: any HistorySource, _ facts: SourceExamination) throws -> PlanInput {
    PlanInput(
      name: "source \(source.name)", identity: facts.identity.description, fingerprint: facts.fingerprint,
      location: facts.location)
  }

  private func steps(_ plan: HistoryPlan, _ facts: [SourceExamination]) -> [PlannedStep] {
    var steps: [PlannedStep] = []
    for (source, facts) in zip(plan.sources, facts) {
      steps.append(
        PlannedStep(
          id: "secure.\(source.name)", title: "back up \(source.name) and restore the backup to test it",
          undo: "the copy that was read is removed; the backup stays",
          estimate: .init(bytes: facts.bytes, seconds: Double(facts.bytes) / 60_000_000)))
    }
    if plan.securesDestination {
      steps.append(
        PlannedStep(id: "secure.destination", title: "back up the destination and restore the backup to test it"))
    }
    let tasks = plan.sources.reduce(0) { $0 + $1.estimatedTasks }
    let shares = zip(plan.sources, facts).map { $0.range.share(from: $1.firstRecord, through: $1.lastRecord) }
    let rows = zip(shares, facts).reduce(0) { $0 + Int(($1.0 * Double($1.1.estimatedRows)).rounded()) }
    let bytes = zip(shares, facts).reduce(0) { $0 + Int(($1.0 * Double($1.1.bytes)).rounded()) }
    let rate = plan.mode == .bulk ? 250_000.0 : 120_000.0
    steps.append(
      PlannedStep(
        id: "prepare", title: plan.createsTables ? "make the history's tables" : "make the history ready",
        undo: "what was made is removed again"))
    steps.append(
      PlannedStep(
        id: "tasks", title: "import tasks, unfinished ones held", kind: .batched,
        undo: "exactly these rows are removed",
        estimate: .init(rows: tasks, seconds: Double(tasks) / rate)))
    steps.append(
      PlannedStep(
        id: "history",
        title: plan.mode == .bulk ? "import the history, oldest first" : "import the history, newest first",
        kind: .batched, undo: "exactly these rows are removed",
        estimate: .init(rows: rows, bytes: bytes, seconds: Double(rows) / rate)))
    if plan.mode == .bulk {
      steps.append(
        PlannedStep(
          id: "keys", title: "make keys and indexes", estimate: .init(rows: rows, seconds: Double(rows) / 600_000)))
    }
    if plan.sources.contains(where: \.mayChange) {
      steps.append(
        PlannedStep(
          id: "catch-up", title: "catch up with what was written to the source meanwhile", kind: .batched,
          undo: "exactly these rows are removed", estimate: .init(rows: rows, seconds: Double(rows) / 900_000)))
    }
    steps.append(PlannedStep(id: "settle", title: "close the import"))
    if let principals = plan.principals, !principals.isEmpty {
      steps.append(
        PlannedStep(
          id: PrincipalsStep.stepID,
          title: "carry over \(principals.carried.count) roles, memberships and rights"
            + (principals.byHand.isEmpty ? "" : ", \(principals.byHand.count) more by a script"),
          undo: "what was granted is revoked, and roles that the run made are dropped"))
    }
    return steps
  }
}

extension SourcePlan {
  /// Rows of the task tables.
  var estimatedTasks: Int {
    counts.filter { $0.key.hasSuffix("task") }.values.reduce(0, +)
  }
}
