import Base
import Cryptography
import Database
import Migration
import Synchronization
import TestSupport
import Testing

@testable import Transfer

/// Workers that stall so long that others take their range, and wake up.
@Suite struct StallTests {
  @Test func `a worker that wakes up after its lease takes the next range instead`() async throws {
    let server = try PrivatePostgres.shared()
    let clock = ManualClock()
    let bench = try CarryBench(
      destination: DatabaseLocation(server.location(database: server.createDatabase())), workers: 2, clock: clock)
    // Two ranges.
    try bench.fill(1...130_000)
    let ledger = bench.ledger
    let location = bench.location
    let stalled = Mutex(false)
    try await bench.step { id throws(RowRejection) in
      guard id == 500 else { return }
      let isFirst = stalled.withLock { stalled in
        defer { stalled = true }
        return !stalled
      }
      guard isFirst else { return }
      clock.advance(seconds: 61)
      // Sleeps until somebody else has brought the range to its end.
      let deadline = ContinuousClock.now + .seconds(60)
      while ContinuousClock.now < deadline {
        // A database that is busy is asked again.
        // Busy for a moment: asked again.
        let isDone = try? ledger.isComplete("main", on: Connection.open(location, options: .readOnly))
        if isDone == true { return }
        blockThread(seconds: 0.01)
      }
    }.act(bench.context)
    #expect(try bench.found() == bench.expected())
    #expect(try bench.ledgerTotals().sourceRows == 130_000)
  }

  /// With one writer, workers wait for their turn: a wait beyond the lease must not end the run.
  @Test func `a worker whose range is taken while it waits for its turn goes on with another`() async throws {
    let clock = ManualClock()
    let bench = try CarryBench(workers: 2, clock: clock)
    try bench.fill(1...100_000)
    try await bench.step { id throws(RowRejection) in if id % 7_000 == 0 { clock.advance(seconds: 61) } }
      .act(bench.context)
    #expect(try bench.found() == bench.expected())
    #expect(try bench.ledgerTotals().sourceRows == 100_000)
  }

  @Test func `the error of one worker is told, whatever the others end with`() async throws {
    try await seededRun(count: 10) { _, random in
      let bench = try CarryBench(workers: 4, rejectLimit: 0)
      try bench.fill(1...100_000)
      let bad = Int64.random(in: 1...99_000, using: &random)
      let error = await #expect(throws: MigrationError.self) {
        try await bench.carry { id throws(RowRejection) in if id == bad { throw RowRejection("bad") } }
      }
      #expect(error?.code == .stepFailed)
      let found = try bench.found()
      #expect(Set(found).count == found.count)
      #expect(Set(found).isSubset(of: try bench.expected()))
      #expect(try bench.ledgerTotals().sourceRows == found.count)
    }
  }

  @Test func `a cancel ends the step at a batch's end`() async throws {
    try await seededRun(count: 4) { _, random in
      let bench = try CarryBench(workers: 2)
      try bench.fill(1...100_000)
      let last = Int64.random(in: 1...60_000, using: &random)
      let flag = bench.context.cancellation
      await #expect(throws: CancellationError.self) {
        try await bench.carry { id throws(RowRejection) in if id == last { flag.set() } }
      }
      let found = try bench.found()
      #expect((1..<100_000).contains(found.count))
      #expect(try bench.ledgerTotals().sourceRows == found.count)
      try await bench.resume()
      #expect(try bench.found() == bench.expected())
      #expect(try bench.ledgerTotals().sourceRows == 100_000)
    }
  }
}
