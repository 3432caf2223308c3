import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite(.startsServers) struct ConnectionTests {
  /// A platform file with comments, and the verbs that work on it.
  private struct Desk {
    let folder: TestFolder
    let file: String
    let workplace: Workplace

    init(_ folder: TestFolder, _ section: String, secrets: FixedSecrets = FixedSecrets()) throws {
      self.folder = folder
      file = folder.path + "/platform.json5"
      try Base.Files.write(
        """
        // Who looks after it: the desk.
        {
          version: 1, name: 'Sample',
          administration: {
            \(section)
          },
        }

        """, to: file)
      workplace = Workplace(folder: folder.path, clock: SystemClock(), program: "locktender test", secrets: secrets)
    }

    /// Reads the file anew, as every command does.
    func connections(_ resolve: @escaping HostName.Resolver = { _ in nil }) throws -> AdministrationConnections {
      let platform = try Platform(reading: file, systems: ["administration"])
      let section = try AdministrationSection(#require(platform.sections["administration"]), folder: folder.path)
      return AdministrationConnections(section, platformFile: file, in: workplace, resolve: resolve)
    }

    var text: String { get throws { try Base.Files.readText(file, limit: 1 << 20) } }
  }

  private func address(_ server: PrivatePostgres, _ database: String, _ authority: String) -> String {
    "postgresql://\(PrivatePostgres.user)@localhost:\(server.port)/\(database)?sslrootcert=\(authority)"
  }

  private func fill(_ server: PrivatePostgres, _ database: String, _ type: DatabaseType, id: UniqueID) throws {
    try server.execute(
      """
      CREATE TABLE product_info (name text PRIMARY KEY, value text NOT NULL);
      INSERT INTO product_info VALUES ('product', '\(DatabaseIdentity.product)'), ('version', '8.2'),
        ('database_type', '\(type.rawValue)'), ('database_id', '\(id)'), ('created_at', '2026-01-01T00:00:00Z'),
        ('paired_configuration', '\(UniqueID.random())');
      """, in: database)
  }

  @Test func `every database is shown with what it says of itself, and a silent one with the reason`() async throws
  {
    let folder = try TestFolder(.own)
    let server = try PrivatePostgres.shared()
    _ = try await Lab.create(
      LabOptions(folder: folder.path + "/old", release: .v8_0, store: .sqlite, people: 20, history: 60, seed: 2)
    ) { _ in }
    _ = try await Lab.create(
      LabOptions(folder: folder.path + "/stray", release: .v8_0, store: .sqlite, people: 20, history: 60, seed: 3)
    ) { _ in }
    let name = try await server.createLab(.v7_5, in: folder, history: 60)
    let desk = try Desk(
      folder,
      """
      sources: {
        main: { kind: 'database', configuration: 'sqlite:old/configuration.db', history: 'sqlite:old/history.db' },
        mixed: { kind: 'database', configuration: 'sqlite:old/configuration.db', history: 'sqlite:stray/history.db' },
        server: { kind: 'database', location: '\(server.location(name))' },
      },
      destination: { history: 'sqlite:new.db' },
      """)
    let connections = try desk.connections()
    #expect(
      try connections.names() == [
        "source.main.configuration", "source.main", "source.mixed.configuration", "source.mixed",
        "source.server", "destination",
      ])
    let shown = try await connections.show()
    let history = shown[1]
    #expect(history.isPaired == true && history.rows ?? 0 > 60 && history.version == "8.0")
    #expect(
      history.line.hasPrefix("Database history.db on \(folder.path)/old, database type history, version 8.0, "))
    #expect(history.line.hasSuffix("paired with the configuration beside it"))
    #expect(shown[3].isPaired == false && shown[3].line.contains("paired with another configuration"))
    #expect(shown[4].type == "undivided" && shown[4].database == name && shown[4].bytes ?? 0 > 1_000_000)
    #expect(
      shown[4].firstRecord != nil && shown[4].lastWrite == nil && shown[4].line.contains("last write unknown"))
    #expect(shown[5].failure != nil && shown[5].version == nil)
    #expect(try await connections.show("source.main").map(\.name) == ["source.main"])
    await #expect(throws: MigrationError.self) { try await connections.show("source.none") }
  }

  @Test func `a test logs in, tries, measures, and tells who proved what`() async throws {
    let folder = try TestFolder(.own)
    let certificates = try TestCertificates.made()
    let server = try PrivatePostgres(.init(listening: .tls(certificates.good), password: "right"))
    let name = try server.createDatabase()
    let location = address(server, name, certificates.authority)
    func test(_ password: String) async throws -> ConnectionProbe {
      let desk = try Desk(
        folder,
        "sources: { main: { kind: 'database', location: '\(location)' } }, destination: { history: '\(location)' },",
        secrets: FixedSecrets(values: ["destination": password, "source.main": password]))
      return try await desk.connections().test("destination")
    }
    let good = try await test("right")
    #expect(good.isUsable && good.user == PrivatePostgres.user && good.serverVersion.hasPrefix("15"))
    #expect(good.latencyMilliseconds > 0 && good.latencyMilliseconds < 1000)
    #expect(good.connectMilliseconds > 0)
    let encryption = try #require(good.encryption)
    #expect(encryption.version == "TLSv1.3" && encryption.comparedName == "localhost")
    #expect(encryption.issuer == "CN=Locktender test authority" && encryption.subject == "CN=Locktender test good")
    #expect(
      encryption.names == ["localhost", "127.0.0.1"] && encryption.validUntil?.description.hasPrefix("2049") == true
    )
    #expect(good.findings.of("destination.rights")?.severity == .pass)
    let error = await thrown { _ = try await test("wrong") }
    #expect((error as? DatabaseError)?.code == .authentication)
    #expect(error.map(explain)?.contains("wrong\"") == false)
  }

  @Test func `both databases of a pair get another address at once, and back`() async throws {
    let folder = try TestFolder(.own)
    let certificates = try TestCertificates.made()
    let server = try PrivatePostgres(.init(listening: .tls(certificates.good)))
    let (configuration, history) = (try server.createDatabase(), try server.createDatabase())
    let ids = (UniqueID.random(), UniqueID.random())
    try fill(server, configuration, .configuration, id: ids.0)
    try fill(server, history, .history, id: ids.1)
    let desk = try Desk(
      folder,
      """
      sources: { old: { kind: 'database', location: 'sqlite:old.db' } },
          destination: {
            configuration: '\(address(server, configuration, certificates.authority))', // the one
            history: "\(address(server, history, certificates.authority))", /* the other */
          },
      """)
    let before = try desk.text
    let changes = try await desk.connections().setHost("destination", to: "127.0.0.1")
    #expect(changes.map(\.identity) == [ids.1, ids.0])
    let after = try desk.text
    #expect(
      after
        == before.split(separator: "@localhost:", omittingEmptySubsequences: false).joined(separator: "@127.0.0.1:")
    )
    #expect(try await desk.connections().test("destination.configuration").isUsable)
    let back = try await desk.connections().undo()
    #expect(back.count == 2)
    #expect(try desk.text == before)
    await #expect(throws: MigrationError.self) { try await desk.connections().undo() }
    #expect(try ConnectionLog(desk.workplace).entries().map(\.act) == [.set, .undo])
  }

  @Test func `another database, a weak way and a silent address change nothing`() async throws {
    let folder = try TestFolder(.own)
    let certificates = try TestCertificates.made()
    let server = try PrivatePostgres(.init(listening: .tls(certificates.good)))
    let (one, other, blank) = (
      try server.createDatabase(), try server.createDatabase(), try server.createDatabase()
    )
    let id = UniqueID.random()
    try fill(server, one, .history, id: id)
    try fill(server, other, .history, id: .random())
    let desk = try Desk(
      folder,
      """
      sources: { old: { kind: 'database', location: 'sqlite:old.db' } },
          destination: { history: '\(address(server, one, certificates.authority))' },
      """)
    let before = try desk.text
    let authority = certificates.authority
    for (location, reason) in [
      (address(server, other, authority), "it is another database"),
      (address(server, blank, authority), "it is another database"),
      (address(server, one, authority) + "&sslmode=require", "connection.encrypted"),
      (address(server, one, certificates.otherAuthority), "not trusted"),
      (address(server, "missing", authority), "no such database"),
      ("postgresql://\(PrivatePostgres.user)@db1:\(server.port)/\(one)", "the name service tells none"),
      ("postgresql://a:b@localhost/x", "a password stands in the address"),
      ("odbc:DSN=x", "ODBC"),
    ] {
      let error = await thrown { try await desk.connections().set(["destination": location]) }
      #expect(error.map(explain)?.contains(reason) == true, "\(reason): \(error.map(explain) ?? "nothing")")
      #expect(error.flatMap(advice) != nil, "\(reason)")
      #expect(try desk.text == before)
    }
    #expect(try ConnectionLog(desk.workplace).entries() == [])

    // A short name is completed before it is tested: this one leads nowhere, and its full name is told.
    let named = await thrown {
      try await desk.connections { _ in "db1.example.invalid" }.set([
        "destination": "postgresql://\(PrivatePostgres.user)@db1:\(server.port)/\(one)"
      ])
    }
    #expect(named.map(explain)?.contains("unknown host db1.example.invalid") == true)

    // Where the old address is silent, somebody must say what is expected.
    let silent = before.split(separator: ":\(server.port)/", omittingEmptySubsequences: false).joined(
      separator: ":1/")
    try Base.Files.write(silent, to: desk.file)
    let new = address(server, one, authority)
    let unproven = await thrown { try await desk.connections().set(["destination": new]) }
    #expect(unproven.map(explain)?.contains("does not tell which database it is") == true)
    let wrong = await thrown {
      try await desk.connections().set(["destination": new], expecting: ["destination": .random()])
    }
    #expect(wrong.map(explain)?.contains("it is another database") == true)
    let changed = try await desk.connections().set(
      ["destination": new], expecting: ["destination": id])
    #expect(changed.map(\.identity) == [id])
    #expect(try desk.text == before)
  }

  @Test func `a change that somebody else overtook is not taken back`() async throws {
    let folder = try TestFolder(.own)
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try fill(server, name, .history, id: .random())
    let desk = try Desk(
      folder,
      """
      sources: { old: { kind: 'database', location: 'sqlite:old.db' } },
          destination: { history: '\(server.location(name))' },
      """)
    try await desk.connections().set(["destination": "\(server.location(name))&schema=public"])
    try Base.Files.write(
      try desk.text.split(separator: "schema=public", omittingEmptySubsequences: false).joined(
        separator: "schema=x"),
      to: desk.file)
    let error = await thrown { try await desk.connections().undo() }
    #expect(error.map(explain)?.contains("somebody has changed it since") == true)
  }
}
