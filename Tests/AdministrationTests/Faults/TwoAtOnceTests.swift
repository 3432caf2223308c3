import Base
import Glibc
import Migration
import Subprocess
import TestSupport
import Testing

@testable import Administration

/// Two processes that want to work on one destination, or on one run.
@Suite(.serialized) struct TwoAtOnceTests {
  @Test(arguments: [Route.sqliteToSQLite, .sqliteToPostgres])
  func `of two imports into one destination one is refused, and neither spoils the other`(
    _ route: Route
  ) async throws {
    let first = try await FaultBench(route, history: 20_000)
    let second = try await FaultBench(route, history: 20_000, destination: first.destination)
    let hashes = try (first.program.plan(), second.program.plan())
    var child = try first.program.start(["apply", "--plan", hashes.0])
    // The first one stands still in the middle of its work, with the destination in its hands.
    try await waitForBatch(first)
    kill(child.pid, SIGSTOP)
    let refused = try second.program("apply", "--plan", hashes.1)
    #expect([1, 3].contains(refused.status), "\(refused.errors)")
    // Its mark on the destination is met first; where it stands still in the middle of a commit, its lock on the file.
    let words = ["has taken it for its own", "another connection holds the lock"]
    #expect(words.contains { refused.errors.contains($0) }, "\(refused.errors)")
    #expect(refused.advice != nil)
    let resumed = try first.program("resume")
    #expect(resumed.status == 1 && resumed.errors.contains("another process works on it"), "\(resumed.errors)")
    kill(child.pid, SIGCONT)
    #expect(try child.wait(timeout: .seconds(120)) == .exited(0), "\(first.program.talk)")
    #expect(try first.digest() == (try await FaultBench.undisturbed(route, history: 20_000)))
  }

  /// Killed while it stood still, it cannot write any more, and nobody waits for it.
  @Test func `a destination whose holder was killed is free at once`() async throws {
    let first = try await FaultBench(.sqliteToPostgres, history: 20_000)
    var child = try first.program.start(["apply", "--plan", first.program.plan()])
    try await waitForBatch(first)
    kill(child.pid, SIGSTOP)
    child.killHard()
    _ = try child.wait()
    let resumed = try first.program("resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    try first.expectWhole(try await FaultBench.undisturbed(.sqliteToPostgres, history: 20_000))
  }

  private func waitForBatch(_ bench: FaultBench) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < deadline {
      if bench.program.log.contains("\"id\":\"history\"") { return }
      blockThread(seconds: 0.002)
    }
    Issue.record("no history was carried within a minute: \(bench.program.talk)")
  }
}
