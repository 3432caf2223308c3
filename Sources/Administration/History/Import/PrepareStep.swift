internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Makes the destination ready: its tables where there are none, the run's imports, and in bulk mode no keys and
/// indexes until the rows are in.
struct PrepareStep: Step {
  let id = "prepare"
  let plan: HistoryPlan
  let destination: HistoryDestination
  let target: Destination

  /// The import's number of a source, once this step has run.
  static func importID(of source: String, _ context: StepContext) throws -> Int64 {
    guard let text = try context.journal.note("import.\(source)"), let number = Int64(text) else {
      throw MigrationError(
        .damaged, doing: "find the import of \(source)", reason: "the journal does not tell its number",
        advice: "locktender resume \(context.run)")
    }
    return number
  }

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run { try prepare(context) }
  }

  private func prepare(_ context: StepContext) throws {
    try createDatabase(context)
    try target.hold.take()
    let connection = try destination.open()
    if connection.engine == .sqlite { _ = try connection.setJournalMode(.wal) }
    try connection.transaction(.immediate) {
      try DestinationGuard(plan: plan, run: context.run).requireFit(on: connection)
      if plan.createsTables || plan.mode == .bulk {
        try DestinationClaim.take(for: context.run, at: context.workplace.clock.now(), on: connection)
      }
      if plan.createsTables, try connection.catalogue()["product_info"] == nil {
        try createTables(on: connection, context)
      }
      // With its imports the keys go; once these stand there, keys that are found were made for the rows.
      if plan.mode == .bulk, try !DestinationGuard.holds(context.run, on: connection) {
        try HistoryKeys.drop(on: connection)
        try AutovacuumPause.begin(on: connection, context)
      }
      try LedgerTables.keep(
        KeptPlan(
          run: context.run,
          text: String(
            decoding: Files.read(RunFolder(run: context.run, in: context.workplace).plan, limit: 64 << 20),
            as: UTF8.self)), on: connection)
      let past = try PastImport.all(on: connection)
      for source in plan.sources {
        let number = try register(source, past, context, on: connection)
        try context.journal.note("import.\(source.name)", String(number))
        try EarlierTasks.keep(source, importID: number, on: connection, context)
        try EarlierRequests.keep(source, importID: number, on: connection, context)
      }
    }
    if plan.mode == .live {
      try PriorState.recordIfNeeded(context, on: connection)
    }
    try context.journal.note("\(id).done", "yes")
  }

  /// Whose first note comes before the act: a file that a killed process has made must be known as the run's.
  private func createDatabase(_ context: StepContext) throws {
    if plan.createsTables {
      try DestinationDatabase.createIfAbsent(destination) {
        try context.journal.note(PrepareStep.createdNote, location.canonical)
      }
    }
    guard plan.createsTables, let path = location.path, try !Files.exists(path) else { return }
    try context.journal.note(PrepareStep.createdNote, location.canonical)
    try Files.createFolder(Paths.folder(of: path), withParents: true)
    var options = destination.options
    options.access = .create
    try Connection.open(location, options: options).close()
  }

  /// Where the run has made the destination's database.
  static let createdNote = "created.database"
  /// Noted before the rollback removes what the run has made.
  static let removedNote = "prepare.removed"

  private var location: DatabaseLocation { destination.location }

  private func createTables(on connection: Connection, _ context: StepContext) throws {
    let schema = ReleaseSchema(.newest, .history)
    for statement in schema.tableStatements(for: connection.engine) {
      try connection.execute(SQL(unsafeSQL: statement))
    }
    if plan.mode == .live { try HistoryKeys.create(on: connection) }
    var facts = [
      ("product", DatabaseIdentity.product), ("version", Release.newest.description),
      ("database_type", DatabaseType.history.rawValue), ("database_id", context.run.description),
      ("created_at", context.workplace.clock.now().description),
    ]
    // The nil UUID says that no configuration is paired with it yet.
    let paired = plan.pairedConfiguration ?? UniqueID(high: 0, low: 0)
    facts.append(("paired_configuration", paired.description))
    for (name, value) in facts {
      try connection.execute("INSERT INTO product_info (name, value) VALUES (\(name), \(value))")
    }
  }

  /// Writes the source and this run's import of it, unless they are there.
  ///
  /// - Parameter past: the imports that were there before.
  private func register(
    _ source: SourcePlan, _ past: [PastImport], _ context: StepContext, on connection: Connection
  ) throws -> Int64 {
    let identity = source.identity.description
    let now = context.workplace.clock.now()
    if try connection.integer("SELECT id FROM history_source WHERE identity = \(identity)") == nil {
      try connection.execute(
        """
        INSERT INTO history_source (id, identity, kind, name, version, first_seen_at)
        SELECT coalesce(max(id), 0) + 1, \(identity), \(source.kind), \(source.name), \(source.version.sqlValue),
          \(now) FROM history_source
        """)
    }
    let number = try connection.integer("SELECT id FROM history_source WHERE identity = \(identity)") ?? 0
    let known = try connection.integer(
      "SELECT min(id) FROM history_import WHERE source_id = \(number) AND run_id = \(context.run)")
    if let known { return known }
    let next = try connection.integer("SELECT coalesce(max(id), 0) + 1 FROM history_import") ?? 1
    // Each interval has a row of its own; the rows of the history carry the first one's number.
    // It answers for the times that no earlier import has reached: what these have brought is theirs to take back.
    let extents = past.filter { $0.sourceIdentity == identity && $0.run != context.run }.compactMap(\.extent)
    let own = source.addsCoverage ? source.range.subtracting(extents).intervals : source.range.intervals
    let intervals = own.isEmpty ? [nil] : own.map(Optional.some)
    let started = try SourceMoment.of(source.name, context) ?? now
    for (offset, interval) in intervals.enumerated() {
      // What does not say that it is running will not say that it is complete.
      let state = !source.addsCoverage ? "repairs" : interval == nil ? "tasks-only" : "running"
      try connection.execute(
        """
        INSERT INTO history_import (id, source_id, run_id, range_from, range_until, state, started_at)
        VALUES (\(next + Int64(offset)), \(number), \(context.run), \((interval?.from).sqlValue),
          \((interval?.until).sqlValue), \(state), \(started))
        """)
    }
    return next
  }
}
