/// How often a failed act is tried again, and how long to wait before it.
///
/// Transient errors (a lost connection, a lock, a full server) come up to three times, any other once; the wait
/// doubles from a quarter of a second and is spread by up to half, so that several workers do not return at once.
public struct RetryPolicy: Sendable {
  public var transientRetries: Int
  public var otherRetries: Int
  /// Seconds before the first retry.
  public var firstDelay: Double
  public var longestDelay: Double

  public init(transientRetries: Int = 3, otherRetries: Int = 1, firstDelay: Double = 0.25, longestDelay: Double = 8)
  {
    self.transientRetries = transientRetries
    self.otherRetries = otherRetries
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
  }

  /// Seconds to wait before the next try, or nil to give up.
  ///
  /// - Parameters:
  ///   - failures: how many tries have failed, at least 1.
  ///   - spread: a number in 0..<1 from the caller's random source.
  public func delay(afterFailures failures: Int, transient: Bool, spread: Double) -> Double? {
    let allowed = transient ? transientRetries : otherRetries
    guard failures <= allowed else { return nil }
    var delay = firstDelay
    for _ in 1..<failures { delay = min(delay * 2, longestDelay) }
    return delay * (0.75 + spread / 2)
  }
}
