internal import Migration
internal import Synchronization

/// Statements that several workers take one by one.
final class StatementQueue: Sendable {
  private struct State {
    var waiting: [String]
    var done = 0
  }

  private let state: Mutex<State>
  private let total: Int
  private let step: String
  private let context: StepContext

  init(_ statements: [String], step: String, _ context: StepContext) {
    state = Mutex(State(waiting: statements.reversed()))
    total = statements.count
    self.step = step
    self.context = context
  }

  func next() -> String? { state.withLock { $0.waiting.popLast() } }

  func finished(_ statement: String) {
    let done = state.withLock { state in
      state.done += 1
      return state.done
    }
    context.events.tell(
      .progress(Progress(step: step, current: HistoryKeys.name(in: statement), rowsDone: done, rowsTotal: total)))
  }
}
