internal import Synchronization
public import Testing

/// Lets at most two tests with this trait run at a time: for tests that start servers of their own.
///
///     @Test(.startsServers) func `a restarted server is waited for`() throws { … }
public struct ServerTests: TestTrait, SuiteTrait, TestScoping {
  public var isRecursive: Bool { true }

  @concurrent public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    await Turnstile.servers.enter()
    defer { Turnstile.servers.leave() }
    try await function()
  }
}

extension Trait where Self == ServerTests {
  /// Waits for its turn, two at a time, without holding a thread.
  public static var startsServers: Self { ServerTests() }
}

/// A counting semaphore for tasks.
private final class Turnstile: Sendable {
  static let servers = Turnstile(width: 2)

  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }
  private let state: Mutex<State>

  init(width: Int) { state = Mutex(State(free: width)) }

  func enter() async {
    await withCheckedContinuation { continuation in
      let enters = state.withLock { state in
        if state.free == 0 {
          state.waiting.append(continuation)
          return false
        }
        state.free -= 1
        return true
      }
      if enters { continuation.resume() }
    }
  }

  func leave() {
    let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
      guard !state.waiting.isEmpty else {
        state.free += 1
        return nil
      }
      return state.waiting.removeFirst()
    }
    next?.resume()
  }
}
