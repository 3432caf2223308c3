import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Old services of the newer releases, whose properties, sections and originals have tables of their own, that go on
/// writing while their history is imported.
@Suite(.serialized) struct MovingReleaseTests {
  /// Enough for several batches of each table.
  private static let history = 10_000

  /// What an old service does to its history.
  private struct Service {
    let release: Release
    let connection: Connection
    private let layout: HistoryLayout

    init(_ release: Release, _ location: DatabaseLocation) throws {
      self.release = release
      connection = try Connection.open(location, options: .readWrite)
      layout = HistoryLayout(release)
    }

    private var requests: SQL { "\(identifier: layout.requests)" }
    private var sections: SQL { "\(identifier: layout.sections ?? "")" }
    private var sectionKey: String { release.keysAreIntegers ? "id" : "request_id, ordinal" }

    private func execute(_ statement: SQL) throws {
      let rows = try connection.execute(statement)
      try #require(rows > 0, "the old service changed nothing")
    }

    /// Every so many rows of a table, from its beginning, in its middle and near its end.
    private func some(_ table: SQL, _ key: String) -> SQL {
      """
      (\(unsafeSQL: key)) IN (SELECT \(unsafeSQL: key) FROM (
        SELECT *, row_number() OVER (ORDER BY \(unsafeSQL: key)) AS place FROM \(fragment: table)) numbered
        WHERE place % 997 = 11)
      """
    }

    /// An approval's outcome, a text, a value: nothing comes or goes.
    func change() throws {
      try execute(
        "UPDATE \(fragment: sections) SET outcome = 'changed' WHERE \(fragment: some(sections, sectionKey))")
      try execute("UPDATE \(fragment: requests) SET host = 'moved' WHERE \(fragment: some(requests, "id"))")
      if !release.changesArePacked {
        let condition = some("property_change", "request_id, ordinal")
        try execute("UPDATE property_change SET new_value = 'changed' WHERE \(fragment: condition)")
      }
      if release.textsAreClean { try repair(before: false) }
      try finishTasks()
    }

    private func finishTasks() throws {
      for table in layout.tasks {
        let open = TaskTransform.unfinished(release)
        let finish =
          release.termsAreCodes
          ? "status = \(TaskState.completed.code ?? 0)"
          : "state = '\(TaskState.completed.name(in: release) ?? "")'"
        try execute(
          """
          UPDATE \(identifier: table) SET \(unsafeSQL: finish) WHERE id IN (
            SELECT t.id FROM \(identifier: table) t WHERE \(unsafeSQL: open) ORDER BY t.id LIMIT 2)
          """)
      }
    }

    /// Copies of requests with all that they have, at the same millisecond where keys tell it.
    func add() throws {
      if release.keysAreIntegers {
        let shift = 5_000_000
        try copy(layout.requests, ["id": "id + \(shift)"], where: "id % 499 = 7")
        try copy(
          layout.sections ?? "", ["id": "id + \(shift)", "request_id": "request_id + \(shift)"],
          where: "request_id % 499 = 7")
        // One more of an old request, and a request among the old ones.
        try copy(
          layout.sections ?? "", ["id": "id + 9000000", "ordinal": "ordinal + 50"], where: "request_id % 1201 = 5")
        try copy(layout.requests, ["id": "-id"], where: "id % 1999 = 3")
        try copy(layout.tasks[0], ["id": "id + \(shift)"], where: "id % 97 = 1")
        return
      }
      let other = "(substr(%::text, 1, 24) || 'abcdefabcdef')::uuid"
      let own = other.replacing("%", with: "id")
      let parent = other.replacing("%", with: "request_id")
      try copy(layout.requests, ["id": own], where: "substr(id::text, 35) = '1a'")
      for child in ["property_change", "request_section"] {
        try copy(child, ["request_id": parent], where: "substr(request_id::text, 35) = '1a'")
        try copy(child, ["ordinal": "ordinal + 50"], where: "substr(request_id::text, 35) = '2b'")
      }
      try copy("approval_task", ["id": own], where: "substr(id::text, 36) = '3'")
    }

    private func copy(_ table: String, _ changed: [String: String], where condition: String) throws {
      let columns = try #require(ReleaseSchema(release, .history).table(table)?.columnNames)
      let values = columns.map { changed[$0] ?? $0 }.joined(separator: ", ")
      try execute(
        """
        INSERT INTO \(identifier: table) (\(identifiers: columns))
        SELECT \(unsafeSQL: values) FROM \(identifier: table) WHERE \(unsafeSQL: condition)
        """)
    }

    /// A purge: requests with and without what they have, and single sections and properties.
    func remove() throws {
      let rest = release.keysAreIntegers ? "% 1499 = 21" : "::text LIKE '%4c'"
      let alone = release.keysAreIntegers ? "% 1499 = 22" : "::text LIKE '%5d'"
      try execute("DELETE FROM \(fragment: sections) WHERE request_id \(unsafeSQL: rest)")
      if !release.changesArePacked {
        try execute("DELETE FROM property_change WHERE request_id \(unsafeSQL: rest)")
      }
      try execute("DELETE FROM \(fragment: requests) WHERE id \(unsafeSQL: rest)")
      try execute("DELETE FROM \(fragment: requests) WHERE id \(unsafeSQL: alone)")
      try execute("DELETE FROM \(fragment: sections) WHERE \(fragment: some(sections, sectionKey))")
      if !release.changesArePacked {
        try execute("DELETE FROM property_change WHERE \(fragment: some("property_change", "request_id, ordinal"))")
      }
      if release.textsAreClean { try execute("DELETE FROM original_value WHERE field = 'host'") }
    }

    /// Texts that were repaired in an earlier import, of requests, of what they have, and of tasks.
    func repair(before: Bool) throws {
      let digit = before ? "6" : "7"
      for (table, key, field, name) in [
        ("change_request", "id", "host", "host"), ("change_request", "id", "initiator", "initiator"),
        ("approval_task", "id", "subject", "subject"),
      ] {
        let condition = "substr(\(key)::text, 36) = '\(digit)'"
        try execute(
          "UPDATE \(identifier: table) SET \(identifier: field) = 'a' || chr(65533) WHERE \(unsafeSQL: condition)")
        try execute(
          """
          INSERT INTO original_value (row_id, ordinal, field, value, import_id)
          SELECT \(unsafeSQL: key), 0, \(name), '\\x61ff', 0 FROM \(identifier: table) WHERE \(unsafeSQL: condition)
          """)
      }
      try execute(
        "UPDATE request_section SET message = 'b' || chr(65533) WHERE substr(request_id::text, 36) = '\(unsafeSQL: digit)'"
      )
      try execute(
        """
        INSERT INTO original_value (row_id, ordinal, field, value, import_id)
        SELECT request_id, ordinal, 'section.message', '\\x62fe', 0 FROM request_section
        WHERE substr(request_id::text, 36) = '\(unsafeSQL: digit)'
        """)
    }

    /// A task that an import has brought and nobody has taken over.
    func hold() throws {
      let open = TaskTransform.unfinished(release)
      for table in layout.tasks {
        try execute(
          """
          INSERT INTO original_value (row_id, ordinal, field, value, import_id)
          SELECT t.id, 0, 'state', convert_to(t.state, 'UTF8'), 0 FROM \(identifier: table) t
          WHERE \(unsafeSQL: open)
          """)
        try execute("UPDATE \(identifier: table) t SET state = 'held' WHERE \(unsafeSQL: open)")
      }
    }
  }

  /// What an import of the source as it is now gives.
  private func fresh(_ source: DatabaseLocation) async throws -> Digest256 {
    let folder = try TestFolder()
    let bench = try Workbench(folder: folder, sources: ["main": source.description])
    #expect(try await bench.importHistory().state == .verified)
    return try HistoryDigest.of(on: bench.openDestination())
  }

  @Test(arguments: [Release.v7_6, .v8_0, .v8_1, .v8_2])
  func `changes, additions and a purge are followed in every table`(_ release: Release) async throws {
    let bench = try await FaultBench(.postgresToPostgres, release, history: MovingReleaseTests.history)
    let source = bench.source
    if release.textsAreClean {
      let service = try Service(release, source)
      try service.repair(before: true)
      try service.hold()
    }
    let acts: [(String, @Sendable (Service) throws -> Void)] = [
      ("keys", { try $0.change() }), ("catch-up", { try $0.add() }),
    ]
    let run = try await bench.workbench().importHistory(
      listeners: acts.map { step, act in EventSink.when(step) { try act(Service(release, source)) } })
    #expect(run.state == .verified)
    #expect(try await bench.digest() == fresh(source))

    // The same with a purge, within another run.
    let again = try FaultBench.Again(bench)
    let second = try await again.bench.importHistory(
      listeners: [EventSink.when("keys") { try Service(release, source).remove() }])
    #expect(second.state == .verified)
    #expect(try await HistoryDigest.of(on: again.bench.openDestination()) == fresh(source))
  }

  /// Sections whose keys lie where requests have theirs, as in a database that has grown for years.
  @Test(arguments: [Release.v7_6, .v8_0])
  func `an old section that changes takes no other request's sections along`(_ release: Release) async throws {
    let bench = try await FaultBench(.postgresToPostgres, release)
    let source = bench.source
    let sections = try #require(HistoryLayout(release).sections)
    let run = try await bench.workbench().importHistory(
      listeners: [
        EventSink.when("catch-up") {
          try Connection.open(source, options: .readWrite).execute(
            """
            UPDATE \(identifier: sections) SET outcome = 'late', message = 'late'
            WHERE id = (SELECT min(id) FROM \(identifier: sections))
            """)
        }
      ])
    #expect(run.state == .verified)
    #expect(try await bench.digest() == fresh(source))
    #expect(
      try bench.openDestination().integer("SELECT count(*) FROM request_section WHERE outcome = 'late'") == 1)
  }
}

extension FaultBench {
  /// Another import of the same source into a server's database.
  struct Again {
    let folder: TestFolder
    let bench: Workbench

    init(_ first: FaultBench) throws {
      folder = try TestFolder()
      let server = try PrivatePostgres.shared()
      let name = "fault_\(UniqueID.random().description.prefix(8))"
      bench = try Workbench(
        folder: folder, sources: ["main": first.source.description],
        destination: server.location(database: server.createDatabase(name)))
    }
  }
}
