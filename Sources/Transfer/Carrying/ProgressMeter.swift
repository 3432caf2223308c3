internal import Base
internal import Migration
internal import Synchronization

/// Adds up what the workers carry and tells of it four times a second.
final class ProgressMeter: Sendable {
  private struct State {
    var progress: Progress
    var started: Timestamp
    var toldAt: Timestamp
    /// What was done a while ago, for a rate that follows changes: a few points over the last ten seconds.
    var window: [(at: Timestamp, rows: Int, bytes: Int)]
  }

  private let state: Mutex<State>
  private let context: StepContext

  /// - Parameters:
  ///   - rowsBefore: rows of this step that an earlier process carried.
  ///   - rejectsBefore: rows that the run has rejected so far, in this step and in others.
  init(step: String, rowsTotal: Int?, rowsBefore: Int, rejectsBefore: Int = 0, _ context: StepContext) {
    self.context = context
    let now = context.workplace.clock.now()
    state = Mutex(
      State(
        progress: Progress(step: step, rowsDone: rowsBefore, rowsTotal: rowsTotal, rejects: rejectsBefore),
        started: now, toldAt: now,
        window: [(now, rowsBefore, 0)]))
  }

  func carried(stream: String, rows: Int, bytes: Int) {
    update { progress in
      progress.current = stream
      progress.rowsDone += rows
      progress.bytesDone += bytes
    }
  }

  func retried() { update { $0.retries += 1 } }

  /// Counts one more rejected row, unless the limit is reached.
  func countReject(limit: Int) -> Bool {
    state.withLock { state in
      guard state.progress.rejects < limit else { return false }
      state.progress.rejects += 1
      return true
    }
  }

  /// Takes rows back whose batch did not come in.
  func uncountRejects(_ rows: Int) { state.withLock { $0.progress.rejects -= rows } }

  /// Tells the last numbers.
  func finish() {
    let progress = state.withLock { state in
      state.progress.remaining = 0
      return state.progress
    }
    context.events.tell(.progress(progress))
  }

  private func update(_ change: (inout Progress) -> Void) {
    let now = context.workplace.clock.now()
    let told: Progress? = state.withLock { state in
      change(&state.progress)
      guard now.seconds(since: state.toldAt) >= 0.25 else { return nil }
      state.toldAt = now
      state.window.append((now, state.progress.rowsDone, state.progress.bytesDone))
      if state.window.count > 40 { state.window.removeFirst() }
      let first = state.window[0]
      let seconds = max(0.001, now.seconds(since: first.at))
      state.progress.rowsPerSecond = Double(state.progress.rowsDone - first.rows) / seconds
      state.progress.bytesPerSecond = Double(state.progress.bytesDone - first.bytes) / seconds
      if let total = state.progress.rowsTotal, state.progress.rowsPerSecond > 0 {
        state.progress.remaining = Double(max(0, total - state.progress.rowsDone)) / state.progress.rowsPerSecond
      }
      return state.progress
    }
    if let told { context.events.tell(.progress(told)) }
  }
}
