import Directory
import Glibc
import Subprocess
import Testing

@Suite(.serialized)
struct LDAPConnectionTests {
  @Test func `a connection is protected by TLS, under an authority that was named`() throws {
    let server = try TestSlapd()
    var options = LDAPOptions()
    options.authorityFile = server.authority
    var secure = try server.connect(server.secure, options: options)
    try secure.bindAsAdmin()
    options.startTLS = true
    var started = try server.connect(server.plain, options: options)
    try started.bindAsAdmin()
    let root = try started.rootDSE()
    #expect(root.strings("namingcontexts").contains("dc=example,dc=org"))
    #expect(root.string("supportedLDAPVersion") == "3")
  }

  @Test func `an unknown authority, another name and no certificate at all are told from an absent server`() throws
  {
    let server = try TestSlapd()
    var options = LDAPOptions()
    func attempt(_ address: String) -> DirectoryError.Code? {
      failure { () throws(DirectoryError) in _ = try LDAPConnection(LDAPAddress(address), options: options) }
    }
    #expect(attempt(server.secure) == .untrusted)
    options.authorityFile = server.folder + "/other.pem"
    #expect(attempt(server.secure) == .untrusted)
    options.authorityFile = server.authority
    #expect(attempt("ldaps://localhost:\(server.securePort)") == .untrusted)
    #expect(attempt("ldaps://127.0.0.1:\(server.port)") == .untrusted)
    options.startTLS = true
    #expect(attempt("ldap://localhost:\(server.port)") == .untrusted)
    options.authorityFile = server.folder + "/slapd.conf"
    #expect(attempt(server.plain) == .untrusted)
    options.authorityFile = server.folder + "/nothing"
    #expect(attempt(server.plain) == .file)
    options.authorityFile = nil
    options.trustsAnyServerWithoutChecking = true
    #expect(attempt(server.plain) == nil)
  }

  @Test func `an absent server is unreachable, a silent one times out`() throws {
    var options = LDAPOptions()
    options.connectTimeout = .milliseconds(500)
    options.answerTimeout = .milliseconds(500)
    func attempt(_ address: String) -> DirectoryError.Code? {
      failure { () throws(DirectoryError) in
        var connection = try LDAPConnection(LDAPAddress(address), options: options)
        try connection.bind(as: "cn=x", password: [1].span)
      }
    }
    let closed = try freePort()
    let silent = try Listener()
    let before = ContinuousClock.now
    #expect(attempt("ldap://127.0.0.1:\(closed)") == .unreachable)
    #expect(attempt("ldaps://127.0.0.1:\(closed)") == .unreachable)
    #expect(attempt("ldap://no-such-host.invalid") == .unreachable)
    #expect(attempt("ldapi://%2Fno%2Fsuch%2Fsocket") == .unreachable)
    #expect(attempt("ldap://127.0.0.1:\(silent.port)") == .timedOut)
    #expect(attempt("ldaps://127.0.0.1:\(silent.port)") == .timedOut)
    options.startTLS = true
    #expect(attempt("ldap://127.0.0.1:\(silent.port)") == .timedOut)
    #expect(attempt("ldap://127.0.0.1:\(closed)") == .unreachable)
    #expect(before.duration(to: .now) < .seconds(20))
  }

  @Test func `a server that goes away in between is unreachable`() throws {
    let server = try TestSlapd()
    var connection = try server.connectAsAdmin()
    try server.kill()
    let code = failure { () throws(DirectoryError) in _ = try connection.rootDSE() }
    #expect(code == .unreachable)
  }

  @Test func `a wrong password and an empty one are refused, each for its reason`() throws {
    let server = try TestSlapd()
    func attempt(_ password: [UInt8]) throws -> DirectoryError.Code? {
      var connection = try server.connect()
      return failure { () throws(DirectoryError) in
        try connection.bind(as: TestSlapd.admin, password: password.span)
      }
    }
    #expect(try attempt([1, 2, 3]) == .invalidCredentials)
    #expect(try attempt([]) == .invalidName)
    #expect(try attempt(TestSlapd.password) == nil)
  }

  @Test func `a password does not go over the network in clear unless it is asked for`() throws {
    let server = try TestSlapd()
    // 0.0.0.0 leads to this machine too, but is not known as such.
    let address = "ldap://0.0.0.0:\(server.port)"
    var connection = try server.connect(address)
    let code = failure { () throws(DirectoryError) in
      try connection.bindAsAdmin()
    }
    #expect(code == .unprotected)
    var options = LDAPOptions()
    options.sendsPasswordsInClear = true
    var open = try server.connect(address, options: options)
    try open.bindAsAdmin()
  }

  @Test func `the socket tells the server who this process is`() throws {
    let server = try TestSlapd()
    var connection = try server.connect(server.socket)
    try connection.bindAsThisUser()
    // Only the administrator sees the log.
    let summary = try connection.search(LDAPSearch(base: "cn=accesslog", scope: .base)) { _ in }
    #expect(summary.entries == 1)
    var other = try server.connect()
    #expect(failure { () throws(DirectoryError) in try other.bindAsThisUser() } == .refused)
  }

  @Test(arguments: [
    "http://host", "ldap:host", "ldap://", "ldap://user@host", "ldap://host/dc=example", "ldap://a,b",
    "ldap://[::1",
    "host", "ldap://ho st", "ldap://:389",
  ])
  func `what is no server address is refused`(text: String) {
    #expect(failure { () throws(DirectoryError) in _ = try LDAPAddress(text) } == .invalidName)
  }
}
