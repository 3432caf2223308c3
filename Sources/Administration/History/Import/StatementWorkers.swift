internal import Base
internal import Database
internal import Migration
internal import Synchronization
internal import Transfer

/// Statements on the destination that do not wait for each other: several connections take them one by one.
struct StatementWorkers: Sendable {
  struct Work: Sendable {
    /// What it works on, for the display of progress.
    let name: String
    let statement: SQL
  }

  let step: String
  let destination: HistoryDestination
  let target: Destination
  /// How many the plan allows; one where the database has one writer.
  let workers: Int

  func run(_ work: [Work], _ context: StepContext) async throws {
    let engine = destination.location.engine
    let queue = Queue(work)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<(engine == .postgresql ? max(1, min(workers, work.count, 4)) : 1) {
        let thread = BlockingThread(name: "\(step) \(number)")
        group.addTask {
          try await thread.run {
            let connection = try destination.open()
            if engine == .postgresql { try connection.execute("SET maintenance_work_mem = '512MB'") }
            while let next = queue.next() {
              try context.cancellation.check()
              try target.space?.check(context)
              try connection.execute(next.statement)
              context.events.tell(
                .progress(
                  Progress(step: step, current: next.name, rowsDone: queue.finished(), rowsTotal: work.count)))
            }
          }
        }
      }
      try await group.waitForAll()
    }
  }

  private final class Queue: Sendable {
    private struct State {
      var waiting: [Work]
      var done = 0
    }

    private let state: Mutex<State>

    init(_ work: [Work]) { state = Mutex(State(waiting: work.reversed())) }

    func next() -> Work? { state.withLock { $0.waiting.popLast() } }

    /// How many are finished, this one counted.
    func finished() -> Int {
      state.withLock { state in
        state.done += 1
        return state.done
      }
    }
  }
}
