import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Transfer

/// Two workers that both believe that a range is theirs.
@Suite struct ClaimTests {
  /// A bench with one planned range of the keys 1 to 100.
  private struct Scene {
    let bench: CarryBench
    let clock = ManualClock()
    let control: Connection
    let ledger: RangeLedger

    init(_ location: DatabaseLocation? = nil, lease: Double = 60) throws {
      bench = try CarryBench(destination: location, clock: clock)
      try bench.fill(1...100)
      try bench.destination.hold.take()
      control = try bench.destination.open()
      ledger = RangeLedger(run: bench.context.run, clock: clock, leaseSeconds: lease)
      try ledger.plan("main", [KeyRange(above: nil, through: .integer(100))], on: control)
    }

    func claim(_ worker: String) throws -> RangeClaim? {
      try control.transaction(.immediate) {
        try ledger.claim("main", .integer, newestFirst: false, worker: worker, on: control)
      }
    }

    /// A batch with all rows of the range.
    func batch(_ stream: TransferStream? = nil) throws -> Batch {
      let stream = stream ?? bench.stream()
      let batch = try Batch(stream)
      let source = try stream.openSource()
      var rows = try source.stream(stream.scan.query(.all), stream.scan.kinds)
      _ = try batch.read(&rows, size: 1_000)
      return batch
    }
  }

  private func scenes() throws -> [Scene] {
    let server = try PrivatePostgres.shared()
    return try [Scene(), Scene(DatabaseLocation(server.location(database: server.createDatabase())))]
  }

  @Test func `a range is given to one worker until the lease runs out`() throws {
    for scene in try scenes() {
      let first = try #require(try scene.claim("a"))
      #expect(try scene.claim("b") == nil)
      scene.clock.advance(seconds: 59)
      #expect(try scene.claim("b") == nil)
      scene.clock.advance(seconds: 2)
      let second = try #require(try scene.claim("b"))
      #expect(second.number == first.number && second.token > first.token)
    }
  }

  @Test func `a worker that slept through its lease commits nothing`() throws {
    for scene in try scenes() {
      var sleeper = try #require(try scene.claim("a"))
      let batch = try scene.batch()
      scene.clock.advance(seconds: 61)
      var owner = try #require(try scene.claim("b"))
      let writer = try scene.bench.writer()
      #expect(throws: (any Error).self) { try writer.commit(batch, 0..<100, endsRange: true, &sleeper) }
      #expect(try scene.bench.found().isEmpty)
      #expect(try scene.bench.ledgerTotals().sourceRows == 0)
      try writer.commit(batch, 0..<100, endsRange: true, &owner)
      #expect(try scene.bench.found() == scene.bench.expected())
      // And not afterwards either, when the range is done.
      #expect(throws: (any Error).self) { try writer.commit(batch, 0..<100, endsRange: true, &sleeper) }
      #expect(try scene.bench.found() == scene.bench.expected())
      #expect(try scene.bench.ledgerTotals().sourceRows == 100)
    }
  }

  @Test func `a worker that slept, but whose range nobody took, may go on`() throws {
    for scene in try scenes() {
      var claim = try #require(try scene.claim("a"))
      let batch = try scene.batch()
      scene.clock.advance(seconds: 3_600)
      try scene.bench.writer().commit(batch, 0..<100, endsRange: true, &claim)
      #expect(try scene.bench.found() == scene.bench.expected())
    }
  }

  @Test func `each batch makes the lease last longer`() throws {
    for scene in try scenes() {
      var claim = try #require(try scene.claim("a"))
      let batch = try scene.batch()
      let writer = try scene.bench.writer()
      for part in [0..<30, 30..<60, 60..<90] {
        scene.clock.advance(seconds: 50)
        try writer.commit(batch, part, endsRange: false, &claim)
        #expect(try scene.claim("b") == nil)
      }
      scene.clock.advance(seconds: 61)
      var next = try #require(try scene.claim("b"))
      #expect(next.position == .integer(90) && next.nextBatch == 3)
      #expect(throws: (any Error).self) { try writer.commit(batch, 90..<100, endsRange: true, &claim) }
      try writer.commit(batch, 90..<100, endsRange: true, &next)
      #expect(try scene.bench.found() == scene.bench.expected())
    }
  }

  @Test func `a run that is taken over leaves the workers before it nothing to commit`() throws {
    for scene in try scenes() {
      var sleeper = try #require(try scene.claim("a"))
      let batch = try scene.batch()
      try scene.ledger.takeOver(on: scene.control)
      let writer = try scene.bench.writer()
      #expect(throws: (any Error).self) { try writer.commit(batch, 0..<100, endsRange: true, &sleeper) }
      #expect(try scene.bench.found().isEmpty)
      let owner = try #require(try scene.claim("b"))
      #expect(owner.token > sleeper.token)
      // Giving a range back that is another's by now changes nothing.
      try scene.ledger.release(sleeper, on: scene.control)
      #expect(try scene.claim("c") == nil)
    }
  }

  @Test func `the same batch is never taken for the one before it`() throws {
    for scene in try scenes() {
      var claim = try #require(try scene.claim("a"))
      let before = claim
      let batch = try scene.batch()
      let writer = try scene.bench.writer()
      try writer.commit(batch, 0..<100, endsRange: false, &claim)
      // The answer got lost, and the worker still stands before the batch: it is in already.
      var again = before
      try writer.commit(batch, 0..<100, endsRange: false, &again)
      #expect(try scene.bench.found() == scene.bench.expected())
      // All rows are in, but the range's end is not: it must not pass for done.
      #expect(try scene.ledger.isComplete("main", on: scene.control) == false)
      let isIn = try scene.ledger.isIn(claim, endOfRange(), on: scene.control)
      #expect(!isIn)
      try writer.commitEmptyEnd(&claim, batch)
      #expect(try scene.ledger.isComplete("main", on: scene.control))
    }
  }

  private func endOfRange() -> Checkpoint {
    Checkpoint(
      upper: .integer(100), sourceRows: 0, skippedRows: 0, rejectedRows: 0, sourceDigest: DigestSum(), tables: [],
      endsRange: true)
  }

  @Test func `several workers on PostgreSQL get different ranges at once`() async throws {
    let server = try PrivatePostgres.shared()
    let bench = try CarryBench(destination: DatabaseLocation(server.location(database: server.createDatabase())))
    try bench.destination.hold.take()
    let ranges = KeyRange.cut(from: .integer(0), through: .integer(9_999), into: 60)
    try bench.ledger.plan("main", ranges, on: bench.destination.open())
    let numbers = try await withThrowingTaskGroup(of: [Int].self) { group in
      for worker in 0..<4 {
        let thread = BlockingThread(name: "claims")
        group.addTask {
          try await thread.run {
            var numbers: [Int] = []
            let connection = try bench.destination.open()
            while let claim = try connection.transaction(
              .immediate,
              {
                try bench.ledger.claim(
                  "main", .integer, newestFirst: worker % 2 == 0, worker: "\(worker)", on: connection)
              })
            {
              numbers.append(claim.number)
            }
            return numbers
          }
        }
      }
      return try await group.reduce(into: [], +=)
    }
    #expect(numbers.sorted() == Array(0..<60))
  }

  @Test func `a stream that was never planned is not done`() throws {
    for scene in try scenes() {
      #expect(try scene.ledger.isComplete("other", on: scene.control) == false)
    }
  }

  @Test func `a ledger that somebody edited is called damaged`() throws {
    let scene = try Scene()
    try scene.control.execute("UPDATE locktender_range SET upper_key = 'x'")
    let error = #expect(throws: MigrationError.self) { try scene.claim("a") }
    #expect(error?.code == .damaged && error?.advice != nil)
  }
}
