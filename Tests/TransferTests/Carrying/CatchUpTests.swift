import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Transfer

/// A source that others write to while it is read.
@Suite struct CatchUpTests {
  /// A source on PostgreSQL, read in one picture that a test renews.
  private struct Scene {
    let bench: CarryBench
    let writer: Connection

    init(rows: some Sequence<Int>, destination: DatabaseLocation? = nil) throws {
      let server = try PrivatePostgres.shared()
      bench = try CarryBench(
        source: DatabaseLocation(server.location(database: server.createDatabase())), destination: destination)
      try bench.fill(rows)
      writer = try Connection.open(bench.source, options: .readWrite)
    }

    func catchUp(_ context: StepContext? = nil) async throws {
      let stream = bench.stream()
      let step = CatchUpStep(
        id: "catch-up", destination: bench.destination, options: bench.options, refresh: {}
      ) { _ in [stream] }
      try await step.act(context ?? bench.context)
      #expect(try await step.probe(context ?? bench.context) != .incomplete)
    }

    func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) throws {
      #expect(try bench.found() == bench.expected(), sourceLocation: sourceLocation)
      let totals = try bench.ledgerTotals()
      #expect(totals.sourceRows == (try bench.expected().count), sourceLocation: sourceLocation)
      #expect(
        totals.tables["copied"]?.count ?? 0 == UInt64(totals.sourceRows), sourceLocation: sourceLocation)
    }
  }

  @Test func `rows that a late transaction commits beneath the highest key arrive`() async throws {
    let scene = try Scene(rows: stride(from: 10, through: 60_000, by: 10))
    let late = try Connection.open(scene.bench.source, options: .readWrite)
    try late.begin(.deferred)
    for id in [5, 11, 30_003, 59_999] { try late.execute("INSERT INTO item VALUES (\(id), 'late')") }
    try await scene.bench.carry()
    #expect(try scene.bench.found().count == 6_000)
    try late.commit()
    try await scene.catchUp()
    #expect(try scene.bench.found().count == 6_004)
    try scene.expectWhole()
  }

  @Test func `new, changed and deleted rows are followed, at both ends of the keys`() async throws {
    try await seededRun(count: 5) { _, random in
      let scene = try Scene(rows: 1_000...21_000)
      try await scene.bench.carry()
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let id = Int.random(in: 1_000...21_000, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: try scene.writer.execute("UPDATE item SET body = 'changed' WHERE id = \(id)")
        case 1: try scene.writer.execute("DELETE FROM item WHERE id = \(id)")
        case 2: try scene.writer.execute("INSERT INTO item VALUES (\(id - 21_000), 'new') ON CONFLICT DO NOTHING")
        default: try scene.writer.execute("INSERT INTO item VALUES (\(id + 21_000), 'new') ON CONFLICT DO NOTHING")
        }
      }
      try await scene.catchUp()
      try scene.expectWhole()
    }
  }

  @Test func `a source that was empty when the import began is followed`() async throws {
    let scene = try Scene(rows: [])
    try await scene.bench.carry()
    for id in [-4, 0, 7] { try scene.writer.execute("INSERT INTO item VALUES (\(id), 'new')") }
    try await scene.catchUp()
    try scene.expectWhole()
  }

  @Test func `an untouched source is passed over once`() async throws {
    let scene = try Scene(rows: 1...9_000)
    try await scene.bench.carry()
    let batches = scene.bench.events.batches
    try await scene.catchUp()
    #expect(scene.bench.events.batches == batches)
    #expect(try scene.bench.context.journal.note("catch-up.passes") == "1")
  }

  @Test func `a catch-up that is cut off anywhere is made again`() async throws {
    try await seededRun(count: 4) { _, random in
      let scene = try Scene(rows: 1...30_000)
      try await scene.bench.carry()
      for id in [3, 9_000, 20_000] { try scene.writer.execute("UPDATE item SET body = 'x' WHERE id = \(id)") }
      for id in [40_000, -1] { try scene.writer.execute("INSERT INTO item VALUES (\(id), 'new')") }
      let stopAt = Int.random(in: 0...5, using: &random)
      // Cancels after so many events more, which is somewhere between two transactions.
      let flag = CancellationFlag()
      let events = scene.bench.events
      let before = events.all.count
      let context = StepContext(
        run: scene.bench.context.run, folder: scene.bench.folder.path, workplace: scene.bench.context.workplace,
        journal: scene.bench.context.journal,
        events: EventSink(
          run: scene.bench.context.run, clock: SystemClock(),
          listeners: [
            { event in
              events.add(event)
              if events.all.count > before + stopAt { flag.set() }
            }
          ]), cancellation: flag, retry: scene.bench.context.retry)
      do { try await scene.catchUp(context) } catch is CancellationError {}
      try await scene.catchUp()
      try scene.expectWhole()
    }
  }

  /// Rows that change under the reader's hands in every pass.
  @Test func `a source that never rests fails with the way out`() async throws {
    let scene = try Scene(rows: 1...100)
    try await scene.bench.carry()
    let stream = scene.bench.stream()
    let source = scene.bench.source
    let step = CatchUpStep(
      id: "catch-up", destination: scene.bench.destination, options: scene.bench.options,
      refresh: {
        let connection = try Connection.open(source, options: .readWrite)
        try connection.execute("UPDATE item SET body = body || 'x' WHERE id = 50")
      }
    ) { _ in [stream] }
    let error = await #expect(throws: MigrationError.self) { try await step.act(scene.bench.context) }
    #expect(error?.code == .stepFailed && error?.advice?.contains("stop the old service") == true)
  }
}
