import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite(.startsServers) struct DestinationCheckTests {
  /// A small old history in a file as the source.
  private func platform(
    _ destination: DatabaseLocation, in folder: TestFolder? = nil
  ) async throws -> PlatformBench {
    let folder = try folder ?? TestFolder(.own)
    let lab = folder.path + "/old"
    if try !Base.Files.exists(lab) {
      _ = try await Lab.create(
        LabOptions(folder: lab, release: .v8_0, store: .sqlite, people: 20, history: 80, seed: 5)
      ) { _ in }
    }
    return try PlatformBench(
      folder, sources: ["main": .undivided(location: "sqlite:\(lab)/history.db", password: nil)],
      destination: destination)
  }

  @Test func `rights to make tables are tried, and nothing is left of it`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    let login = try server.createLogin("newcomer")
    let platform = try await platform(server.location(name, user: login))
    let denied = try #require(try await platform.findings().of("destination.rights"))
    #expect(denied.severity == .block)
    // Either half of what it proposes is enough; the first is taken.
    try server.execute(String(try #require(denied.remedy).split(separator: ";")[0]), in: name)
    let findings = try await platform.findings()
    #expect(findings.of("destination.rights")?.severity == .pass)
    #expect(findings.of("destination.blank")?.severity == .pass)
    #expect(try server.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'locktender%'", in: name) == "0")
    #expect(try await platform.importHistory().state == .verified)
  }

  /// As a kill or a loss of power leaves it: the file holds half of a transaction, and the journal what was before.
  @Test func `what a transaction left that was cut off is rolled back before the destination is looked at`() throws
  {
    let folder = try TestFolder(.own)
    let writer = try Connection.open(.sqlite(path: folder.path + "/live.db"), options: .create)
    _ = try writer.text("PRAGMA journal_mode = DELETE")
    try writer.execute("CREATE TABLE before (n)")
    try writer.execute("PRAGMA cache_size = 5")
    try writer.begin(.immediate)
    try writer.execute(
      """
      CREATE TABLE half AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
      SELECT i, hex(randomblob(100)) FROM n
      """)
    for suffix in ["", "-journal"] {
      try Tool.check("cp", [folder.path + "/live.db" + suffix, folder.path + "/cut.db" + suffix])
    }
    let cut = DatabaseLocation.sqlite(path: folder.path + "/cut.db")
    // Otherwise nothing is tested here: a reader alone cannot do it.
    #expect(throws: DatabaseError.self) { try Connection.open(cut, options: .readOnly).catalogue() }
    let destination = HistoryDestination(location: cut, options: .create, configuration: nil)
    let tables = try destination.openReadOnly().catalogue().tables.map(\.name.name)
    #expect(tables == ["before"])
  }

  @Test func `a schema of one's own is asked for, and used`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try server.execute("CREATE TABLE public.somebody (n int)", in: name)
    var address = try #require(server.location(name).postgres)
    address.schema = "History Of"
    let platform = try await platform(DatabaseLocation(.postgresql(address)))
    let missing = try #require(try await platform.findings().first { $0.blocks && $0.subject == "destination" })
    #expect(missing.message.contains("schema"))
    try server.execute("CREATE SCHEMA \"History Of\"", in: name)
    let blocks = try await platform.findings().filter { $0.blocks }
    #expect(blocks == [])
    #expect(try await platform.importHistory().state == .verified)
    #expect(try server.execute("SELECT count(*) FROM \"History Of\".change_request", in: name) == "80")
  }

  @Test func `a database that only looks blank is not`() async throws {
    let server = try PrivatePostgres.shared()
    for objects in [
      "CREATE SCHEMA hidden; CREATE TABLE hidden.t (n int)",
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "CREATE VIEW v AS SELECT 1 AS n", "CREATE SEQUENCE s", "CREATE TYPE colour AS ENUM ('red')",
    ] {
      let name = try server.createDatabase()
      try server.execute(objects, in: name)
      let connection = try Connection.open(server.location(name), options: .readOnly)
      let finding = try BlankDatabase(location: server.location(name), connection: connection).finding()
      #expect(finding.severity == .block, "\(objects)")
    }
    let name = try server.createDatabase()
    let connection = try Connection.open(server.location(name), options: .readOnly)
    let blank = try BlankDatabase(location: server.location(name), connection: connection).finding()
    #expect(blank.severity == .pass)
    #expect(blank.message.contains("encoding UTF8") && blank.message.contains("owner locktender"))
  }

  @Test(arguments: [true, false])
  func `two upgrades that were planned for one blank database cannot both take it`(_ onServer: Bool) async throws {
    let folder = try TestFolder(.own)
    let server = try PrivatePostgres.shared()
    let place: DatabaseLocation =
      onServer ? server.location(try server.createDatabase()) : .sqlite(path: folder.path + "/blank.db")
    if !onServer { try Connection.open(place, options: .create).close() }
    let first = try await platform(place, in: folder)
    let second = try await platform(place, in: folder)
    let (_, firstPlan) = try await first.engine.plan(Workbench.part, PlanRequest())
    let (_, secondPlan) = try await second.engine.plan(
      Workbench.part, PlanRequest(choices: ["workers": ["1"]]))
    #expect(try await first.engine.apply(firstPlan).state == .verified)
    let error = await thrown { try await second.engine.apply(secondPlan) }
    #expect((error as? MigrationError)?.code == .stalePlan)
    #expect(error.map(explain)?.contains("destination is another one now") == true, "\(error.map(explain) ?? "")")
    #expect(try first.count("change_request") == 80)
    #expect(try first.count("history_import") == 1)
  }

  @Test func `a claim without rows speaks of its run, and goes with it`() throws {
    let server = try PrivatePostgres.shared()
    let connection = try Connection.open(server.location(try server.createDatabase()), options: .readWrite)
    let (one, other) = (UniqueID.random(), UniqueID.random())
    let now = SystemClock().now()
    #expect(try DestinationClaim.finding(on: connection) == nil)
    try DestinationClaim.take(for: one, at: now, on: connection)
    try DestinationClaim.take(for: one, at: now.advanced(seconds: 5), on: connection)
    #expect(try DestinationClaim.holder(on: connection) == .init(run: one.description, since: now))
    #expect(throws: MigrationError.self) { try DestinationClaim.take(for: other, at: now, on: connection) }
    #expect(try DestinationClaim.finding(on: connection)?.severity == .block)
    try DestinationClaim.release(from: other, on: connection)
    #expect(try DestinationClaim.holder(on: connection) != nil)
    try DestinationClaim.release(from: one, on: connection)
    try DestinationClaim.take(for: other, at: now, on: connection)
    #expect(try DestinationClaim.holder(on: connection)?.run == other.description)
  }

  @Test func `a database that is missing is made where that is allowed, and asked for where not`() async throws {
    let server = try PrivatePostgres.shared()
    let name = PrivatePostgres.freshName("fresh")
    let plain = try server.createLogin("plain")
    let creator = try server.createLogin("creator", attributes: "CREATEDB")
    let denied = try await platform(server.location(name, user: plain)).findings()
    let finding = try #require(denied.of("destination.creation"))
    #expect(finding.severity == .block)
    let allowed = try await platform(server.location(name, user: creator))
    #expect(try await allowed.findings().of("destination.creation")?.severity == .pass)
    #expect(try await allowed.importHistory().state == .verified)
    #expect(try allowed.count("change_request") == 80)

    let other = PrivatePostgres.freshName("asked")
    let asked = try await platform(server.location(other, user: plain))
    let remedy = try #require(try await asked.findings().of("destination.creation")?.remedy)
    try server.execute(remedy, in: "postgres")
    let blocks = try await asked.findings().filter { $0.blocks }
    #expect(blocks == [])
    #expect(try await asked.importHistory().state == .verified)
  }

  @Test func `a name that is taken is told with its owner and a free one`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    let owner = try server.createLogin("owner")
    try server.execute("CREATE TABLE orders (n int); ALTER DATABASE \(name) OWNER TO \(owner)", in: name)
    let findings = try await platform(server.location(name)).findings()
    let clash = try #require(findings.of("destination.name"))
    #expect(clash.severity == .block && clash.message.contains("owned by \(owner)"))
    let free = try #require(clash.remedy?.split(separator: "\"").dropFirst().first)
    let location = try DatabaseLocation(String(free))
    #expect(location.postgres?.database.hasPrefix("\(name)_8_2_") == true)
    #expect(location.postgres?.host == server.host)

    // A file, with the first proposal taken too.
    let folder = try TestFolder(.own)
    let file = folder.path + "/new.db"
    let connection = try Connection.open(.sqlite(path: file), options: .create)
    try connection.execute("CREATE TABLE orders (n integer)")
    try connection.close()
    let now = SystemClock().now()
    let destination = HistoryDestination(
      location: .sqlite(path: file), options: .readWrite, configuration: nil)
    let first = try #require(try DestinationName(destination: destination, now: now).proposal()?.path)
    try Base.Files.write("", to: first)
    let second = try #require(try DestinationName(destination: destination, now: now).proposal()?.path)
    #expect(second == first.dropLast(3) + "_2.db")
  }

  @Test func `the key beside the backups is warned of, a passphrase is not`() throws {
    let folder = try TestFolder(.own)
    let beside = BackupPlace(folder: folder.path + "/backups", keep: 1, keyFile: folder.path + "/keys/backup.key")
    let warned = BackupChecks(backups: beside, serverBytes: []).all()
    #expect(warned.of("backup.key")?.severity == .warn)
    #expect(warned.of("backup.scratch") == nil)
    let secret = BackupPlace(folder: folder.path, keep: 1, keyFile: "/nonexistent") { nil }
    let passed = BackupChecks(backups: secret, serverBytes: [1 << 20]).all()
    #expect(passed.of("backup.key")?.severity == .pass)
    #expect(passed.of("backup.scratch")?.severity == .pass)
    #expect(BackupChecks(backups: secret, serverBytes: [1 << 60]).all().of("backup.scratch")?.severity == .block)
  }
}
