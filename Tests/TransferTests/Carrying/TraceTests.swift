import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Transfer

/// Catching up where rows in the destination do not tell precisely which row of the source they came from.
@Suite struct TraceTests {
  private struct Scene {
    let bench: CarryBench
    let writer: Connection
    let stream: TransferStream

    init(_ make: (CarryBench) -> TransferStream) throws {
      let server = try PrivatePostgres.shared()
      bench = try CarryBench(source: DatabaseLocation(server.location(database: server.createDatabase())))
      try bench.fill(1...13_000)
      writer = try Connection.open(bench.source, options: .readWrite)
      stream = make(bench)
    }

    func carry() async throws {
      let stream = stream
      try await CarryStep(id: "carry", destination: bench.destination, options: bench.options) { _ in [stream] }
        .act(bench.context)
      #expect(try bench.ledger.batches("main", .integer, on: bench.destination.open()).count > 2)
    }

    /// - Returns: how many batches were carried anew.
    func catchUp() async throws -> Int {
      let stream = stream
      let before = bench.events.batches
      let step = CatchUpStep(
        id: "catch-up", destination: bench.destination, options: bench.options, refresh: {}
      ) { _ in [stream] }
      try await step.act(bench.context)
      #expect(try bench.found() == bench.expected())
      #expect(try bench.ledgerTotals().tables["copied"]?.count == UInt64(try bench.expected().count))
      return bench.events.batches - before
    }

    /// Batches as they are cut now.
    func bounds() throws -> [Int64] {
      try bench.ledger.batches("main", .integer, on: bench.destination.open()).compactMap { batch in
        if case .integer(let upper)? = batch.range.upper { upper } else { nil }
      }.sorted()
    }
  }

  private static func copy(
    _ stream: TransferStream, _ trace: RowTrace, removal: (@Sendable (KeyRange) -> [SQL])? = nil
  ) -> TransferStream {
    TransferStream(
      name: stream.name, scan: stream.scan, outputs: stream.outputs, openSource: stream.openSource,
      makeTransform: stream.makeTransform, removal: removal ?? stream.removal, trace: trace)
  }

  /// Rows of which only the number of their thirty is known.
  private static func coarse(_ range: KeyRange) -> KeyRange {
    var reached = KeyRange.all
    if case .integer(let lower)? = range.lower { reached.lower = .integer(lower / 37 * 37 - 1) }
    if case .integer(let upper)? = range.upper { reached.upper = .integer(upper / 37 * 37 + 36) }
    return reached
  }

  @Test func `what a removal cannot tell from a changed batch is carried again with it`() async throws {
    let scene = try Scene { bench in
      let exact = bench.stream()
      return TraceTests.copy(exact, .byReach(TraceTests.coarse)) { exact.removal(TraceTests.coarse($0)) }
    }
    try await scene.carry()
    let bounds = try scene.bounds()
    try #require(bounds.dropLast().contains { $0 % 37 != 36 })
    try scene.writer.execute("UPDATE item SET body = 'changed' WHERE id = \(bounds[0] - 1_000)")
    _ = try await scene.catchUp()
    // At the very bound, on both of its sides, and gone from it.
    try scene.writer.execute("DELETE FROM item WHERE id = \(bounds[0])")
    _ = try await scene.catchUp()
    try scene.writer.execute("DELETE FROM item WHERE id = \(bounds[1] + 1)")
    try scene.writer.execute("UPDATE item SET body = 'changed' WHERE id = \(bounds[1])")
    _ = try await scene.catchUp()
    // A batch that has nothing in common with its neighbours is carried alone.
    let gap = try scene.bounds()[0]
    try scene.writer.execute("DELETE FROM item WHERE id BETWEEN \(gap - 100) AND \(gap + 100)")
    _ = try await scene.catchUp()
    try scene.writer.execute("UPDATE item SET body = 'alone' WHERE id = 5")
    #expect(try await scene.catchUp() <= TraceTests.oneRange)
  }

  /// A range that ends with a full batch has an empty one behind it.
  private static let oneRange = 2

  @Test func `rows without a source key are followed by their own`() async throws {
    let scene = try Scene { bench in
      let trace = RowTrace.byOwnKeys(
        rows: { outputs, connection in
          let ids = outputs.withTable(0) { block in (0..<block.count).compactMap { block[$0].integer(0) } }
          return ids.isEmpty ? 0 : try connection.execute("DELETE FROM copied WHERE id IN \(list: ids)")
        }, all: ["DELETE FROM copied"])
      return TraceTests.copy(bench.stream(), trace) { range in
        invariant(range == .all, "a removal by a range that the rows do not tell")
        return ["DELETE FROM copied"]
      }
    }
    try await scene.carry()
    let bounds = try scene.bounds()
    try scene.writer.execute("UPDATE item SET body = 'changed' WHERE id = \(bounds[0] - 7)")
    #expect(try await scene.catchUp() <= TraceTests.oneRange)
    try scene.writer.execute("INSERT INTO item VALUES (-3, 'below'), (20000, 'above')")
    #expect(try await scene.catchUp() <= TraceTests.oneRange * 2)
    // What is gone cannot be found: all is carried again.
    try scene.writer.execute("DELETE FROM item WHERE id = \(bounds[1] - 7)")
    #expect(try await scene.catchUp() >= bounds.count)
  }

  @Test func `a process that lost the destination takes nothing back`() async throws {
    let scene = try Scene { $0.stream() }
    try await scene.carry()
    try scene.writer.execute("UPDATE item SET body = 'changed' WHERE id = 5")
    let before = try scene.bench.found()
    try scene.bench.destination.open().execute("UPDATE locktender_fence SET token = token + 1")
    await #expect(throws: MigrationError.self) { try await scene.catchUp() }
    #expect(try scene.bench.found() == before)
  }
}
