internal import Base
internal import Database
internal import Migration
internal import Synchronization
internal import Transfer

/// Statements on the destination that do not wait for each other: several connections take them one by one. The run's
/// cancellation, or a failure of one, stops the others in mid-statement.
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
    let queue = Queue(work)
    let running = Cancellers()
    var left = destination.location.engine == .postgresql ? max(1, min(workers, work.count, 4)) : 1
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<left {
        let thread = BlockingThread(name: "\(step) \(number)")
        group.addTask {
          try await thread.run { try empty(queue, running, context) }
          return true
        }
      }
      // On a thread of its own: those that tasks share may all be busy.
      let watcher = BlockingThread(name: "\(step) watch")
      group.addTask {
        try await watcher.run { watch(running, context.cancellation) }
        return false
      }
      while left > 0, let isWorker = try await group.next() {
        if isWorker { left -= 1 }
      }
      group.cancelAll()
    }
  }

  private func empty(_ queue: Queue, _ running: Cancellers, _ context: StepContext) throws {
    let connection = try destination.open()
    if connection.engine == .postgresql { try connection.execute("SET maintenance_work_mem = '512MB'") }
    running.add(connection.canceller())
    while let next = queue.next() {
      try context.cancellation.check()
      try Task.checkCancellation()
      try target.space?.check(context)
      do throws(DatabaseError) {
        try connection.execute(next.statement)
      } catch {
        if error.code == .cancelled, context.cancellation.isSet || Task.isCancelled { throw CancellationError() }
        throw error
      }
      context.events.tell(
        .progress(Progress(step: step, current: next.name, rowsDone: queue.finished(), rowsTotal: queue.total)))
    }
  }

  /// An index may take minutes; whoever cancels waits for two seconds at most.
  private func watch(_ running: Cancellers, _ cancellation: CancellationFlag) {
    while !cancellation.isSet, !Task.isCancelled { blockThread(seconds: 0.1) }
    running.cancel()
  }

  private final class Cancellers: Sendable {
    private let cancellers = Mutex<[Canceller]>([])

    func add(_ canceller: Canceller) { cancellers.withLock { $0.append(canceller) } }
    func cancel() { cancellers.withLock { $0 }.forEach { $0.cancel() } }
  }

  private final class Queue: Sendable {
    private struct State {
      var waiting: [Work]
      var done = 0
    }

    let total: Int
    private let state: Mutex<State>

    init(_ work: [Work]) {
      total = work.count
      state = Mutex(State(waiting: work.reversed()))
    }

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
