import Base
import Database
import Migration
import Subprocess
import TestSupport
import Testing

@testable import Administration

/// Autovacuum is kept away from a bulk import's tables, and from none of them afterwards.
@Suite struct AutovacuumPauseTests {
  /// An empty history of the newest release, in which an administrator has a wish of his own.
  private func empty() async throws -> FaultBench {
    let name = try await FaultLabs.shared.database(.v8_2, history: 0)
    let server = try PrivatePostgres.shared()
    try server.execute("ALTER TABLE property_change SET (autovacuum_enabled = false)", in: name)
    return try await FaultBench(
      .sqliteToPostgres, history: 20_000, destination: DatabaseLocation(server.location(database: name)))
  }

  /// The tables that have a setting of their own.
  private func set(_ bench: FaultBench) throws -> [String] {
    var names: [String] = []
    try bench.openDestination().rows(
      "SELECT relname::text FROM pg_class WHERE reloptions::text LIKE '%autovacuum_enabled%' ORDER BY 1", [.text]
    ) { names.append($0.string(0) ?? "") }
    return names
  }

  /// Starts an import and kills it when a step has begun.
  private func killed(_ bench: FaultBench, in step: String) throws {
    var child = try bench.program.start(["apply", "--plan", bench.program.plan()])
    while try child.isRunning(), !bench.program.log.contains("\"id\":\"\(step)\"") { blockThread(seconds: 0.001) }
    child.killHard()
    _ = try child.wait()
  }

  @Test(arguments: ["history", "settle"])
  func `a killed import that is resumed leaves the administrator's setting and statistics`(_ step: String)
    async throws
  {
    let bench = try await empty()
    try killed(bench, in: step)
    if step == "history" { #expect(try set(bench).count == HistoryTables.all.count) }
    #expect(try bench.program("resume").status == 0)
    #expect(try set(bench) == ["property_change"])
    for table in ["change_request", "property_change", "original_value"] {
      let columns = try bench.openDestination().integer("SELECT count(*) FROM pg_stats WHERE tablename = \(table)")
      let rows = try bench.openDestination().integer("SELECT count(*) FROM \(identifier: table)")
      #expect((columns ?? 0) > 0 || rows == 0, "\(table)")
    }
  }

  @Test(arguments: ["prepare", "history", "keys"])
  func `a killed import that is rolled back leaves the administrator's setting`(_ step: String) async throws {
    let bench = try await empty()
    try killed(bench, in: step)
    #expect(try bench.program("rollback", "--yes").status == 0)
    #expect(try set(bench) == ["property_change"])
    #expect(try HistoryKeys.areComplete(on: bench.openDestination()))
  }

  @Test func `an import whose journal is lost ends it all the same`() async throws {
    let bench = try await FaultBench(.sqliteToPostgres, history: 20_000)
    try killed(bench, in: "history")
    #expect(try set(bench).count == HistoryTables.all.count)
    let run = try #require(try bench.program.runs().last)
    for suffix in ["", "-wal", "-shm"] where try Base.Files.exists(run + "/journal.db" + suffix) {
      try Base.Files.remove(run + "/journal.db" + suffix)
    }
    let resumed = try bench.program("resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(try set(bench) == [])
  }

  /// In a schema whose name needs quotes, too.
  @Test func `an import into a blank database leaves no setting`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try server.execute("CREATE SCHEMA \"History Of\"", in: name)
    var address = try #require(server.location(name).postgres)
    address.schema = "History Of"
    let bench = try await FaultBench(.sqliteToPostgres, destination: DatabaseLocation(.postgresql(address)))
    #expect(try await bench.workbench().importHistory().state == .verified)
    #expect(try set(bench) == [])
    #expect(
      try bench.openDestination().integer("SELECT count(*) FROM pg_stats WHERE tablename = 'change_request'") ?? 0
        > 0)
  }
}
