import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite struct CoverageTests {
  private func spans(_ spans: [TimeSpan]?) -> [String] {
    (spans ?? []).map { "\($0.from?.description ?? "…") \($0.until?.description ?? "…")" }
  }

  @Test(arguments: engines) func `each source tells what it covers, and each gap its reason`(engine: Engine) throws
  {
    let bench = try ReadingBench(engine)
    try bench.request(1, "2022-01-01T00:00:00Z", "CN=x")
    try bench.request(2, "1965-01-01T00:00:00Z", "CN=x")
    for (number, name) in [(1, "main"), (2, "branch"), (3, "tasks")] as [(Int64, String)] {
      try bench.source(number, name)
    }
    try bench.history(1, of: 1, from: "2021-03-01", until: "2023-05-02")
    try bench.history(2, of: 1, from: "2023-05-07", until: "2024-01-01")
    try bench.history(3, of: 1, from: "2024-01-01", until: nil)
    let broken = UniqueID.random()
    try bench.history(4, of: 2, from: nil, until: "2020-01-01")
    try bench.history(5, of: 2, from: "2020-01-01", until: "2021-01-01", state: "running", run: broken)
    try bench.history(7, of: 2, from: "2021-01-01", until: "2022-01-01", state: "taken-back")
    try bench.history(6, of: 3, from: nil, until: nil, state: "tasks-only")
    let coverage = try #require(try bench.ask(.object("CN=x")).heading?.coverage)
    #expect(coverage.sources.map(\.name) == ["main", "branch", "tasks"])
    #expect(
      spans(coverage.sources.first?.covered) == [
        "2021-03-01T00:00:00Z 2023-05-02T00:00:00Z", "2023-05-07T00:00:00Z …",
      ])
    #expect(coverage.sources[0].copiedBefore == ReadingBench.created && coverage.sources[1].copiedBefore == nil)
    func gaps(_ source: String) -> [String] {
      coverage.gaps.filter { $0.source == source }.map { "\($0.reason.rawValue) \(spans([$0.span])[0])" }
    }
    #expect(
      gaps("main") == [
        "notImported 2023-05-02T00:00:00Z 2023-05-07T00:00:00Z", "notImported … 2021-03-01T00:00:00Z",
      ])
    #expect(
      gaps("branch") == [
        "notImported 2021-01-01T00:00:00Z …", "unfinished 2020-01-01T00:00:00Z 2021-01-01T00:00:00Z",
      ])
    #expect(gaps("tasks") == ["tasksOnly … …"])
    #expect(coverage.gaps.first { $0.reason == .unfinished }?.run == broken)
    #expect(coverage.first == Timestamp(rfc3339: "1965-01-01"))
    #expect(coverage.last == Timestamp(rfc3339: "2022-01-01"))
    #expect(coverage.ownSince == ReadingBench.created)

    // Only what lies in the times that are asked for.
    let asked = HistoryFilter(since: Timestamp(rfc3339: "2023-05-06"), until: Timestamp(rfc3339: "2023-06-01"))
    let clipped = try #require(try bench.ask(.object("CN=x"), asked).heading?.coverage)
    #expect(
      spans(clipped.gaps.filter { $0.source == "main" }.map(\.span)) == [
        "2023-05-06T00:00:00Z 2023-05-07T00:00:00Z"
      ])
  }

  @Test(arguments: engines) func `rejected rows are missing until they come repaired`(engine: Engine) throws {
    let bench = try ReadingBench(engine)
    try bench.request(1, "2022-01-01T00:00:00Z", "CN=x")
    try bench.source(1, "main")
    try bench.source(2, "branch")
    let (first, second, repairs) = (UniqueID.random(), UniqueID.random(), UniqueID.random())
    try bench.history(1, of: 1, from: nil, until: "2020-01-01", run: first)
    try bench.history(2, of: 2, from: nil, until: nil, run: first)
    // Another name for the same source, in a run of its own.
    try bench.history(3, of: 1, from: "2020-01-01", until: nil, run: second)
    try bench.connection.execute(
      """
      CREATE TABLE locktender_batch (run text, stream text, source_rows bigint, skipped_rows bigint,
        rejected_rows bigint)
      """)
    func batch(_ run: UniqueID, _ stream: String, _ rows: Int, rejected: Int, skipped: Int = 0) throws {
      try bench.connection.execute(
        "INSERT INTO locktender_batch VALUES (\(run.description), \(stream), \(rows), \(skipped), \(rejected))")
    }
    try batch(first, "main/requests", 10, rejected: 2)
    try batch(first, "main/sections", 10, rejected: 1)
    try batch(first, "branch/requests", 10, rejected: 0)
    try batch(second, "zentrale/requests", 10, rejected: 4)
    func rejected() throws -> [String] {
      try #require(try bench.ask(.object("CN=x")).heading?.coverage).gaps.filter { $0.reason == .rejected }.map {
        "\($0.source) \($0.rows ?? 0) \(spans([$0.span])[0])"
      }
    }
    #expect(try rejected() == ["main 4 2020-01-01T00:00:00Z …", "main 3 … 2020-01-01T00:00:00Z"])
    // Five come repaired, one of six is still amiss: what is left is told with the later run.
    try bench.history(4, of: 1, from: nil, until: nil, state: "repairs", run: repairs)
    try batch(repairs, "repaired/requests", 8, rejected: 1, skipped: 2)
    #expect(try rejected() == ["main 2 2020-01-01T00:00:00Z …"])
    // The span of repaired rows is no coverage.
    #expect(
      try bench.ask(.object("CN=x")).heading?.coverage.gaps.contains { $0.reason == .unfinished } == false)
    try batch(repairs, "repaired/sections", 2, rejected: 0)
    #expect(try rejected() == [])
  }

  @Test(arguments: engines) func `a history without any import says so`(engine: Engine) throws {
    let bench = try ReadingBench(engine)
    try bench.request(1, "2026-02-01T00:00:00Z", "CN=x")
    let coverage = try #require(try bench.ask(.object("CN=x")).heading?.coverage)
    #expect(coverage.gaps.map(\.span) == [TimeSpan(until: ReadingBench.created)])
  }

  @Test func `two imports with a gap, and rows that were rejected, are told with what they brought`() async throws {
    let bench = try await Workbench(.v7_5)
    let old = try Connection.open(
      .sqlite(path: bench.folder.path + "/old/administration.db"), options: .readWrite)
    // A row that no import can carry.
    try old.execute(
      "UPDATE request SET operation = 99 WHERE id = (SELECT min(id) FROM request WHERE submitted > '2021')")
    try old.close()
    _ = try await bench.importHistory(["until": ["2018-01-01"]])
    _ = try? await bench.importHistory(["from": ["2020-01-01"]])  // rejected rows are no agreement
    let connection = try bench.openDestination()
    let guid = try #require(
      try connection.first(
        """
        SELECT object_guid FROM change_request WHERE object_guid IS NOT NULL GROUP BY object_guid
        ORDER BY count(DISTINCT object_dn) DESC, count(*) DESC, object_guid LIMIT 1
        """, [.uuid]
      ) { $0.uuid(0) } ?? nil)
    let told = try ReadingBench.ask(.object(guid.description), at: bench.destination, bench.folder.path)
    #expect((told.heading?.subject.names.count ?? 0) > 1)
    let expected = try connection.integer("SELECT count(*) FROM change_request WHERE object_guid = \(guid)")
    let requests = told.entries.filter { $0.record == .request && !$0.isByName }
    #expect(requests.count == Int(expected ?? 0))
    let properties = try connection.integer(
      """
      SELECT count(*) FROM property_change WHERE request_id IN
        (SELECT id FROM change_request WHERE object_guid = \(guid))
      """)
    let toldProperties = told.entries.filter { !$0.isByName }.map(\.properties.count).reduce(0, +)
    #expect(toldProperties == Int(properties ?? 0))
    let times = told.entries.map { $0.at?.microseconds ?? .min }
    let newestFirst = times.sorted { $0 > $1 }
    #expect(times == newestFirst)
    #expect(Set(told.entries.map(\.source.importID)).isSubset(of: [1, 2]))
    let coverage = try #require(told.heading?.coverage)
    let gap = TimeSpan(from: Timestamp(rfc3339: "2018-01-01"), until: Timestamp(rfc3339: "2020-01-01"))
    #expect(coverage.gaps.contains { $0.reason == .notImported && $0.span == gap })
    #expect(coverage.gaps.contains { $0.reason == .rejected && $0.rows == 1 })
  }
}
