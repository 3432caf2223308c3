internal import Glibc
internal import Migration
internal import Synchronization

/// The state of the run at hand, as its events tell it.
final class RunActivity: Sendable {
  private let current = Mutex(RunState.planned)

  var state: RunState { current.withLock { $0 } }

  var listener: EventSink.Listener {
    { [self] event in
      if case .stateChanged(_, let to) = event.kind { current.withLock { $0 = to } }
    }
  }
}

/// What is said to somebody who wants a run to stop, by what it is at.
enum StopText {
  /// - Parameter signals: how often it was asked for.
  static func stopping(_ signals: Int, _ state: RunState) -> String {
    guard signals == 1 else {
      return
        "still stopping: a batch takes about two seconds, building an index or a backup as long as it takes; killing the program (kill -9 \(getpid())) loses nothing either, \(goingOn(state))"
    }
    return switch state {
    case .planned, .waiting: "stopping; the run has not begun, and locktender resume waits for its time again"
    case .verifying, .applied, .verified, .differing:
      "stopping the comparison; what is in stays, and locktender verify compares again"
    case .rollingBack: "stopping after what is being taken back; locktender rollback goes on with the rest"
    case .finalizing: "stopping; locktender finalize goes on with what is left"
    case .running, .cancelling, .cancelled, .failed, .blocked, .finalized, .rolledBack:
      "stopping at the end of the batch; what is in stays, and locktender resume goes on"
    }
  }

  private static func goingOn(_ state: RunState) -> String {
    switch state {
    case .rollingBack: "locktender rollback goes on"
    case .finalizing: "locktender finalize goes on"
    default: "locktender resume goes on"
    }
  }
}
