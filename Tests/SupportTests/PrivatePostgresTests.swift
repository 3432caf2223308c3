internal import Glibc
internal import TestSupport
internal import Testing

@Suite(.startsServers) struct PrivatePostgresTests {
  @Test func `databases of the shared server are separate`() throws {
    let server = try PrivatePostgres.shared()
    let (one, two) = (try server.createDatabase(), try server.createDatabase())
    try server.execute("CREATE TABLE t (a text); INSERT INTO t VALUES ('ü'), (NULL)", in: one)
    #expect(try server.execute("SELECT a, a IS NULL FROM t ORDER BY 1", in: one) == "ü|f\n|t")
    #expect(throws: SupportError.self) { try server.execute("SELECT * FROM t", in: two) }
    #expect(try server.execute("SHOW fsync", in: one) == "on")
  }

  @Test func `a server ends with its last reference and leaves nothing`() throws {
    let folder: String
    let pid: Int32
    do {
      let server = try PrivatePostgres(.init(isDurable: false))
      folder = server.host
      pid = try #require(server.processID)
      #expect(isAlive(pid))
      #expect(try server.execute("SHOW fsync", in: "postgres") == "off")
    }
    #expect(!isAlive(pid))
    #expect(!Files.exists(folder))
  }

  @Test func `committed rows outlive a kill`() throws {
    let server = try PrivatePostgres()
    try server.execute("CREATE TABLE t AS SELECT 1 AS a", in: "postgres")
    server.kill()
    #expect(throws: SupportError.self) { try server.execute("SELECT 1", in: "postgres") }
    try server.start()
    #expect(try server.execute("SELECT a FROM t", in: "postgres") == "1")
    try server.restart()
    #expect(try server.execute("SELECT a FROM t", in: "postgres") == "1")
    server.kill()  // and its shared memory goes with it
  }

  @Test func `a frozen server answers nobody until it is thawed`() throws {
    let server = try PrivatePostgres(.init(configuration: ["work_mem": "5MB"]))
    #expect(try server.execute("SHOW work_mem", in: "postgres") == "5MB")
    server.freeze()
    #expect(Ports.accepts(socket: "\(server.host)/.s.PGSQL.5432"), "the kernel still takes connections")
    #expect(throws: SupportError.self) {
      try Tool.run(
        "psql", ["-X", "-c", "SELECT 1", server.connectionString(database: "postgres")], atMost: .milliseconds(500))
    }
    server.thaw()
    #expect(try server.execute("SELECT 1", in: "postgres") == "1")
  }

  @Test func `a password is asked for on every connection of a test`() throws {
    let server = try PrivatePostgres(.init(listening: .loopback, password: "s3cret"))
    let name = try server.createDatabase()
    let connection = server.connectionString(database: name)
    let denied = try Tool.run(
      "psql", ["-X", "-w", "-c", "SELECT 1", connection], environment: ["PGPASSWORD": "no"])
    #expect(denied.status == 2)
    #expect(denied.errorText.contains("password authentication failed"))
  }

  @Test func `certificates are accepted and refused for the right reasons`() throws {
    let certificates = try TestCertificates.made()
    func connect(
      _ certificate: ServerCertificate, trusting authority: String, says words: String,
      sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      let server = try PrivatePostgres(.init(listening: .tls(certificate)))
      let database = server.connectionString(database: "postgres")
      let plain = try Tool.run("psql", ["-X", "-c", "SELECT 1", "\(database) sslmode=disable"])
      #expect(plain.errorText.contains("no encryption"), sourceLocation: sourceLocation)
      let outcome = try Tool.run(
        "psql", ["-X", "-At", "-c", "SELECT 1", database],
        environment: ["PGSSLMODE": "verify-full", "PGSSLROOTCERT": authority])
      // The alert that the client sent, its own reason, stands in the server's log once the session there has read
      // it. A session that a stop meets before that ends without a word.
      func told() -> String { outcome.text + outcome.errorText + server.logText }
      let deadline = ContinuousClock.now + .seconds(30)
      while !told().contains(words), ContinuousClock.now < deadline { usleep(5_000) }
      #expect(told().contains(words), "\(told())", sourceLocation: sourceLocation)
    }
    let authority = certificates.authority
    try connect(certificates.good, trusting: authority, says: "1\n")
    try connect(certificates.good, trusting: certificates.otherAuthority, says: "unknown ca")
    try connect(certificates.selfSigned, trusting: authority, says: "unknown ca")
    try connect(certificates.expired, trusting: authority, says: "certificate expired")
    try connect(certificates.wrongName, trusting: authority, says: "does not match host name")
  }
}
