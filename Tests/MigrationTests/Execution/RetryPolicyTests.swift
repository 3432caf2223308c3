import TestSupport
import Testing

@testable import Migration

@Suite struct RetryPolicyTests {
  @Test func `transient errors come three times, others once`() {
    let policy = RetryPolicy()
    #expect(
      (1...5).map { policy.delay(afterFailures: $0, transient: true, spread: 0.5) != nil }
        == [true, true, true, false, false])
    #expect(
      (1...3).map { policy.delay(afterFailures: $0, transient: false, spread: 0.5) != nil }
        == [true, false, false])
  }

  @Test func `waits grow, are spread, and never pass the longest by more than a quarter`() throws {
    try seededRun(count: 300) { _, random in
      let policy = RetryPolicy(
        transientRetries: Int.random(in: 0...40, using: &random), firstDelay: 0.25, longestDelay: 8)
      var before = 0.0
      for failures in 1...41 {
        let spread = Double.random(in: 0..<1, using: &random)
        let delay = policy.delay(afterFailures: failures, transient: true, spread: spread)
        try #require((delay != nil) == (failures <= policy.transientRetries))
        guard let delay else { continue }
        let middle = policy.delay(afterFailures: failures, transient: true, spread: 0.5)!
        try #require(middle >= before && middle <= 8)
        try #require(delay >= middle * 0.75 && delay <= middle * 1.25)
        before = middle
      }
    }
  }

  @Test func `a policy without retries gives up at once`() {
    let policy = RetryPolicy(transientRetries: 0, otherRetries: 0)
    #expect(policy.delay(afterFailures: 1, transient: true, spread: 0) == nil)
    #expect(policy.delay(afterFailures: 1, transient: false, spread: 0) == nil)
  }
}
