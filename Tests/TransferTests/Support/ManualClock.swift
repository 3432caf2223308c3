import Base
import Synchronization

/// A clock that stands still until a test moves it.
final class ManualClock: Base.Clock {
  private let time: Mutex<Timestamp>

  init(_ start: Timestamp = Timestamp(microseconds: 1_790_000_000_000_000)) { time = Mutex(start) }

  func now() -> Timestamp { time.withLock { $0 } }

  func advance(seconds: Double) { time.withLock { $0 = $0.advanced(seconds: seconds) } }
}
