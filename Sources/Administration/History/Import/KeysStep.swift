internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Makes keys and indexes once the rows of a bulk import are in: much quicker than keeping them up row by row.
struct KeysStep: Step {
  let id = "keys"
  let plan: HistoryPlan
  let destination: HistoryDestination
  let target: Destination

  func act(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run { _ = try target.hold.take() }
    let engine = destination.location.engine
    // One at a time where there is one writer; else as many as there are workers, the largest tables first.
    let queue = StatementQueue(try await missing(engine), step: id, context)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<(engine == .postgresql ? max(1, min(plan.workers, 4)) : 1) {
        let thread = BlockingThread(name: "\(id) \(number)")
        group.addTask {
          try await thread.run {
            let connection = try destination.open()
            if engine == .postgresql { try connection.execute("SET maintenance_work_mem = '512MB'") }
            while let statement = queue.next() {
              try context.cancellation.check()
              try target.space?.check(context)
              try connection.execute(SQL(unsafeSQL: statement))
              queue.finished(statement)
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private func missing(_ engine: Engine) async throws -> [String] {
    try await BlockingThread(name: id).run {
      let connection = try destination.openReadOnly()
      let present = Set(try connection.catalogue().tables.flatMap { $0.indexes.map(\.name) })
      return HistoryKeys.statements(engine).filter { !present.contains(HistoryKeys.name(in: $0)) }
    }
  }

  func probe(_ context: StepContext) async throws -> StepEffect {
    try await BlockingThread(name: id).run {
      let connection = try destination.openReadOnly()
      return try HistoryKeys.areComplete(on: connection) ? .complete(digest: nil) : .incomplete
    }
  }
}
