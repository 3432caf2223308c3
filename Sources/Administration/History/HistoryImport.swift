public import Migration

public import Base
internal import Database
internal import Transfer

/// The part `administration/history`: imports histories of older services, of accesslogs and of audit logs into the
/// new service's history.
public struct HistoryImport: MigrationPart {
  // Known before any platform file is read.
  public static let address = PartAddress(system: "administration", part: "history")
  public static let summary = "the management history: who changed what and when, and the tasks that grew out of it"

  public var address: PartAddress { HistoryImport.address }
  public var summary: String { HistoryImport.summary }
  public var choices: [ChoiceSpecification] { HistoryImport.choices }

  let section: AdministrationSection
  let secrets: any SecretProvider
  /// Beside the platform file.
  let folder: String
  private let opened = OpenedBackups()
  private let snapshots = SharedSnapshots()

  /// - Parameters:
  ///   - section: what the platform file says of the administration service.
  ///   - workplace: where passwords come from and where backups go by default.
  public init(_ section: AdministrationSection, in workplace: Workplace) {
    self.section = section
    secrets = workplace.secrets
    folder = workplace.folder
  }

  public static var choices: [ChoiceSpecification] {
    [
      ChoiceSpecification(
        "source", .list(placeholder: "NAME"), help: "import this source only; may be given several times",
        narrows: true),
      ChoiceSpecification(
        "from", .text(placeholder: "TIME"),
        help: "bring requests made at or after this time (UTC unless it has a zone)"),
      ChoiceSpecification("until", .text(placeholder: "TIME"), help: "bring requests made before this time"),
      ChoiceSpecification(
        "range", .oneOf(["all", "rest"]), help: "all times, or what no earlier import has brought", default: "rest"),
      ChoiceSpecification(
        "mode", .oneOf(["auto", "bulk", "live"]),
        help: "bulk: blank destination, indexes afterwards; live: indexes kept, newest first", default: "auto"),
      ChoiceSpecification("without-tasks", .flag, help: "leave unfinished tasks out"),
      ChoiceSpecification("workers", .text(placeholder: "N"), help: "how many workers carry rows", default: "auto"),
      ChoiceSpecification(
        "reject-limit", .text(placeholder: "N"), help: "fail after so many rejected rows", default: "1000"),
    ] + PrincipalWishes.choices
  }

  // MARK: Before a plan

  public func discover(_ request: PlanRequest, in workplace: Workplace) async throws -> [Fact] {
    let sources = try chosenSources(request)
    return try await BlockingThread(name: "discover").run {
      var facts: [Fact] = []
      for source in sources { facts += HistoryFacts.of(source, try source.examined()) }
      if let destination = try destination() { facts += try HistoryFacts.of(destination) }
      return facts
    }
  }

  public func check(_ request: PlanRequest, for run: UniqueID?, in workplace: Workplace) async throws -> [Finding] {
    let sources = try chosenSources(request)
    let now = workplace.clock.now()
    let checks = HistoryChecks(
      sources: sources, destination: try destination(), backups: backupPlace,
      choices: try HistoryChoices(request, now: now),
      run: run, now: now)
    return try await BlockingThread(name: "check").run { try checks.all() }
  }

  public func plan(
    _ request: PlanRequest, findings: [Finding], in workplace: Workplace
  ) async throws -> Plan {
    let sources = try chosenSources(request)
    let planner = HistoryPlanner(
      sources: sources, destination: try requiredDestination(), backups: backupPlace, request: request,
      findings: findings, workplace: workplace, address: address)
    return try await BlockingThread(name: "plan").run { try planner.plan() }
  }

  public func currentInputs(of plan: Plan, _ context: StepContext) async throws -> [PlanInput] {
    let details = try HistoryPlan.of(plan)
    let sources = try sources(of: details)
    let destination = try requiredDestination()
    let watch = DestinationGuard(plan: details, run: context.run)
    return try await BlockingThread(name: "inputs").run {
      let inputs = try sources.map { try HistoryPlanner.input($0, $0.examine()) } + [watch.input(destination)]
      try watch.requireOpen(destination, context)
      return inputs
    }
  }

  public func requireOutputs(of plan: Plan, for act: RunAct, _ context: StepContext) async throws {
    let watch = DestinationGuard(plan: try HistoryPlan.of(plan), run: context.run)
    let destination = try requiredDestination()
    try await BlockingThread(name: "outputs").run { try watch.requireOwn(destination, for: act, context) }
  }

  // MARK: The run

  public func steps(of plan: Plan, in workplace: Workplace) throws -> [any Step] {
    let details = try HistoryPlan.of(plan)
    let destination = try requiredDestination()
    let target = destination.target(
      needed: details.sources.reduce(0) { $0 + $1.bytes } * 3, besides: [workplace.runsFolder])
    let sources = try sources(of: details)
    let settings = ImportSettings(backups: backupPlace, workplace: workplace)
    let carried = zip(sources, details.sources).map { CarriedSource(source: $0, plan: $1) }
    let engine = destination.location.engine

    var steps: [any Step] = carried.flatMap { $0.source.secure($0.plan, settings) }
    if details.securesDestination {
      var readOnly = destination.options
      readOnly.access = .readOnly
      steps.append(
        BackupStep(
          id: "secure.destination", subject: "destination", location: destination.location, options: readOnly,
          settings: settings, keepsCopy: false))
    }
    steps.append(PrepareStep(plan: details, destination: destination, target: target))
    steps.append(
      CarryStep(
        id: "tasks", destination: target, options: details.options,
        holdsRun: { try DestinationGuard.holdsImports(of: details, $0, on: $1) }
      ) { context in
        try carried.flatMap { try $0.streams(engine, context).tasks }
      })
    steps.append(
      CarryStep(
        id: "history", destination: target, options: details.options,
        holdsRun: { try DestinationGuard.holdsImports(of: details, $0, on: $1) }
      ) { context in
        try carried.flatMap { try $0.streams(engine, context).history }
      })
    if details.mode == .bulk { steps.append(KeysStep(plan: details, destination: destination, target: target)) }
    let changing = carried.filter(\.plan.mayChange)
    if !changing.isEmpty {
      steps.append(
        CatchUpStep(id: "catch-up", destination: target, options: details.options) {
          for source in changing { try (source.source as? DatabaseSource)?.refresh() }
        } isCurrent: {
          changing.allSatisfy { ($0.source as? DatabaseSource)?.isRefreshed ?? true }
        } streams: { context in
          try changing.flatMap { source in
            let streams = try source.streams(engine, context)
            return streams.tasks + streams.history
          }
        })
    }
    steps.append(SettleStep(plan: details, destination: destination, target: target))
    if let principals = details.principals, !principals.isEmpty {
      let source = sources.first { $0.name == principals.sources.first } as? DatabaseSource
      steps.append(PrincipalsStep(plan: principals, destination: destination) { try source?.open() })
    }
    return steps
  }

  public func verify(_ plan: Plan, _ context: StepContext) async throws -> Verification {
    let details = try HistoryPlan.of(plan)
    let verifier = HistoryVerifier(
      plan: details, sources: try sources(of: details), destination: try requiredDestination(), context: context)
    return try await verifier.verify()
  }

  /// Only what was compared and found right counts as brought.
  public func conclude(_ plan: Plan, agrees: Bool, _ context: StepContext) async throws {
    let destination = try requiredDestination()
    try await BlockingThread(name: "conclude").run {
      let connection = try destination.open()
      try connection.transaction(.immediate) {
        try connection.execute(
          """
          UPDATE history_import SET state = \(agrees ? "complete" : "unverified")
          WHERE run_id = \(context.run) AND state IN ('unverified', 'complete')
          """)
        // Whoever took it up now would compare it with a source that went on.
        if agrees { try LedgerTables.forgetPlan(of: context.run, on: connection) }
      }
    }
  }

  public func keptPlans(in workplace: Workplace) async throws -> [KeptPlan] {
    guard let destination = try destination() else { return [] }
    return try await BlockingThread(name: "kept plans").run {
      guard let connection = try destination.openReadOnlyIfPresent() else { return [] }
      return try LedgerTables.plans(on: connection)
    }
  }

  public func takeUp(_ plan: Plan, _ context: StepContext) async throws {
    let taking = TakingUp(
      plan: try HistoryPlan.of(plan), destination: try requiredDestination(), backups: backupPlace, context: context
    )
    try await BlockingThread(name: "take up").run { try taking.noteAgain() }
  }

  public func finalSteps(of plan: Plan, in workplace: Workplace) throws -> [any Step] {
    let details = try HistoryPlan.of(plan)
    return [RetireCopiesStep(plan: details)]
  }

  public func retireSteps(
    of plan: Plan, _ wishes: RetireWishes, in workplace: Workplace
  ) throws -> [any RetireStep] {
    let details = try HistoryPlan.of(plan)
    var steps: [any RetireStep] = [
      RetireCopies(plan: details),
      RetireBackups(
        plan: details, place: backupPlace, wishes: wishes,
        sources: section.sources.compactMap { if case .backup(let file, _) = $0.kind { file } else { nil } }),
    ]
    if let destination = try destination() { steps.append(RetireMarks(plan: details, destination: destination)) }
    steps.append(OldDatabases(databases: try oldDatabases(details)))
    return steps
  }

  /// The old services' databases that the plan has read and that the platform file still names.
  private func oldDatabases(_ plan: HistoryPlan) throws -> [OldDatabases.Database] {
    try section.connections().filter { connection in
      !connection.isDestination && plan.sources.contains { connection.secretName == "source.\($0.name)" }
    }.map { OldDatabases.Database(name: $0.name, location: $0.location, holdsBoth: $0.half == .undivided) }
  }

  public func reportSections(of plan: Plan, _ context: StepContext) async throws -> [ReportSection] {
    let details = try HistoryPlan.of(plan)
    let destination = try requiredDestination()
    return try await BlockingThread(name: "report").run {
      try HistoryReport(plan: details, destination: destination, backups: backupPlace, context: context).sections()
    }
  }

  // MARK: What the platform names

  func chosenSources(_ request: PlanRequest) throws -> [any HistorySource] {
    let names = request.list("source")
    for name in names where !section.sources.contains(where: { $0.name == name }) {
      throw MigrationError(
        .usage, doing: "choose source \(name)", reason: "the platform file names no such source",
        advice: "sources there: " + section.sources.map(\.name).joined(separator: ", "))
    }
    return try section.sources.filter { names.isEmpty || names.contains($0.name) }.map(source)
  }

  private func sources(of plan: HistoryPlan) throws -> [any HistorySource] {
    try plan.sources.map { planned in
      guard let settings = section.sources.first(where: { $0.name == planned.name }) else {
        throw MigrationError(
          .stalePlan, doing: "find source \(planned.name)", reason: "the platform file does not name it any more",
          advice: "put it back into platform.json5, or make a new plan")
      }
      return try source(settings)
    }
  }

  private func source(_ settings: HistorySourceSettings) throws -> any HistorySource {
    let state = folder + "/.locktender"
    switch settings.kind {
    case .undivided(let location, _), .pair(_, let location, _):
      let (place, options) = (
        try DatabaseLocation(location), options(.readOnly, secret: settings.secretName)
      )
      return DatabaseSource(
        name: settings.name, location: place, options: options,
        snapshot: snapshots.snapshot(of: settings.name, at: place, options: options))
    case .backup(let file, let key):
      var keys = backupPlace.keys
      if key != nil { keys.given = BackupKeys.lender(of: settings.secretName, from: secrets) }
      return BackupSource(name: settings.name, file: file, keys: keys, opened: opened)
    case .rejects(let file): return RejectsSource(name: settings.name, file: file)
    case .accesslogFile(let path):
      return AccesslogSource(name: settings.name, origin: .file(path), backups: backupPlace, state: state)
    case .accesslogDirectory(let place):
      return AccesslogSource(
        name: settings.name, origin: .directory(AccesslogDirectory(place, secrets, settings.secretName)),
        backups: backupPlace, state: state)
    case .sambaAudit(let files, let domain):
      return SambaAuditSource(name: settings.name, files: files, domain: domain, backups: backupPlace, state: state)
    }
  }

  func destination() throws -> HistoryDestination? {
    guard let settings = section.destination else { return nil }
    return HistoryDestination(
      location: try DatabaseLocation(settings.history),
      options: options(.readWrite, secret: DestinationSettings.secretName),
      configuration: try settings.configuration.map { try DatabaseLocation($0) })
  }

  private func requiredDestination() throws -> HistoryDestination {
    guard let destination = try destination() else {
      throw MigrationError(
        .usage, doing: "find the destination", reason: "the platform file names none",
        advice: "add destination: { history: \"…\" } to the section administration")
    }
    return destination
  }

  private func options(_ access: ConnectOptions.Access, secret: String) -> ConnectOptions {
    let secrets = secrets
    return ConnectOptions(
      access: access, lockTimeout: 30,
      password: { use in
        guard let password = try secrets.secret(for: secret) else { return }
        password.withBytes { use($0) }
      })
  }

  var backupPlace: BackupPlace { BackupPlace(section.backups, folder: folder, secrets: secrets) }
}

/// A source with what the plan decided on it.
struct CarriedSource: Sendable {
  let source: any HistorySource
  let plan: SourcePlan

  func streams(_ engine: Engine, _ context: StepContext) throws -> SourceStreams {
    try source.streams(plan, importID: PrepareStep.importID(of: plan.name, context), engine, context)
  }
}
