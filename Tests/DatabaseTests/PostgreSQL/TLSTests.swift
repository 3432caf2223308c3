import Base
import Database
import Glibc
import Testing

/// One server whose certificate is changed between the tests.
@Suite(.serialized)
struct TLSTests {
  static let server = PrivateServer(
    settings: "ssl = on\nssl_cert_file = '../good.crt'\nssl_key_file = '../good.key'")

  static func location(
    host: String = "127.0.0.1", mode: TLSMode = .verifyFull, authority: String? = "ca.crt"
  ) -> DatabaseLocation {
    var address = PostgresAddress(
      host: host, port: server.port, user: "postgres", database: "postgres", tlsMode: mode)
    address.rootCertificate = authority.map { server.folder + "/" + $0 }
    return DatabaseLocation(.postgresql(address))
  }

  /// Lets the server show another certificate, and waits until it does.
  static func show(_ name: String, subject: String) throws {
    let admin = try Connection.open(server.location(), options: .readWrite)
    try admin.execute("alter system set ssl_cert_file = \(unsafeSQL: "'../\(name).crt'")")
    try admin.execute("alter system set ssl_key_file = \(unsafeSQL: "'../\(name).key'")")
    try admin.execute("select pg_reload_conf()")
    for _ in 0..<500 {
      let seen = try Connection.open(location(mode: .require, authority: nil), options: .readOnly)
      if try seen.serverFacts().tls?.certificate?.subject == subject { return }
      usleep(10_000)
    }
    Issue.record("the server does not show the certificate \(name)")
  }

  @Test func `a trusted certificate for the right name connects, with its facts`() throws {
    try Self.show("good", subject: "CN=good")
    let connection = try Connection.open(Self.location(), options: .readOnly)
    let facts = try connection.serverFacts()
    #expect(facts.tls?.version == "TLSv1.3")
    #expect(facts.tls?.cipher.isEmpty == false)
    #expect(facts.tls?.keyBits ?? 0 >= 128)
    #expect(facts.tlsIsConfigured)
    let certificate = try #require(facts.tls?.certificate)
    #expect(certificate.issuer == "CN=Test Authority")
    #expect(certificate.names == ["127.0.0.1"])
    let days = certificate.notAfter.seconds(since: SystemClock().now()) / 86_400
    #expect(days > 29 && days < 31)
    #expect(Self.location().weakTLS == nil)
    let socket = try Connection.open(Self.server.location(), options: .readOnly)
    #expect(try connection.dataIdentity() == socket.dataIdentity())
    let other = try Connection.open(PrivateServer.shared.location(), options: .readOnly)
    #expect(try connection.dataIdentity() != other.dataIdentity())
  }

  @Test func `an expired certificate is named as such, with its date`() throws {
    try Self.show("expired", subject: "CN=expired")
    let error = ConnectErrorTests.failure(Self.location())
    #expect(error?.code == .tls)
    #expect(error?.reason.contains("expired on 20") == true)
    #expect(error?.advice?.contains("sslrootcert") == true)
  }

  @Test func `a self-signed certificate is named as such`() throws {
    try Self.show("self", subject: "CN=self")
    let error = ConnectErrorTests.failure(Self.location())
    #expect(error?.code == .tls)
    #expect(error?.reason.contains("self-signed by CN=self") == true)
    // It may be trusted as its own authority.
    #expect(ConnectErrorTests.failure(Self.location(authority: "self.crt")) == nil)
  }

  @Test func `a certificate of an unknown authority is named with its issuer`() throws {
    try Self.show("good", subject: "CN=good")
    let error = ConnectErrorTests.failure(Self.location(authority: nil))
    #expect(error?.code == .tls)
    #expect(error?.reason.contains("signed by CN=Test Authority") == true)
  }

  @Test func `a certificate for another name is refused`() throws {
    try Self.show("other", subject: "CN=other")
    let error = ConnectErrorTests.failure(Self.location())
    #expect(error?.code == .tls)
    #expect(error?.reason.contains("another name than 127.0.0.1") == true)
    // The weaker mode must be asked for, and shows.
    let weak = Self.location(mode: .verifyCA)
    #expect(ConnectErrorTests.failure(weak) == nil)
    #expect(weak.weakTLS == .verifyCA)
  }

  @Test func `a missing authority file is told`() throws {
    let error = ConnectErrorTests.failure(Self.location(authority: "missing.crt"))
    #expect(error?.code == .tls)
    #expect(error?.advice?.contains("sslrootcert") == true)
  }

  @Test func `a password over TLS is checked`() throws {
    try Self.show("good", subject: "CN=good")
    var location = Self.location()
    var address = try #require(location.postgres)
    address.user = "locked"
    location = DatabaseLocation(.postgresql(address))
    #expect(ConnectErrorTests.failure(location, password: "wrong")?.sqlState == "28P01")
    #expect(ConnectErrorTests.failure(location, password: "right") == nil)
  }
}
