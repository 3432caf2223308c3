internal import Base
public import Database

/// Tries work again where that can help, as often and as late as the policy says. Belongs to one worker.
public final class Retrying {
  private let context: StepContext
  private let onRetry: () -> Void
  private var random = SystemRandomNumberGenerator()

  /// - Parameter onRetry: called before each wait, for whoever counts them.
  public init(_ context: StepContext, onRetry: @escaping () -> Void = {}) {
    self.context = context
    self.onRetry = onRetry
  }

  /// Runs work until it succeeds. Blocks.
  ///
  /// - Parameter body: is told how often it failed before; what broke must be made anew by itself.
  /// - Throws: `CancellationError` where the run is asked to stop during a wait; the work's own error once it has
  ///   failed too often; errors of other kinds than the database's at once.
  public func run<Result>(_ what: String, _ body: (_ failures: Int) throws -> Result) throws -> Result {
    var failures = 0
    while true {
      do {
        return try body(failures)
      } catch let error as DatabaseError {
        failures += 1
        try wait(what, error, failures)
      }
    }
  }

  /// Waits before the next try. Blocks.
  ///
  /// - Throws: the error itself where there is to be none.
  public func wait(_ what: String, _ error: DatabaseError, _ failures: Int) throws {
    guard let delay = delay(error, failures) else { throw error }
    tell(what, error, failures, delay)
    try pause(delay)
  }

  /// Does something whole again where the connection to a database went away under it: a server that was restarted,
  /// a session that somebody ended. Waiting for locks and for room is left to whoever knows what for.
  ///
  /// - Parameter body: may be cut off anywhere and run again, as steps may.
  /// - Throws: `CancellationError` where the run is asked to stop during a wait; the work's own error.
  func reconnecting<Result>(_ what: String, _ body: () async throws -> Result) async throws -> Result {
    var failures = 0
    while true {
      do {
        return try await body()
      } catch {
        guard let lost = Retrying.lostConnection(in: error) else { throw error }
        failures += 1
        guard let delay = delay(lost, failures) else { throw error }
        tell(what, lost, failures, delay)
        try await Task.sleep(for: .seconds(delay))
        try context.cancellation.check()
      }
    }
  }

  private static func lostConnection(in error: any Error) -> DatabaseError? {
    for link in chain(of: error) {
      if let link = link as? DatabaseError {
        return link.isTransient && [.connectionLost, .unreachable].contains(link.code) ? link : nil
      }
    }
    return nil
  }

  private func delay(_ error: DatabaseError, _ failures: Int) -> Double? {
    if error.blamesRow { return nil }
    return context.retry.delay(
      afterFailures: failures, transient: error.isTransient, spread: Double.random(in: 0..<1, using: &random))
  }

  private func tell(_ what: String, _ error: DatabaseError, _ failures: Int, _ delay: Double) {
    context.events.tell(.retried(what: what, error: explain(error), failures: failures, delay: delay))
    onRetry()
  }

  /// In slices, so that a cancel is heard.
  private func pause(_ seconds: Double) throws {
    var left = seconds
    while left > 0 {
      try context.cancellation.check()
      let slice = min(left, 0.05)
      blockThread(seconds: slice)
      left -= slice
    }
  }
}

extension DatabaseError {
  /// The database refuses the rows themselves: trying again changes nothing, another row may go in. Class 54 of
  /// SQLSTATE is a limit that a value is beyond, such as what an index can hold.
  public var blamesRow: Bool {
    code == .constraint || code == .mismatch || sqlState?.hasPrefix("54") == true
  }
}
