import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Taking back exactly what a run brought.
@Suite(.serialized) struct RollbackTests {
  /// A history that is in use: 8.2, with rows of its own.
  private func inUse(_ route: Route) async throws -> FaultBench {
    if route == .sqliteToSQLite {
      let bench = try await FaultBench(route)
      try await FaultLabs.shared.copy(.v8_2, history: 400, to: bench.folder / "new.db")
      return bench
    }
    let place = try await DatabaseLocation(
      PrivatePostgres.shared().location(
        database: FaultLabs.shared.database(.v8_2, history: 400)))
    return try await FaultBench(route, destination: place)
  }

  @Test(arguments: [Route.sqliteToSQLite, .sqliteToPostgres])
  func `a verified import is taken out of a history in use, which is as before`(_ route: Route) async throws {
    let bench = try await inUse(route)
    let before = try bench.digest()
    let shape = try bench.shape()
    let workbench = try bench.workbench()
    let run = try await workbench.importHistory()
    #expect(run.state == .verified)
    #expect(try bench.digest() != before)
    #expect(try await workbench.engine.rollback(run.run).state == .rolledBack)
    #expect(try bench.digest() == before)
    #expect(try bench.shape() == shape)
    #expect(
      try bench.openDestination().integer("SELECT count(*) FROM history_import") == bench.imports(before: true))
  }

  @Test(arguments: [Route.sqliteToSQLite, .sqliteToPostgres])
  func `a verified import into nothing is taken back to nothing`(_ route: Route) async throws {
    let bench = try await FaultBench(route)
    let workbench = try bench.workbench()
    let run = try await workbench.importHistory()
    #expect(try await workbench.engine.rollback(run.run).state == .rolledBack)
    #expect(try bench.holdsNothing())
    // And it can be brought again.
    let again = try await workbench.importHistory()
    #expect(again.state == .verified)
    #expect(try await bench.digest() == FaultBench.undisturbed(route))
  }

  /// Whose owner was never there, or is gone before them.
  @Test(arguments: [Release.v7_6, .v8_1])
  func `original bytes are taken back without their request, too`(_ release: Release) async throws {
    let bench = try await FaultBench(.sqliteToSQLite, release)
    let source = try Connection.open(bench.source, options: .readWrite)
    if release == .v7_6 {
      try source.execute(
        """
        INSERT INTO change_history_section (id, request_id, ordinal, kind, name, outcome, message)
        VALUES (90000001, 80000001, 0, 'W', 'lost', 'done', CAST(x'ff61' AS TEXT))
        """)
    } else {
      try source.execute(
        """
        INSERT INTO property_change (request_id, ordinal, name, old_value, new_value)
        VALUES (x'0190000000007000800000000000abcd', 0, 'lost', NULL, CAST(x'ff61' AS TEXT))
        """)
    }
    try source.close()
    let workbench = try bench.workbench()
    let run = try await workbench.importHistory()
    #expect(run.state == .verified)
    #expect(
      try bench.openDestination().integer("SELECT count(*) FROM original_value WHERE value = x'ff61'") == 1)
    let events = FaultEvents()
    #expect(try await workbench.engine.rollback(run.run, listeners: [{ events.add($0) }]).state == .rolledBack)
    #expect(try bench.holdsNothing(), "\(events.texts)")
  }

  @Test func `rows that were used since stay, with what they hang on, and are listed`() async throws {
    let bench = try await inUse(.sqliteToSQLite)
    let workbench = try bench.workbench()
    let run = try await workbench.importHistory()
    let service = try bench.openDestination(.readWrite)
    let imported = try service.integer("SELECT max(id) FROM history_import") ?? 0
    // The service decides a task, and somebody makes a new one upon a request of the import.
    let revised = try #require(
      try service.integer(
        """
        SELECT rowid FROM approval_task WHERE import_id = \(imported) AND request_id IN
          (SELECT id FROM change_request WHERE import_id = \(imported)) LIMIT 1
        """))
    try service.execute("UPDATE approval_task SET revision = 1, state = 'approved' WHERE rowid = \(revised)")
    let parent = try #require(
      try service.integer(
        """
        SELECT r.rowid FROM change_request r WHERE r.import_id = \(imported)
          AND EXISTS (SELECT 1 FROM property_change p WHERE p.request_id = r.id)
          AND NOT EXISTS (SELECT 1 FROM approval_task t WHERE t.request_id = r.id) LIMIT 1
        """))
    try service.execute(
      """
      INSERT INTO approval_task (id, request_id, subject, approver, zone, ambiguous, state, import_id, source_key,
        revision)
      SELECT randomblob(16), id, 'native', 'somebody', 'UTC', 0, 'pending', 0, 'native', 1
      FROM change_request WHERE rowid = \(parent)
      """)
    let children = try service.integer(
      "SELECT count(*) FROM property_change WHERE request_id = (SELECT id FROM change_request WHERE rowid = \(parent))"
    )
    let native = try HistoryDigest.of(excluding: [imported], on: service)
    try service.close()

    let events = FaultEvents()
    #expect(try await workbench.engine.rollback(run.run, listeners: [{ events.add($0) }]).state == .rolledBack)
    let after = try bench.openDestination()
    #expect(try HistoryDigest.of(excluding: [imported], on: after) == native)
    #expect(try after.integer("SELECT count(*) FROM change_request WHERE import_id = \(imported)") == 2)
    #expect(try after.integer("SELECT count(*) FROM approval_task WHERE import_id = \(imported)") == 1)
    #expect(
      try after.integer(
        """
        SELECT count(*) FROM property_change WHERE request_id IN
          (SELECT request_id FROM approval_task WHERE subject = 'native')
        """) == children)
    // Whoever asks what they are finds the import that brought them.
    #expect(
      try after.text("SELECT state FROM history_import WHERE id = \(imported)") == "taken-back")
    #expect(try after.integer("SELECT count(*) FROM history_source") == 1)
    #expect(events.texts.contains { $0.contains("3 rows stay") && $0.contains("used since") })
    let report = try workbench.engine.report(run.run)
    let listed = try #require(report.sections.first { $0.heading == "Rows that stay" })
    #expect(listed.tables[0].rows.map { $0[0] }.sorted() == ["approval_task", "change_request", "change_request"])
  }
}

extension FaultBench {
  /// Tables, columns and indexes, without Locktender's own.
  func shape() throws -> [String] {
    try openDestination().catalogue().tables.filter { !$0.name.name.hasPrefix("locktender_") }.map { table in
      let columns = table.columns.map { "\($0.name) \($0.type)" }.joined(separator: ",")
      return "\(table.name.name)(\(columns)) \(table.indexes.map(\.name).sorted())"
    }.sorted()
  }

  /// How many imports a lab's own history knows of.
  func imports(before: Bool) -> Int64 { before ? 0 : 1 }
}
