internal import Base
internal import Synchronization

/// Lets workers commit in the order in which they took their ranges.
///
/// A database with one writer gains nothing from writing out of order, and rows that arrive in key order fill its
/// pages; reading and transforming go on in parallel. A worker blocks its own thread while it waits.
final class Turnstile: Sendable {
  private struct State {
    var nextTicket = 0
    var serving = 0
    var returned: Set<Int> = []
    var isBroken = false
  }

  private let state = Mutex(State())
  private let changed = Signal()

  /// The next place in the order.
  func take() -> Int {
    state.withLock { state in
      defer { state.nextTicket += 1 }
      return state.nextTicket
    }
  }

  /// Waits until it is a ticket's turn.
  ///
  /// - Throws: `CancellationError` once a worker failed, since its turn will never end.
  func wait(for ticket: Int) throws {
    while true {
      let seen = changed.count
      let (isServed, isBroken) = state.withLock { ($0.serving == ticket, $0.isBroken) }
      if isBroken { throw CancellationError() }
      if isServed { return }
      changed.wait(past: seen)
    }
  }

  /// Ends a ticket's turn, whether it was used or not.
  func leave(_ ticket: Int) {
    state.withLock { state in
      state.returned.insert(ticket)
      while state.returned.remove(state.serving) != nil { state.serving += 1 }
    }
    changed.notify()
  }

  /// Sends everybody home.
  func stop() {
    state.withLock { $0.isBroken = true }
    changed.notify()
  }
}
