import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Transfer

/// Rows that the destination or the transform does not take.
@Suite struct PoisonTests {
  private func postgres() throws -> DatabaseLocation {
    let server = try PrivatePostgres.shared()
    return try DatabaseLocation(server.location(database: server.createDatabase()))
  }

  /// The keys in the reject file, each once.
  private func rejectedKeys(_ bench: CarryBench) throws -> Set<String> {
    var keys: Set<String> = []
    for line in try bench.rejects() {
      let node = try JSONTree(parsing: line, source: "rejects", dialect: .json).root
      keys.insert(try node.required("key").string())
    }
    return keys
  }

  private func check(_ bench: CarryBench, poison: Set<Int>) throws {
    let expected = try bench.expected().filter { row in !poison.contains { row.hasPrefix("\($0) ") } }
    #expect(try bench.found() == expected)
    #expect(try rejectedKeys(bench) == Set(poison.map { String($0) }))
    let totals = try bench.ledgerTotals()
    #expect(totals.sourceRows == (try bench.expected().count))
    #expect(totals.rejectedRows == poison.count)
    #expect(totals.tables["copied"]?.count == UInt64(expected.count))
    #expect(bench.events.rejected == poison.count)
  }

  @Test func `rows that a rule of the table refuses are isolated, and the rest arrives`() async throws {
    try await seededRun(count: 3) { _, random in
      for location in [nil, try postgres()] {
        let poison = Set((0..<12).map { _ in Int.random(in: 1...9_000, using: &random) })
        let bench = try CarryBench(destination: location, check: "body <> 'poison'")
        try bench.fill(1...9_000) { poison.contains($0) ? "poison" : "body \($0)" }
        #expect(try await bench.carry() != .incomplete)
        try check(bench, poison: poison)
      }
    }
  }

  @Test func `rows that the transform refuses are set aside with the reason and no other value`() async throws {
    let bench = try CarryBench()
    try bench.fill(1...5_000)
    try await bench.carry { id throws(RowRejection) in
      if id % 1_000 == 0 { throw RowRejection("body.unreadable", column: "body") }
    }
    try check(bench, poison: [1_000, 2_000, 3_000, 4_000, 5_000])
    for line in try bench.rejects() {
      let node = try JSONTree(parsing: line, source: "rejects", dialect: .json).root
      #expect(try node.required("reason").string() == "body.unreadable")
      #expect(try node.required("column").string() == "body")
      #expect(try node.required("stream").string() == "main")
      let key = try node.required("key").string()
      #expect(try node.required("fields").required("body").string() == "body \(key)")
    }
    #expect(try Base.Files.status(of: bench.folder / "rejects.jsonl").permissions == 0o600)
  }

  @Test func `rows that clash with each other leave one of them in`() async throws {
    let bench = try CarryBench()
    let to = try bench.destination.open()
    try to.execute("CREATE UNIQUE INDEX copied_body ON copied (body)")
    try bench.fill(1...2_000) { $0 % 500 == 0 ? "the same" : "body \($0)" }
    try await bench.carry()
    #expect(try bench.found().count == 1_997)
    #expect(try bench.found().filter { $0.hasSuffix("the same") }.count == 1)
    #expect(try rejectedKeys(bench).count == 3)
  }

  /// PostgreSQL limits what an index may hold, and nothing else.
  @Test func `a value that is too long for an index is isolated`() async throws {
    let bench = try CarryBench(destination: postgres(), mode: .live)
    try bench.destination.open().execute("CREATE INDEX copied_body ON copied (body)")
    var random = TestSupport.SeededGenerator(seed: 7)
    let long = String(
      (0..<9_000).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement(using: &random)! })
    try bench.fill(1...3_000) { $0 == 1_234 ? long : "body \($0)" }
    try await bench.carry()
    try check(bench, poison: [1_234])
  }

  @Test func `a text that PostgreSQL cannot hold is isolated`() async throws {
    let bench = try CarryBench(destination: postgres())
    try bench.fill(1...3_000)
    let from = try Connection.open(bench.source, options: .readWrite)
    try from.execute("UPDATE item SET body = cast(x'61ff62' AS text) WHERE id = 77")
    try from.execute("UPDATE item SET body = cast(x'610062' AS text) WHERE id = 2999")
    try await bench.carry()
    #expect(try rejectedKeys(bench) == ["77", "2999"])
    #expect(try bench.found().count == 2_998)
  }

  @Test(arguments: [0, 1, 7, 29])
  func `the step fails once more rows are rejected than allowed`(_ limit: Int) async throws {
    let bench = try CarryBench(workers: 1, rejectLimit: limit)
    try bench.fill(1...3_000)
    let error = await #expect(throws: MigrationError.self) {
      try await bench.carry { id throws(RowRejection) in if id % 97 == 0 { throw RowRejection("bad") } }
    }
    #expect(error?.code == .stepFailed && error?.advice?.contains("--reject-limit") == true)
    #expect(try rejectedKeys(bench).count <= limit + 1)
    #expect(try bench.found().isEmpty)
  }

  @Test func `as many rows as allowed may be rejected`() async throws {
    let bench = try CarryBench(rejectLimit: 30)
    try bench.fill(1...3_000)
    try await bench.carry { id throws(RowRejection) in if id % 100 == 0 { throw RowRejection("bad") } }
    #expect(try bench.found().count == 2_970)
  }

  @Test func `a resume does not grant the limit anew`() async throws {
    let bench = try CarryBench(workers: 1, rejectLimit: 25)
    try bench.fill(1...60_000)
    let stopper = bench.context.cancellation
    await #expect(throws: CancellationError.self) {
      try await bench.carry { id throws(RowRejection) in
        if id == 3_000 { stopper.set() }
        if id % 100 == 0 && id <= 2_000 { throw RowRejection("bad") }
      }
    }
    #expect(try bench.ledgerTotals().rejectedRows == 20)
    await #expect(throws: MigrationError.self) {
      try await bench.resume { id throws(RowRejection) in if id % 1_000 == 0 { throw RowRejection("bad") } }
    }
  }

  @Test func `a value of another type than its column's is set aside with its row`() async throws {
    let bench = try CarryBench()
    let from = try Connection.open(bench.source, options: .readWrite)
    try from.execute("DROP TABLE item")
    try from.execute("CREATE TABLE item (id bigint PRIMARY KEY, body)")
    try bench.fill(1...9_000)
    let number = TransferStream(
      name: "main",
      scan: SourceScan(
        columns: ["id", "body"], kinds: [.integer, .integer], from: "item", keyExpression: "id", keyKind: .integer),
      outputs: [OutputTable("copied", [("id", .integer), ("body", .integer)])],
      openSource: { [source = bench.source] in try Connection.open(source, options: .readOnly) },
      makeTransform: { CopyTransform(nil) }, removal: { _ in [] })
    try from.execute("UPDATE item SET body = CASE id WHEN 4100 THEN 'ten' ELSE id * 10 END")
    let step = CarryStep(id: "carry", destination: bench.destination, options: bench.options) { _ in [number] }
    try await step.act(bench.context)
    #expect(try rejectedKeys(bench) == ["4100"])
    #expect(try bench.found().count == 8_999)
    #expect(try bench.rejects().first?.contains("source.unreadable") == true)
  }

  @Test func `a poison row in a batch that is tried again is told once`() async throws {
    let server = try PrivatePostgres.shared()
    let proxyFolder = try TestFolder()
    let proxy = try FaultProxy(before: server, in: proxyFolder)
    let name = try server.createDatabase()
    let direct = try DatabaseLocation(server.location(database: name))
    let bench = try CarryBench(destination: direct, check: "body <> 'poison'", workers: 1)
    try bench.fill(1...2_000) { $0 == 555 ? "poison" : "body \($0)" }
    let through = CarryBench.destination(
      try DatabaseLocation("postgresql://\(PrivatePostgres.user)@:\(server.port)/\(name)?host=\(proxyFolder.path)"))
    proxy.set(.cut(after: 20_000, .toServer))
    bench.events.whenRetried { proxy.set(nil) }
    try await bench.step(through).act(bench.context)
    #expect(bench.events.retries >= 1)
    try check(bench, poison: [555])
  }
}
