internal import Base
internal import Database
internal import Migration
internal import Transfer

extension PrepareStep {
  /// Looks at the destination: it may have been put back since the journal was told.
  func probe(_ context: StepContext) async throws -> StepEffect {
    guard try context.journal.note("\(id).done") != nil else { return .incomplete }
    return try await BlockingThread(name: id).run {
      guard let connection = try destination.openReadOnlyIfPresent(),
        try connection.catalogue()["history_import"] != nil
      else { return .incomplete }
      for source in plan.sources {
        let number = try PrepareStep.importID(of: source.name, context)
        let known = try connection.integer(
          """
          SELECT count(*) FROM history_import i JOIN history_source s ON s.id = i.source_id
          WHERE i.id = \(number) AND i.run_id = \(context.run) AND s.identity = \(source.identity.description)
          """)
        if known != 1 { return .incomplete }
      }
      return .complete(digest: nil)
    }
  }

  /// Takes back the run's imports, then what was made for it, if nothing else has come to live there.
  func undo(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      guard let found = try destination.openReadOnlyIfPresent() else { return }
      // Cut off right behind the tables' end, it has only the file to remove.
      guard try !found.catalogue().tables.isEmpty else { return try removeFile(context) }
      guard try DestinationGuard(plan: plan, run: context.run).isOwn(found) else { return }
      try target.hold.take()
      let connection = try destination.open()
      let isBlank = try connection.transaction(.immediate) {
        let hasBegun = try DestinationGuard.holds(context.run, on: connection)
        if hasBegun { try forgetImports(on: connection, context) }
        let made = MadeTables(plan: plan, run: context.run)
        if let reason = try made.reasonToKeep(on: connection) {
          if plan.createsTables { context.events.tell(.warned("the history's tables stay: \(reason)")) }
          // With its imports the run has taken the keys away, and with them it gives them back.
          if plan.mode == .bulk, hasBegun {
            try HistoryKeys.create(on: connection)
            try AutovacuumPause.end(plan, on: connection, context)
          }
          try DestinationClaim.release(from: context.run, on: connection)
          try LedgerTables.forgetPlan(of: context.run, on: connection)
          return false
        }
        try context.journal.note(PrepareStep.removedNote, "yes")
        try made.drop(on: connection)
        return true
      }
      try connection.close()
      if isBlank { try removeFile(context) } else { target.hold.release() }
    }
  }

  /// Forgets the run's imports of which nothing is left, and lists what is left of the others.
  private func forgetImports(on connection: Connection, _ context: StepContext) throws {
    try KeptRows.removeStrays(of: context.run, on: connection)
    let kept = try KeptRows.find(of: context.run, on: connection)
    try connection.execute(
      "DELETE FROM history_import WHERE run_id = \(context.run) AND id NOT IN \(list: kept.imports + [-1])")
    try connection.execute(
      """
      UPDATE history_import SET state = 'taken-back', finished_at = \(context.workplace.clock.now())
      WHERE run_id = \(context.run)
      """)
    try connection.execute("DELETE FROM history_source WHERE id NOT IN (SELECT source_id FROM history_import)")
    guard !kept.isEmpty else { return }
    try kept.write(context)
    context.events.tell(.warned("\(kept); \(KeptRows.path(context)) lists them"))
  }

  /// Removes the database that the run made: the file, that is. A server's database stays, blank, since others may
  /// have been told of it.
  private func removeFile(_ context: StepContext) throws {
    defer { target.hold.release() }
    guard let made = try context.journal.note(PrepareStep.createdNote), made == destination.location.canonical
    else {
      return
    }
    guard let path = destination.location.path else {
      context.events.tell(.noted("the database that the run made stays, blank: \(destination.location)"))
      return
    }
    for suffix in ["-wal", "-shm", ""] where try Files.exists(path + suffix) { try Files.remove(path + suffix) }
    try target.hold.releaseForGood()
  }
}
