internal import Base
internal import Database
internal import Migration

/// Tries work again where that can help, as often and as late as the policy says. Belongs to one worker and waits on
/// its thread.
final class Retrying {
  private let context: StepContext
  private let meter: ProgressMeter?
  private var random = SystemRandomNumberGenerator()

  init(_ context: StepContext, _ meter: ProgressMeter?) {
    self.context = context
    self.meter = meter
  }

  /// Runs work until it succeeds.
  ///
  /// - Parameter body: is told how often it failed before; what broke must be made anew by itself.
  /// - Throws: `CancellationError` where the run is asked to stop during a wait; the work's own error once it has
  ///   failed too often; errors of other kinds than the database's at once.
  func run<Result>(_ what: String, _ body: (_ failures: Int) throws -> Result) throws -> Result {
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

  /// Waits before the next try.
  ///
  /// - Throws: the error itself where there is to be none.
  func wait(_ what: String, _ error: DatabaseError, _ failures: Int) throws {
    guard !error.blamesRow,
      let delay = context.retry.delay(
        afterFailures: failures, transient: error.isTransient, spread: Double.random(in: 0..<1, using: &random))
    else { throw error }
    context.events.tell(.retried(what: what, error: explain(error), failures: failures, delay: delay))
    meter?.retried()
    try pause(delay)
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
  var blamesRow: Bool {
    code == .constraint || code == .mismatch || sqlState?.hasPrefix("54") == true
  }
}
