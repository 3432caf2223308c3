import Base
import Migration
import Synchronization

/// Collects from a run's events how long each step took.
final class StepTimes: Sendable {
  private struct State {
    var seconds: [String: Double] = [:]
    var verifyStarted: Timestamp?
    var verifySeconds = 0.0
  }

  private let state = Mutex(State())

  var seconds: [String: Double] { state.withLock { $0.seconds } }
  var verifySeconds: Double { state.withLock { $0.verifySeconds } }

  var listen: EventSink.Listener {
    { [self] event in
      state.withLock { state in
        switch event.kind {
        case .stepFinished(let id, let seconds, _):
          state.seconds[id] = seconds
          say("\(id): \(tenths(seconds)), \(PeakMemory.text) so far")
        case .stateChanged(_, .verifying): state.verifyStarted = event.at
        case .stateChanged(.verifying, _):
          if let start = state.verifyStarted { state.verifySeconds = event.at.seconds(since: start) }
        default: break
        }
      }
    }
  }
}
