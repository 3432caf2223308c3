import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// What `administration connection test` does with each database.
@Suite(.startsServers) struct ConnectionTests {
  private func connections(_ section: String, in folder: TestFolder) throws -> [NamedConnection] {
    let platform = try Platform(
      parsing: "{ version: 1, name: 'Sample', administration: { \(section) } }",
      file: folder.path + "/platform.json5",
      systems: ["administration"])
    return try AdministrationSection(#require(platform.sections["administration"]), folder: folder.path)
      .connections()
  }

  private func test(_ name: String, _ connections: [NamedConnection], password: String? = nil) throws
    -> ConnectionTest
  {
    ConnectionTest(try #require(connections.first { $0.name == name })) { use in
      guard let password else { return }
      let bytes = Array(password.utf8)
      use(bytes.span)
    }
  }

  private func fact(_ name: String, _ test: ConnectionTest) -> Fact.Value? {
    test.facts.first { $0.key.hasSuffix("." + name) }?.value
  }

  @Test func `a test logs in, tries, measures, and tells who proved what`() async throws {
    let folder = try TestFolder(.own)
    let certificates = try TestCertificates.made()
    let server = try PrivatePostgres(.init(listening: .tls(certificates.good), password: "right"))
    let name = try server.createDatabase()
    let location =
      "postgresql://\(PrivatePostgres.user)@localhost:\(server.port)/\(name)?sslrootcert=\(certificates.authority)"
    let all = try connections(
      "sources: { main: { kind: 'database', location: '\(location)' } }, destination: { history: '\(location)' },",
      in: folder)
    let good = try test("destination", all, password: "right")
    #expect(!good.findings.contains { $0.blocks })
    #expect(fact("user", good) == .text(PrivatePostgres.user))
    #expect(fact("tls", good).map { "\($0)" }?.contains("TLSv1.3") == true)
    #expect(fact("certificate.subject", good) == .text("CN=Locktender test good"))
    #expect(fact("certificate.issuer", good) == .text("CN=Locktender test authority"))
    #expect(fact("certificate.names", good) == .text("localhost, 127.0.0.1"))
    #expect(good.findings.of("connection.certificate")?.message.hasPrefix("localhost was compared with") == true)
    guard case .text(let latency) = try #require(fact("latency", good)) else { return }
    #expect(latency.hasSuffix(" ms") && latency != "0.00 ms")
    #expect(good.findings.of("destination.rights")?.message.contains("tried, and taken back") == true)
    #expect(try test("source.main", all, password: "right").findings.of("source.rights")?.severity == .pass)
    let wrong = try #require(try test("destination", all, password: "hunter3").findings.of("connection.opens"))
    #expect(wrong.blocks && wrong.remedy != nil && !wrong.message.contains("hunter3"))
    let strange = try connections(
      "sources: { main: { kind: 'database', location: '\(location.replacing(certificates.authority, with: certificates.otherAuthority))' } },",
      in: folder)
    #expect(try test("source.main", strange, password: "right").findings.of("connection.opens")?.blocks == true)
  }

  @Test func `a login that lacks a right is told so, with what gives it`() async throws {
    let folder = try TestFolder(.own)
    let server = try PrivatePostgres.shared()
    let old = try await server.createLab(.v7_5, in: folder, history: 20)
    let new = try server.createDatabase()
    let login = try server.createLogin("reader")
    let all = try connections(
      """
      sources: { main: { kind: 'database', location: '\(server.location(old, user: login))' } },
      destination: { history: '\(server.location(new, user: login))' },
      """, in: folder)
    for (name, check) in [("source.main", "source.rights"), ("destination", "destination.rights")] {
      let tested = try test(name, all)
      let finding = try #require(tested.findings.of(check), "\(tested.findings)")
      #expect(finding.blocks && finding.remedy?.contains("GRANT") == true)
      let remedy = try #require(finding.remedy?.split(separator: "; or").first)
      try server.execute(String(remedy), in: name == "destination" ? new : old)
      #expect(try test(name, all).findings.of(check)?.severity == .pass)
    }
    // What was tried is not there any more.
    #expect(try server.execute("SELECT count(*) FROM pg_class WHERE relname LIKE 'locktender%'", in: new) == "0")
  }

  @Test func `what is not there yet is told, and only a history may be so`() throws {
    let folder = try TestFolder(.own)
    let server = try PrivatePostgres.shared()
    for (history, configuration) in [
      ("sqlite:new.db", "sqlite:conf.db"),
      (server.location("missing_one").description, server.location("missing_two").description),
    ] {
      let all = try connections(
        """
        sources: { main: { kind: 'database', location: 'sqlite:old.db' } },
        destination: { history: '\(history)', configuration: '\(configuration)' },
        """, in: folder)
      #expect(try test("destination", all).findings.of("connection.opens")?.severity == .warn)
      #expect(try test("destination.configuration", all).findings.of("connection.opens")?.blocks == true)
      #expect(try test("source.main", all).findings.of("connection.opens")?.blocks == true)
    }
    #expect(try !Base.Files.exists(folder.path + "/new.db"))
  }
}
