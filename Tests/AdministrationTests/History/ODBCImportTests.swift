import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

extension PrivatePostgres {
  /// One of its databases as a platform file names it for ODBC.
  func odbc(_ database: String, user: String = PrivatePostgres.user) -> String {
    "odbc:Driver=/usr/lib/x86_64-linux-gnu/odbc/psqlodbcw.so;Server=\(host);Port=\(port);Database=\(database);"
      + "UID=\(user)"
  }
}

/// Histories that stand on PostgreSQL and are read through ODBC.
@Suite(.startsServers)
struct ODBCImportTests {
  private func platform(
    _ location: String, password: SecretReference? = nil, secrets: FixedSecrets = FixedSecrets()
  ) throws -> PlatformBench {
    try PlatformBench(
      TestFolder(.own), sources: ["main": .undivided(location: location, password: password)], secrets: secrets)
  }

  @Test(arguments: Release.allCases)
  func `a history read through ODBC arrives whole`(release: Release) async throws {
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(release, in: TestFolder(.own), history: 3000)
    let platform = try platform(server.odbc(name))
    let blocks = try await platform.findings().filter { $0.blocks }
    #expect(blocks == [])
    let run = try await platform.importHistory()
    #expect(run.state == .verified)
    #expect(run.verified == true)
    #expect(try platform.count("change_request") == 3000)
  }

  @Test func `what comes through ODBC is what comes through libpq`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v7_5, in: TestFolder(.own), history: 2000)
    var digests: [String] = []
    for location in [server.odbc(name), server.location(name).description] {
      let platform = try platform(location)
      #expect(try await platform.importHistory().verified == true)
      let connection = try Connection.open(platform.destination, options: .readOnly)
      digests.append("\(try HistoryDigest.of(on: connection))")
    }
    #expect(digests[0] == digests[1])
  }

  @Test(arguments: [true, false])
  func `texts that are no UTF-8 arrive from a server without an encoding`(byODBC: Bool) async throws {
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v8_1, in: TestFolder(.own), history: 2000, encoding: .sqlASCII)
    let platform = try platform(byODBC ? server.odbc(name) : server.location(name).description)
    #expect(try await platform.importHistory().verified == true)
    #expect(try platform.count("original_value") > 0)
  }

  @Test func `the copy is an encrypted backup with every row of every table, and a source itself`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v7_5, in: TestFolder(.own), history: 500)
    let bench = try StepBench()
    try await bench.step(try DatabaseLocation(server.odbc(name))).act(bench.context)
    let entry = try #require(try bench.place.entries().first)
    #expect(entry.location == server.odbc(name))
    let content = try bench.place.test(entry)
    let original = try Connection.open(server.location(name), options: .readOnly)
    var rows: Int64 = 0
    let tables = ReleaseSchema(.v7_5, .undivided).tables
    for table in tables { rows += try original.integer("SELECT count(*) FROM \(identifier: table.name)") ?? -1 }
    #expect(Int64(content.rows) == rows)
    #expect(content.tables.keys.sorted() == tables.map(\.name).sorted())
    #expect(try bench.leftovers() == ["main.restored.db"])

    let key = bench.place.keys.keyFile
    let again = try PlatformBench(
      TestFolder(.own), sources: ["old": .backup(file: entry.file, key: .file(key))],
      secrets: FixedSecrets(files: ["source.old": key]))
    #expect(try await again.importHistory().verified == true)
    #expect(try again.count("change_request") == 500)
  }

  @Test func `what is written to the source after the copy is no part of the import`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v8_0, in: TestFolder(.own), history: 300)
    let platform = try platform(server.odbc(name))
    let run = try await platform.importHistory()
    try server.execute(
      "UPDATE change_request SET initiator = 'changed later' WHERE id = (SELECT min(id) FROM change_request)",
      in: name)
    #expect(try await platform.engine.verify(run.run).verified == true)
  }

  @Test func `a login without rights, a table of others and a plain connection are told before`() async throws {
    let server = try PrivatePostgres(.init(listening: .loopback))
    let name = try await server.createLab(.v7_6, in: TestFolder(.own), history: 60)
    let reader = try server.createLogin("reader")
    try server.execute("CREATE TABLE somebody_elses (id bigint)", in: name)
    let platform = try platform(server.odbc(name, user: reader))
    let before = try await platform.findings()
    #expect(before.of("source.readable")?.severity == .block)
    try server.execute(
      "GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(reader); REVOKE SELECT ON person FROM \(reader)", in: name)
    let between = try await platform.findings()
    #expect(between.of("source.rights")?.severity == .block)
    #expect(between.of("source.rights")?.remedy == "GRANT SELECT ON person TO LOGIN;")
    try server.execute("GRANT SELECT ON person TO \(reader)", in: name)
    let after = try await platform.findings()
    #expect(after.of("source.rights")?.severity == .pass)
    #expect(after.of("source.others")?.message.contains("somebody_elses") == true)
    let encryption = try #require(after.of("connection.encrypted", about: "source main"))
    #expect(encryption.severity == .block && encryption.waivable)
    #expect(after.of("source.picture")?.message.contains("psqlodbcw.so") == true)
  }
}
