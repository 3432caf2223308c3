import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Small cuts of what real servers have written, which are always there.
@Suite struct FixtureTests {
  static let logs: [String: SourceKind] = [
    "ldap": .accesslogFile(ldif: Fixture.path("accesslog.ldif")),
    "kinds": .accesslogFile(ldif: Fixture.path("accesslog-kinds.ldif")),
    "corp": .sambaAudit(
      files: [Fixture.path("samba-audit.1.jsonl"), Fixture.path("samba-audit.2.jsonl"), Fixture.path("log.samba")],
      domain: "corp.example.com"),
  ]

  @Test func `logs of two kinds come into one history, each row with its source`() async throws {
    let bench = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    let run = try await bench.importHistory()
    #expect(run.verified == true)
    let sources = try bench.rows(
      """
      select s.kind, s.name, cast(count(*) as text) from change_request r
      join history_import i on i.id = r.import_id join history_source s on s.id = i.source_id
      group by 1, 2 order by 1, 2
      """, columns: 3)
    #expect(
      sources == [["accesslog", "kinds", "15"], ["accesslog", "ldap", "48"], ["samba-audit", "corp", "122"]])
  }

  @Test func `logs come into PostgreSQL as they do into SQLite`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase("logs")
    let there = try Workbench(
      folder: TestFolder(), logs: FixtureTests.logs, destination: server.location(database: name))
    #expect(try await there.importHistory().verified == true)
    let here = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    #expect(try await here.importHistory().verified == true)
    for table in ["change_request", "property_change", "request_section", "original_value"] {
      #expect(try there.count(table) == here.count(table), "\(table)")
    }
  }

  @Test func `an imported log brings nothing a second time`() async throws {
    let bench = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    _ = try await bench.importHistory()
    let before = try bench.rows("select hex(id) from change_request order by 1", columns: 1)
    let again = try await bench.importHistory()
    #expect(again.verified == true)
    #expect(try bench.rows("select hex(id) from change_request order by 1", columns: 1) == before)
  }

  @Test func `imports of two stretches of time add up to the whole`() async throws {
    let whole = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    _ = try await whole.importHistory()
    let parts = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    let until = "2026-11-20T15:08:00.450000Z"
    #expect(try await parts.importHistory(["until": [until]]).verified == true)
    let count = try parts.count("change_request")
    #expect(count > 10 && count < 160)
    #expect(try await parts.importHistory().verified == true)
    let everything = """
      select hex(r.id), r.source_key, p.name, p.new_value, s.name
      from change_request r left join property_change p on p.request_id = r.id
      left join request_section s on s.request_id = r.id order by 1, p.ordinal, s.ordinal
      """
    #expect(try parts.rows(everything, columns: 5) == whole.rows(everything, columns: 5))
  }

  @Test func `a rollback takes exactly the rows of the logs away`() async throws {
    let bench = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    // A history that was there stays, without these rows.
    try Connection.open(bench.destination, options: .create).close()
    let schema = ReleaseSchema(.newest, .history)
    let empty = try Connection.open(bench.destination, options: .readWrite)
    for statement in schema.tableStatements(for: .sqlite) + schema.keyStatements(for: .sqlite) {
      try empty.execute(SQL(unsafeSQL: statement))
    }
    for (name, value) in [
      ("product", DatabaseIdentity.product), ("version", "8.2"), ("database_type", "history"),
      ("database_id", UniqueID.random().description), ("created_at", "2026-01-01T00:00:00Z"),
      ("paired_configuration", UniqueID(high: 0, low: 0).description),
    ] {
      try empty.execute("INSERT INTO product_info (name, value) VALUES (\(name), \(value))")
    }
    try empty.close()
    let run = try await bench.importHistory()
    _ = try await bench.engine.rollback(run.run)
    for table in ["change_request", "property_change", "request_section", "original_value"] {
      #expect(try bench.count(table) == 0, "\(table)")
    }
    let left = TestSupport.Files.names(in: try bench.runFolder).filter {
      $0.contains("restored") || $0.contains("raw")
    }
    #expect(left.isEmpty)
  }

  @Test func `no secret of a log stands anywhere but in the encrypted backup`() async throws {
    let bench = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    _ = try await bench.importHistory()
    // The fixture's people have their names as passwords; the attribute's name in front tells the one from the other.
    let log = String(decoding: try TestSupport.Files.read(Fixture.path("accesslog.ldif")), as: UTF8.self)
    #expect(log.contains("userPassword:+ user0001"))
    let passwords = try bench.rows(
      """
      select distinct new_value from property_change where name in ('userPassword', 'unicodePwd')
        and new_value is not null
      """, columns: 1)
    #expect(passwords == [[AttributeTable.mask]])
    let capture = try Connection.open(
      .sqlite(path: "\(bench.runFolder)/ldap.restored.db"), options: .readOnly)
    let items = try capture.integer(
      "select count(*) from record where instr(items, cast('userPassword' as blob)) > 0")
    #expect(items == 6)
    let masked = try capture.integer(
      "select count(*) from record where instr(items, cast('\(unsafeSQL: AttributeTable.mask)' as blob)) > 0")
    #expect(masked == 6)
  }
}
