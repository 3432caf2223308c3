import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

extension [Finding] {
  /// The finding of a check, wherever it stands.
  func of(_ check: String, about subject: String? = nil) -> Finding? {
    first { $0.check == check && (subject == nil || $0.subject == subject) }
  }
}

@Suite(.startsServers) struct SourceCheckTests {
  private func platform(
    _ location: DatabaseLocation, secrets: FixedSecrets = FixedSecrets()
  ) throws -> PlatformBench {
    try PlatformBench(
      TestFolder(.own), sources: ["main": .undivided(location: location.description, password: nil)],
      secrets: secrets)
  }

  @Test func `missing rights are listed as SQL that gives exactly them`() async throws {
    let folder = try TestFolder(.own)
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v7_5, in: folder, history: 60)
    try server.execute(
      #"""
      CREATE SCHEMA "Other Place"; CREATE TABLE "Other Place"."a ""b""" (n serial);
      REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC;
      """#, in: name)
    let reader = try server.createLogin("Reader of")
    let platform = try platform(server.location(name, user: reader))
    let before = try await platform.findings()
    let rights = try #require(before.of("source.rights"))
    #expect(rights.severity == .block && !rights.waivable)
    #expect(before.of("source.readable")?.severity == .block)
    // What it says is carried out as it stands, by the owner.
    try server.execute(try #require(rights.remedy), in: name)
    let after = try await platform.findings()
    #expect(after.of("source.rights")?.severity == .pass, "\(after.of("source.rights")?.message ?? "")")
    #expect(after.of("source.readable")?.severity == .pass)
    let blocks = after.filter { $0.blocks }
    #expect(blocks == [])
    // Nothing beyond reading was given.
    let connection = try Connection.open(server.location(name, user: reader), options: .readWrite)
    #expect(throws: DatabaseError.self) { try connection.execute("DELETE FROM task") }
    #expect(throws: DatabaseError.self) { try connection.execute("CREATE TABLE \"Other Place\".x ()") }
  }

  @Test func `a policy that hides rows is a missing right`() async throws {
    let folder = try TestFolder(.own)
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v7_5, in: folder, history: 60)
    let reader = try server.createLogin("filtered")
    try server.execute(
      """
      GRANT SELECT ON ALL TABLES IN SCHEMA public TO \(reader);
      ALTER TABLE request ENABLE ROW LEVEL SECURITY;
      CREATE POLICY few ON request USING (id > 10);
      """, in: name)
    let platform = try platform(server.location(name, user: reader))
    let rights = try #require(try await platform.findings().of("source.rights"))
    #expect(rights.severity == .block)
    #expect(rights.message.contains("policies hide rows"))
    try server.execute(try #require(rights.remedy), in: name)
    #expect(try await platform.findings().of("source.rights")?.severity == .pass)
  }

  @Test func `a pooler that shares sessions is refused on both sides`() async throws {
    let folder = try TestFolder(.own)
    let server = try PrivatePostgres.shared()
    let name = try await server.createLab(.v7_5, in: folder, history: 60)
    let target = try server.createDatabase()
    let bouncer = try PrivateBouncer(before: server)
    func pooled(_ database: String) -> DatabaseLocation {
      DatabaseLocation(
        .postgresql(
          PostgresAddress(
            host: bouncer.host, port: Int(bouncer.port), user: PrivatePostgres.user, database: database)))
    }
    let platform = try PlatformBench(
      folder, sources: ["main": .undivided(location: pooled(name).description, password: nil)],
      destination: pooled(target))
    let findings = try await platform.findings()
    #expect(findings.of("connection.pooled", about: "source main")?.severity == .block)
    #expect(findings.of("connection.pooled", about: "destination")?.severity == .block)
    let direct = try PlatformBench(
      folder, sources: ["main": .undivided(location: server.location(name).description, password: nil)],
      destination: server.location(target))
    #expect(try await direct.findings().of("connection.pooled") == nil)
  }

  @Test func `a wrong password is told as such, and none is not taken for an empty one`() async throws {
    let folder = try TestFolder(.own)
    let server = try PrivatePostgres(.init(listening: .loopback, password: "right"))
    let name = try await server.createLoginLab(in: folder, password: "right")
    for (secrets, reason) in [
      (FixedSecrets(values: ["source.main": "wrong"]), "the password is wrong"),
      (FixedSecrets(), "asks for a password"),
    ] {
      let blocked = try await platform(server.location(name), secrets: secrets).findings()
      let finding = try #require(blocked.of("source.login"))
      #expect(finding.severity == .block && finding.message.contains(reason), "\(finding.message)")
      #expect(!finding.message.contains("wrong\"") && finding.remedy != nil)
    }
    let right = try await platform(server.location(name), secrets: FixedSecrets(values: ["source.main": "right"]))
      .findings()
    #expect(right.of("source.readable")?.severity == .pass)
  }

  @Test func `unproven encryption is blocked, and proven encryption tells by what`() async throws {
    let folder = try TestFolder(.own)
    let certificates = try TestCertificates.made()
    let server = try PrivatePostgres(.init(listening: .tls(certificates.good)))
    let name = try server.createDatabase()
    func findings(_ mode: TLSMode, authority: String?) async throws -> [Finding] {
      var address = PostgresAddress(
        host: "localhost", port: Int(server.port), user: PrivatePostgres.user, database: name, tlsMode: mode)
      address.rootCertificate = authority
      let platform = try PlatformBench(
        folder, sources: ["main": .undivided(location: "sqlite:\(folder.path)/none.db", password: nil)],
        destination: DatabaseLocation(.postgresql(address)))
      return try await platform.findings().filter { $0.subject == "destination" }
    }
    let weak = try await findings(.require, authority: nil)
    #expect(weak.of("connection.encrypted")?.severity == .block)
    #expect(weak.of("connection.encrypted")?.rule == "D52")
    #expect(weak.of("connection.encrypted")?.waivable == true)

    let proven = try await findings(.verifyFull, authority: certificates.authority)
    let encrypted = try #require(proven.of("connection.encrypted"))
    #expect(encrypted.severity == .pass && encrypted.message.contains("TLSv1.3"))
    let certificate = try #require(proven.of("connection.certificate"))
    #expect(certificate.message.contains("localhost was compared with localhost, 127.0.0.1"))
    #expect(certificate.severity == .pass)

    let other = try await findings(.verifyFull, authority: certificates.otherAuthority)
    #expect(other.of("connection.encrypted")?.rule == "D47")
    #expect(other.of("connection.encrypted")?.severity == .block)

    // Written down, not in force.
    try server.execute("ALTER SYSTEM SET ssl_min_protocol_version = 'TLSv1.3'", in: "postgres")
    let waiting = try await findings(.verifyFull, authority: certificates.authority)
    #expect(waiting.of("connection.active")?.severity == .warn)
    try server.execute("SELECT pg_reload_conf()", in: "postgres")
    // The server takes it over when its signal reaches it.
    let deadline = ContinuousClock.now + .seconds(10)
    while try server.execute("SHOW ssl_min_protocol_version", in: "postgres") != "TLSv1.3",
      ContinuousClock.now < deadline
    {}
    #expect(try await findings(.verifyFull, authority: certificates.authority).of("connection.active") == nil)
  }

  @Test func `a certificate near its end and a short name are spoken of`() throws {
    let certificates = try TestCertificates.made()
    let server = try PrivatePostgres(.init(listening: .tls(certificates.good)))
    var address = PostgresAddress(
      host: "localhost", port: Int(server.port), user: PrivatePostgres.user, database: "postgres")
    address.rootCertificate = certificates.authority
    let connection = try Connection.open(DatabaseLocation(.postgresql(address)), options: .readOnly)
    let end = try #require(Timestamp(rfc3339: "2049-12-10"))
    let late = try ConnectionChecks.others(
      "destination", DatabaseLocation(.postgresql(address)), on: connection, now: end)
    #expect(late.of("connection.certificate")?.severity == .warn)
    address.host = "db1"
    let short = try ConnectionChecks.others(
      "source main", DatabaseLocation(.postgresql(address)), on: connection, now: SystemClock().now()
    ) { $0 == "db1" ? "db1.example.org" : nil }
    #expect(short.of("connection.name")?.severity == .warn)
    #expect(short.of("connection.name")?.remedy?.contains("connection set source.main") == true)
    #expect(short.of("connection.name")?.remedy?.contains("@db1.example.org:") == true)
  }

  @Test func `names of hosts are told apart and completed`() throws {
    for name in ["db1", "DB1", "db1."] { #expect(HostName(name).isShort, "\(name)") }
    for name in ["localhost", "db1.example.org", "10.0.0.1", "::1", "fe80::1", "/var/run/postgresql", ""] {
      #expect(!HostName(name).isShort, "\(name)")
    }
    #expect(try HostName("db1").qualified { _ in "db1.example.org." } == "db1.example.org")
    #expect(try HostName("10.0.0.1").qualified { _ in nil } == "10.0.0.1")
    for answer in [nil, "db1", "localhost", "10.0.0.1"] {
      #expect(throws: AdministrationError.self) { try HostName("db1").qualified { _ in answer } }
    }
    #expect(HostName.canonicalName("localhost") != nil)
    #expect(HostName.canonicalName("no-such-host.invalid") == nil)
  }
}

extension PrivatePostgres {
  /// An old history behind the password that the server asks of everybody.
  func createLoginLab(in folder: TestFolder, password: String) async throws -> String {
    let prefix = Self.freshName("lab")
    let options = ConnectOptions(
      access: .readWrite,
      password: { use in
        let bytes = Array(password.utf8)
        use(bytes.span)
      })
    _ = try await Lab.create(
      LabOptions(
        folder: folder.path + "/" + prefix, release: .v8_0,
        store: .postgresql(location("postgres"), options: options, prefix: prefix), people: 20, history: 50, seed: 3
      )
    ) { _ in }
    return prefix + "_8_0_history"
  }
}
