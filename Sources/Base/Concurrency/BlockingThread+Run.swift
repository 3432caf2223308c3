internal import Glibc

extension BlockingThread {
  /// Runs work that blocks on this thread, from wherever the caller is isolated.
  public func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
      // A child task: it does not take on the caller's actor, which would bring the work back to it.
      group.addTask(executorPreference: self) { try body() }
      guard let result = try await group.next() else { throw CancellationError() }
      return result
    }
  }
}

/// Blocks the calling thread: for threads of one's own, while they wait to try again.
public func blockThread(seconds: Double) {
  var time = timespec(tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1_000_000_000))
  unsafe nanosleep(&time, nil)
}

/// This process's number.
public func processNumber() -> Int { Int(getpid()) }
