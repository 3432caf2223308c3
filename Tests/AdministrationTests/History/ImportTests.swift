import Base
import Database
import Migration
import TestSupport
import Testing
import Transfer

@testable import Administration

@Suite struct ImportTests {
  @Test(arguments: Release.allCases)
  func `a history of every release arrives whole`(_ release: Release) async throws {
    let bench = try await Workbench(release)
    let run = try await bench.importHistory()
    #expect(run.state == .verified)
    #expect(run.verified == true)
    #expect(try bench.count("change_request") > 0)
  }

  @Test func `a history arrives whole on PostgreSQL`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase("history_sqlite")
    let bench = try await Workbench(.v7_5, destination: server.location(database: name))
    let run = try await bench.importHistory()
    #expect(run.verified == true)
    #expect(try bench.count("change_request") > 0)
  }

  @Test func `a plan made twice from the same facts has the same hash`() async throws {
    let bench = try await Workbench(.v8_0, history: 200)
    let first = try await bench.engine.plan(Workbench.part, PlanRequest()).hash
    let second = try await bench.engine.plan(Workbench.part, PlanRequest()).hash
    let other = try await bench.engine.plan(Workbench.part, PlanRequest(choices: ["without-tasks": ["yes"]])).hash
    #expect(first == second)
    #expect(first != other)
  }

  @Test func `a rollback leaves the destination as it was`() async throws {
    let bench = try await Workbench(.v7_6)
    let run = try await bench.importHistory()
    #expect(try bench.count("change_request") > 0)
    let after = try await bench.engine.rollback(run.run)
    #expect(after.state == .rolledBack)
    // It was not there before.
    #expect(try !Base.Files.exists(bench.destination.path ?? ""))
  }

  @Test(arguments: [Release.v7_5, .v8_1, .v8_2])
  func `ranges add up, and nothing comes twice`(_ release: Release) async throws {
    let bench = try await Workbench(release)
    _ = try await bench.importHistory(["until": ["2020-01-01"]])
    let early = try bench.count("change_request")
    let rest = try await bench.importHistory()
    let all = try bench.count("change_request")
    #expect(rest.verified == true)
    #expect(early > 0)
    #expect(all > early)
    let again = try await bench.importHistory()
    #expect(again.verified == true)
    #expect(try bench.count("change_request") == all)
  }

  /// An 8.2 source that has held tasks, and texts that an earlier import has repaired: of requests and of tasks.
  private func repaired(_ bench: Workbench) throws {
    let source = try Connection.open(.sqlite(path: bench.folder / "old/history.db"), options: .readWrite)
    for kind in TaskKind.allCases {
      let table: SQL = "\(identifier: kind.table(in: .v8_2))"
      try source.execute(
        """
        INSERT INTO original_value (row_id, ordinal, field, value, import_id)
        SELECT id, 0, 'state', CAST(state AS BLOB), 0 FROM \(fragment: table) WHERE state IN ('open', 'running')
        """)
      try source.execute("UPDATE \(fragment: table) SET state = 'held' WHERE state IN ('open', 'running')")
    }
    for (table, field) in [
      ("approval_task", "approver"), ("deprovisioning_task", "policy"), ("change_request", "host"),
    ] {
      let some: SQL = "hex(substr(id, 16)) < '60'"
      try source.execute(
        "UPDATE \(identifier: table) SET \(identifier: field) = 'a' || char(65533) WHERE \(fragment: some)")
      try source.execute(
        """
        INSERT INTO original_value (row_id, ordinal, field, value, import_id)
        SELECT id, 0, \(field), x'61ff', 0 FROM \(identifier: table) WHERE \(fragment: some)
        """)
    }
    // What belongs to nothing any more.
    try source.execute(
      """
      INSERT INTO original_value (row_id, ordinal, field, value, import_id)
      VALUES (x'0190000000008000800000000000abcd', 0, 'host', x'61ff', 0)
      """)
    try source.close()
  }

  @Test func `originals of an 8_2 source come with their rows, range by range`() async throws {
    let bench = try await Workbench(.v8_2)
    try repaired(bench)
    let other = try Workbench(
      folder: TestFolder(), sources: ["main": "sqlite:\(bench.folder.path)/old/history.db"])
    #expect(try await other.importHistory().verified == true)
    let whole = try originals(other)

    #expect(try await bench.importHistory(["until": ["2020-01-01"]]).verified == true)
    let early = try originals(bench)
    let rest = try await bench.importHistory()
    #expect(rest.verified == true)
    #expect(early.count > 3 && early != whole)
    #expect(try originals(bench) == whole)
    #expect(try await bench.engine.rollback(rest.run).state == .rolledBack)
    // Requests stay that held tasks of the first import refer to, with their originals, and no others.
    #expect(
      try bench.openDestination().integer(
        """
        SELECT count(*) FROM original_value o WHERE o.import_id = 2
          AND NOT EXISTS (SELECT 1 FROM change_request r WHERE r.id = o.row_id AND r.import_id = 2)
        """) == 0)
    #expect(
      try bench.openDestination().integer("SELECT count(*) FROM original_value WHERE import_id = 1")
        == Int64(early.last?.split(separator: " ").last ?? ""))
  }

  /// How many originals there are, by field and by what they belong to.
  private func originals(_ bench: Workbench) throws -> [String] {
    var found: [String] = []
    for (table, column) in HistoryTables.keyed.map({ ($0, "id") }) + [("property_change", "request_id")] {
      try bench.openDestination().rows(
        """
        SELECT o.field, count(*) FROM original_value o
        WHERE o.row_id IN (SELECT \(identifier: column) FROM \(identifier: table)) GROUP BY o.field ORDER BY o.field
        """, [.text, .integer]
      ) { found.append("\(table) \($0.string(0) ?? "") \($0.integer(1) ?? 0)") }
    }
    return found + ["all \(try bench.count("original_value"))"]
  }

  @Test func `originals of tasks that are left out stay behind`() async throws {
    let bench = try await Workbench(.v8_2)
    try repaired(bench)
    #expect(try await bench.importHistory(["without-tasks": ["yes"]]).verified == true)
    let destination = try bench.openDestination()
    #expect(try destination.integer("SELECT count(*) FROM approval_task WHERE state = 'held'") == 0)
    #expect(try destination.integer("SELECT count(*) FROM original_value WHERE field = 'state'") == 0)
    #expect(try bench.count("original_value") > 0)
  }

  @Test func `a run's sessions wait for the disk, whatever the database says`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try server.execute("ALTER DATABASE \(name) SET synchronous_commit = off", in: "postgres")
    let bench = try await Workbench(.v7_5, history: 200, destination: server.location(database: name))
    let part = try #require(bench.engine.parts.first as? HistoryImport)
    let destination = try #require(try part.destination())
    for connection in try [destination.open(), destination.target().open()] {
      #expect(try connection.serverSetting("synchronous_commit") == "on")
    }
    #expect(try bench.openDestination().serverSetting("synchronous_commit") == "off")
    #expect(try await bench.importHistory().verified == true)
  }
}
