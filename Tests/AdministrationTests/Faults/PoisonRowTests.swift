import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Rows of an old service that nothing can be made of.
@Suite struct PoisonRowTests {
  /// Plants faults into requests that no task hangs on; tells their keys.
  private func plant(_ bench: FaultBench, _ changes: [String]) throws -> [Int64] {
    let source = try Connection.open(bench.source, options: .readWrite)
    var keys: [Int64] = []
    try source.rows(
      """
      SELECT id FROM request WHERE id NOT IN (SELECT request_id FROM task WHERE request_id IS NOT NULL)
      ORDER BY id * 7919 % 1009 LIMIT \(Int64(changes.count))
      """, [.integer]
    ) { keys.append($0.integer(0) ?? 0) }
    for (key, change) in zip(keys, changes) {
      try source.execute("UPDATE request SET \(unsafeSQL: change) WHERE id = \(key)")
    }
    try source.close()
    return keys
  }

  /// What an import gives of the same source without the given requests.
  private func without(_ keys: [Int64]) async throws -> FaultBench {
    let bench = try await FaultBench()
    let source = try Connection.open(bench.source, options: .readWrite)
    try source.execute("DELETE FROM request WHERE id IN \(list: keys)")
    try source.close()
    #expect(try await bench.workbench().importHistory().state == .verified)
    return bench
  }

  private func rejectedKeys(_ bench: FaultBench) throws -> Set<String> {
    let run = try #require(try bench.program.runs().last)
    let path = run + "/rejects.jsonl"
    #expect(try Base.Files.status(of: path).permissions == 0o600)
    var keys: Set<String> = []
    for line in try Base.Files.readText(path, limit: 1 << 26).split(separator: "\n") {
      keys.insert(
        try JSONTree(parsing: String(line), source: "rejects", dialect: .json).root.required("key").string())
    }
    return keys
  }

  private static let poison = [
    "submitted = 'in May'", "submitted = '2021-02-31 10:00:00'", "submitted = '2021-13-01 10:00:00'",
    "zone = 'Middle-earth/Shire'", "operation = 9999", "operation = 'create'", "status = -1",
    "detail = 'no packed text at all'", "detail = detail || char(92) || 'x'",
    "completed = '99:99'",
  ]

  @Test(arguments: [Route.sqliteToSQLite, .sqliteToPostgres])
  func `poison rows are named, the rest arrives, and the run is no success`(_ route: Route) async throws {
    let bench = try await FaultBench(route)
    let keys = try plant(bench, PoisonRowTests.poison)
    let apply = try bench.program("apply", "--plan", try bench.program.plan())
    #expect(try rejectedKeys(bench) == Set(keys.map { String($0) }))
    #expect(try await bench.digest() == without(keys).digest())
    // All others agree, but it is never silently equal.
    #expect(apply.status == 4, "\(apply.status): \(apply.errors)")
    #expect(try bench.program.state() == "verified")
    #expect(apply.errors.contains("both sides hold the same but for 10 rejected rows"), "\(apply.errors)")
    let shown = try bench.program("status")
    #expect(shown.output.contains("10 rejected rows"), "\(shown.output)")
    let report = try bench.program("report", "--text")
    #expect(report.output.contains("10 rows were rejected"), "\(report.output)")
    #expect(report.status != 0)
    // A list that has lost a line is told of: what is missing, the checkpoints know.
    let list = try #require(try bench.program.runs().last) + "/rejects.jsonl"
    let lines = try Base.Files.readText(list, limit: 1 << 26).split(separator: "\n")
    try Base.Files.write(lines.dropLast().joined(separator: "\n") + "\n", to: list)
    let again = try bench.program("verify")
    #expect(again.status == 4 && again.errors.contains("but for 10 rejected rows"), "\(again.errors)")
    let told = try Base.Files.readText(Paths.folder(of: list) + "/verification.json", limit: 1 << 24)
    #expect(told.contains("has lost 1 of them"))
    // And a row too few is no longer the same.
    try bench.openDestination(.readWrite).execute(
      "DELETE FROM change_request WHERE source_key = (SELECT min(source_key) FROM change_request)")
    let short = try bench.program("verify")
    #expect(short.status == 4 && short.sentence.contains("do not hold the same"), "\(short.errors)")
    #expect(try bench.program.state() == "differing")
  }

  @Test func `with a lower limit the run stops, whole up to there`() async throws {
    let bench = try await FaultBench()
    _ = try plant(bench, PoisonRowTests.poison)
    let apply = try bench.program("apply", "--plan", try bench.program.plan("--reject-limit", "4"))
    #expect(apply.status == 1, "\(apply.errors)")
    #expect(apply.sentence.contains("more than 4 rows were rejected"))
    #expect(apply.advice?.contains("rejects.jsonl") == true)
    #expect(try bench.program.state() == "failed")
    #expect(try bench.program("rollback", "--yes").status == 0)
    #expect(try bench.holdsNothing())
  }

  /// PostgreSQL's indexes hold no more than about 2,700 bytes of what cannot be compressed.
  @Test(arguments: [Route.sqliteToSQLite, .sqliteToPostgres])
  func `a name longer than an index can hold arrives all the same`(_ route: Route) async throws {
    let bench = try await FaultBench(route)
    var random = TestSupport.SeededGenerator(seed: 11)
    let long = String(
      (0..<20_000).map { _ in "abcdefghijklmnopqrstuvwxyz0123456789".randomElement(using: &random)! })
    _ = try plant(bench, ["object_dn = 'CN=\(long)'", "initiator = '\(long)'"])
    let run = try await bench.workbench().importHistory()
    #expect(run.state == .verified)
    // Found by name all the same, and by an index.
    let destination = try bench.openDestination()
    let name = "CN=\(long)"
    let query: SQL = """
      SELECT count(*) FROM change_request
      WHERE substr(object_dn, 1, 256) = substr(\(name), 1, 256) AND object_dn = \(name)
      """
    #expect(try destination.integer(query) == 1)
    let plan = try plan(of: query, on: destination)
    #expect(plan.contains("change_request_object_dn"), "\(plan)")
  }

  /// How the engine goes about a query.
  private func plan(of query: SQL, on connection: Connection) throws -> String {
    var lines: [String] = []
    if connection.engine == .sqlite {
      try connection.rows("EXPLAIN QUERY PLAN \(fragment: query)", [.integer, .integer, .integer, .text]) { row in
        lines.append(row.string(3) ?? "")
      }
    } else {
      // So few rows are read as quickly without an index: what counts is whether it can be used.
      try connection.execute("SET enable_seqscan = off")
      try connection.rows("EXPLAIN \(fragment: query)", [.text]) { row in lines.append(row.string(0) ?? "") }
    }
    return lines.joined(separator: "\n")
  }
}
