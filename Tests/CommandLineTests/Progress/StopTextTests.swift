import Migration
import Testing

@testable import CommandLine

@Suite struct StopTextTests {
  /// What is said to somebody who presses Ctrl-C is what the state allows afterwards.
  @Test(arguments: RunState.allCases.filter(\.isAtWork))
  func `what is said of a stop is what can follow it`(_ state: RunState) {
    let first = StopText.stopping(1, state)
    #expect(first.contains("resume") == [.planned, .waiting, .running, .cancelling].contains(state))
    #expect(first.contains("locktender verify") == (state == .verifying))
    #expect(first.contains("locktender rollback") == (state == .rollingBack))
    #expect(first.contains("locktender finalize") == (state == .finalizing))
    #expect(StopText.stopping(2, state).contains("kill -9"))
  }
}
