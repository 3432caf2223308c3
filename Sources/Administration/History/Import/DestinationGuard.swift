internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Stands between a run and whatever database is there now where its destination was: what the plan was made for may
/// have changed, moved, or made room for another one.
struct DestinationGuard: Sendable {
  let plan: HistoryPlan
  let run: UniqueID

  /// What the destination says it is: what the plan found, or, where the run made it, the run's own number.
  var identity: UniqueID { plan.destination ?? run }

  // MARK: Before the run writes

  /// What the destination is now, as an input of the plan. Blocks.
  ///
  /// - Throws: what ``requireFit(on:)`` throws.
  func input(_ destination: HistoryDestination) throws -> PlanInput {
    guard let connection = try destination.openReadOnlyIfPresent() else { return destination.input(nil) }
    return try connection.transaction(.readOnlySnapshot) {
      let found = try HistoryDestination.identity(on: connection)
      // Whose it is now counts more than what it is.
      try refuseClaims(on: connection)
      if let found, found.id != identity { return destination.input(found) }
      try requireFit(on: connection)
      // What the run has made of a place without a database is what was planned.
      var input = destination.input(found)
      if found != nil, plan.destination == nil { input.identity = plan.destinationLocation }
      return input
    }
  }

  /// Makes sure that the run may write there: that it is what the plan was made for, that no other run has left its
  /// import unfinished, and that a bulk import finds no rows, a live one all keys.
  ///
  /// - Throws: ``MigrationError`` `stalePlan`, `blocked` or `inUse`.
  func requireFit(on connection: Connection) throws {
    try refuseClaims(on: connection)
    guard let found = try HistoryDestination.identity(on: connection) else {
      if let planned = plan.destination { throw stale("the history \(planned) is no longer there") }
      let tables = try connection.catalogue().tables.map(\.name.name).filter { !$0.hasPrefix("locktender_") }
      if let table = tables.first { throw stale("it is not blank any more: \(table) is in it") }
      return
    }
    guard found.id == identity else {
      throw stale("it is \(found.id), and the plan is for \(plan.destination?.description ?? "a blank database")")
    }
    let others = OthersImports(besides: run, on: connection)
    if let unfinished = try others.unfinished() { throw others.refusal(unfinished) }
    for source in plan.sources where source.addsCoverage {
      if let unverified = try others.unverified(of: source.identity) {
        throw others.refusal(unverified: unverified)
      }
    }
    // Once its imports stand there the run has passed this.
    if try DestinationGuard.holds(run, on: connection) { return }
    switch plan.mode {
    case .bulk:
      for table in HistoryTables.all
      where try connection.integer("SELECT 1 FROM \(identifier: table) LIMIT 1") != nil {
        throw stale("\(table) holds rows now, and the plan is for an empty history")
      }
    case .live:
      let missing = try HistoryKeys.missing(on: connection)
      if !missing.isEmpty { throw stale("it lacks keys and indexes: \(missing.joined(separator: ", "))") }
    }
  }

  private func refuseClaims(on connection: Connection) throws {
    if let holder = try DestinationClaim.holder(on: connection), holder.run != run.description {
      throw DestinationClaim.refusal(holder)
    }
  }

  // MARK: Afterwards

  /// Makes sure that what is taken back, compared or called final is the database that the run has written to. Blocks.
  ///
  /// - Throws: ``MigrationError`` `stalePlan`, with both identities and what to do.
  func requireOwn(_ destination: HistoryDestination, for act: RunAct, _ context: StepContext) throws {
    guard let connection = try destination.openReadOnlyIfPresent() else {
      if try act == .rollBack && leavesNothing(context) { return }
      throw strange("there is no database", destination)
    }
    try connection.transaction(.readOnlySnapshot) {
      guard let found = try HistoryDestination.identity(on: connection) else {
        if try act == .rollBack && leavesNothing(context) { return }
        throw strange("there is no history", destination)
      }
      if found.id != identity {
        // It never got to write anywhere, and has nothing to take back.
        if try act == .rollBack && context.journal.note("prepare.done") == nil { return }
        throw strange("there is \(found.id)", destination)
      }
      if try act != .rollBack && !DestinationGuard.holds(run, on: connection) {
        throw strange("\(found.id) is there, and knows of no import by this run", destination)
      }
      if act == .rollBack { try requireOpen(on: connection, context) }
    }
  }

  /// Makes sure that nobody has taken the run up elsewhere and brought it to its end meanwhile. Blocks.
  func requireOpen(_ destination: HistoryDestination, _ context: StepContext) throws {
    if let connection = try destination.openReadOnlyIfPresent() { try requireOpen(on: connection, context) }
  }

  private func requireOpen(on connection: Connection, _ context: StepContext) throws {
    guard try connection.catalogue()["history_import"] != nil,
      try connection.integer(
        "SELECT count(*) FROM history_import WHERE run_id = \(run) AND state = 'complete'") != 0,
      try !context.journal.transitions().contains(where: { $0.to == .verifying })
    else { return }
    throw MigrationError(
      .stalePlan, doing: "look at the destination",
      reason: "run \(run) was taken up elsewhere, and its import was compared there and found right",
      advice: "go on with it there: what this folder tells of it is past")
  }

  /// Whether nothing of the run can be anywhere: it was cut off before it wrote, or its own rollback has removed it.
  private func leavesNothing(_ context: StepContext) throws -> Bool {
    try context.journal.note("prepare.done") == nil || context.journal.note(PrepareStep.removedNote) != nil
  }

  /// Whether a database is the run's, or blank: where another history lives there is nothing to take back.
  func isOwn(_ connection: Connection) throws -> Bool {
    try HistoryDestination.identity(on: connection).map { $0.id == identity } ?? true
  }

  /// Whether a history knows of imports by a run.
  static func holds(_ run: UniqueID, on connection: Connection) throws -> Bool {
    guard try connection.catalogue()["history_import"] != nil else { return false }
    return try connection.integer("SELECT count(*) FROM history_import WHERE run_id = \(run)") != 0
  }

  /// Whether the import numbers of a run's journal are this run's in the history at hand.
  static func holdsImports(of plan: HistoryPlan, _ context: StepContext, on connection: Connection) throws -> Bool {
    guard try connection.catalogue()["history_import"] != nil else { return false }
    return try plan.sources.allSatisfy { source in
      let number = try PrepareStep.importID(of: source.name, context)
      return try connection.integer(
        "SELECT count(*) FROM history_import WHERE id = \(number) AND run_id = \(context.run)") == 1
    }
  }

  // MARK: Errors

  private func stale(_ reason: String) -> MigrationError {
    MigrationError(
      .stalePlan, doing: "look at the destination", reason: "the destination is not what it was: \(reason)",
      advice: "make a new plan: locktender plan administration/history")
  }

  private func strange(_ reason: String, _ destination: HistoryDestination) -> MigrationError {
    MigrationError(
      .stalePlan, doing: "look at the destination",
      reason: "run \(run) has written to the history \(identity); at \(destination.location) \(reason)",
      advice:
        "put it back there, or name where it is: locktender administration connection set destination LOCATION")
  }
}
