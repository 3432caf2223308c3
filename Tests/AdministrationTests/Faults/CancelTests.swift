import Base
import Database
import Glibc
import Migration
import Subprocess
import TestSupport
import Testing

@testable import Administration

/// Stopping on request, and the two ways on from there.
@Suite(.serialized) struct CancelTests {
  private static let history = 40_000

  /// A run that was interrupted by a signal, or by another process, while it carried rows.
  private func cancelled(
    _ bench: FaultBench, by cancel: (Int32) throws -> Void
  ) throws -> (seconds: Double, status: CommandStatus) {
    var child = try bench.program.start(["apply", "--plan", bench.program.plan("--workers", "1")])
    let deadline = ContinuousClock.now + .seconds(60)
    while try child.isRunning(), ContinuousClock.now < deadline {
      let log = bench.program.log
      if log.contains("\"batchCommitted\""), log.contains("\"id\":\"history\"") { break }
      blockThread(seconds: 0.002)
    }
    let start = ContinuousClock.now
    try cancel(child.pid)
    let status = try child.wait(timeout: .seconds(60))
    return ((ContinuousClock.now - start) / .seconds(1), status)
  }

  private func expectStopped(
    _ bench: FaultBench, _ outcome: (seconds: Double, status: CommandStatus),
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    #expect(outcome.status == .exited(5), "\(bench.program.talk)", sourceLocation: sourceLocation)
    #expect(outcome.seconds < 2, sourceLocation: sourceLocation)
    #expect(try bench.program.state() == "cancelled", sourceLocation: sourceLocation)
    // Half of it is in, and the checkpoints say just how much.
    let connection = try bench.openDestination()
    let rows = try connection.integer("SELECT count(*) FROM change_request") ?? 0
    let told = try connection.integer(
      "SELECT cast(coalesce(sum(written_rows), 0) AS bigint) FROM locktender_batch_table WHERE table_name = 'change_request'"
    )
    #expect(rows == told, sourceLocation: sourceLocation)
    #expect(rows < Int64(CancelTests.history), sourceLocation: sourceLocation)
  }

  @Test func `an interrupt stops within two seconds, and a resume brings the rest`() async throws {
    let expected = try await FaultBench.undisturbed(history: CancelTests.history)
    let bench = try await FaultBench(history: CancelTests.history)
    let outcome = try cancelled(bench) { kill($0, SIGINT) }
    try expectStopped(bench, outcome)
    let resumed = try bench.program("resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    try bench.expectWhole(expected)
  }

  @Test func `another process stops it, and a rollback leaves no trace`() async throws {
    let bench = try await FaultBench(history: CancelTests.history)
    let program = bench.program
    let outcome = try cancelled(bench) { _ in
      let cancel = try program("cancel")
      #expect(cancel.status == 0, "\(cancel.errors)")
    }
    try expectStopped(bench, outcome)
    let removed = try program("rollback", "--yes")
    #expect(removed.status == 0, "\(removed.errors)")
    #expect(try program.state() == "rolledBack")
    #expect(try bench.holdsNothing())
  }

  @Test func `a cancel that removes leaves no trace on PostgreSQL`() async throws {
    let bench = try await FaultBench(.sqliteToPostgres, history: CancelTests.history)
    let program = bench.program
    _ = try cancelled(bench) { _ in
      let cancel = try program("cancel", "--remove")
      #expect(cancel.status == 0, "\(cancel.errors)")
    }
    #expect(try program.state() == "rolledBack")
    #expect(try bench.holdsNothing())
  }
}
