internal import Glibc

/// A moment on the clock that nobody sets.
struct Deadline {
  /// Nil for never.
  private let end: ContinuousClock.Instant?

  init(after duration: Duration?) { end = duration.map { ContinuousClock.now.advanced(by: $0) } }

  /// What poll(2) wants: milliseconds, rounded up; −1 for never.
  var milliseconds: Int32 {
    guard let end else { return -1 }
    let (seconds, attoseconds) = ContinuousClock.now.duration(to: end).components
    if seconds < 0 || attoseconds < 0 { return 0 }
    if seconds > 1_000_000 { return 1_000_000_000 }
    return Int32(seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }

  var hasPassed: Bool { end.map { ContinuousClock.now >= $0 } ?? false }
}

/// Waits until one of the descriptors is ready or the deadline has passed; goes on after signals.
func waitUntilReady(_ waits: inout [pollfd], _ deadline: Deadline) throws(SubprocessError) {
  while true {
    let count = unsafe poll(&waits, nfds_t(waits.count), deadline.milliseconds)
    if count >= 0 { return }
    guard errno == EINTR else { throw .system("wait for a program") }
  }
}
