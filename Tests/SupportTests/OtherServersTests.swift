internal import TestSupport
internal import Testing

@Suite(.startsServers) struct OtherServersTests {
  @Test func `slapd records changes with their old values`() throws {
    let server = try PrivateSlapd()
    try server.change(
      """
      dn: cn=Jörg,\(PrivateSlapd.suffix)
      changetype: add
      objectClass: person
      cn: Jörg
      sn: old name

      dn: cn=Jörg,\(PrivateSlapd.suffix)
      changetype: modify
      replace: sn
      sn: new name
      """)
    let log = try server.search(base: PrivateSlapd.logSuffix, filter: "(objectClass=auditModify)")
    #expect(log.contains("reqMod: sn:= new name"))
    #expect(log.contains("reqOld: sn: old name"))
    server.kill()
    try server.start()
    #expect(try server.search(base: PrivateSlapd.suffix, filter: "(sn=new name)").contains("dn:: "))
    #expect(try server.search(base: PrivateSlapd.logSuffix, filter: "(objectClass=auditModify)") == log)
  }

  @Test func `slapd speaks TLS with the certificate it was given`() throws {
    let certificates = try TestCertificates.made()
    let server = try PrivateSlapd(certificate: certificates.good)
    let secure = try #require(server.secureURL)
    func ask(_ url: String, trusting authority: String, _ more: [String] = []) throws -> Tool.Outcome {
      try Tool.run(
        "ldapsearch", ["-x", "-LLL", "-H", url, "-b", "", "-s", "base", "namingContexts"] + more,
        environment: ["LDAPTLS_CACERT": authority, "LDAPTLS_REQCERT": "demand"])
    }
    #expect(try ask(secure, trusting: certificates.authority).text.contains(PrivateSlapd.suffix))
    #expect(try ask(secure, trusting: certificates.otherAuthority).status == 255)
    #expect(try ask(server.url, trusting: certificates.authority, ["-ZZ"]).status == 0)
  }

  @Test func `a pooled connection changes its session between transactions`() throws {
    let server = try PrivatePostgres(.init(isDurable: false))
    let bouncer = try PrivateBouncer(before: server, sessions: 1)
    let first = try Tool.check(
      "psql", ["-X", "-At", "-d", bouncer.connectionString(database: "postgres")],
      input: Array("SELECT pg_backend_pid();".utf8))
    let second = try Tool.check(
      "psql", ["-X", "-At", "-d", bouncer.connectionString(database: "postgres")],
      input: Array("SELECT pg_backend_pid();".utf8))
    #expect(first.text == second.text, "two clients share the one session of the pool")
  }
}
