import Directory
import Glibc
import Subprocess
import Testing

/// A real slapd of its own: an example tree with the access log overlay, TLS under a certificate authority of its
/// own, a socket. Stopped, and its files removed, when the value ends.
final class TestSlapd {
  static let admin = "cn=admin,dc=example,dc=org"
  static let password = Array("secret of the admin".utf8)

  let folder: String
  let port: UInt16
  let securePort: UInt16
  private var process: ChildProcess

  var plain: String { "ldap://127.0.0.1:\(port)" }
  var secure: String { "ldaps://127.0.0.1:\(securePort)" }
  var socket: String { "ldapi://\(folder.split(separator: "/").map { "%2F" + $0 }.joined())%2Fsocket" }
  var authority: String { folder + "/ca.pem" }

  init() throws {
    folder = try temporaryFolder()
    port = try freePort()
    securePort = try freePort()
    try makeCertificates(in: folder)
    try Command("mkdir", [folder + "/data", folder + "/log"]).run().requireSuccess()
    try write(TestSlapd.configuration(folder), to: folder + "/slapd.conf")
    let addresses =
      "ldap://0.0.0.0:\(port) ldaps://127.0.0.1:\(securePort) ldapi://\(folder.split(separator: "/").map { "%2F" + $0 }.joined())%2Fsocket"
    process = try ChildProcess(
      Command("/usr/sbin/slapd", ["-d", "0", "-h", addresses, "-f", folder + "/slapd.conf"]),
      errors: .appended(to: folder + "/errors"))
    try waitUntilItAnswers()
    try change(
      """
      dn: dc=example,dc=org
      changetype: add
      objectClass: organization
      objectClass: dcObject
      o: Example

      """)
  }

  deinit {
    do {
      try process.terminate()
      try remove(folder)
    } catch {
      Issue.record("slapd could not be stopped: \(error)")
    }
  }

  /// Ends the server at once, as a crash would.
  func kill() throws { try process.terminate(grace: .zero) }

  private func waitUntilItAnswers() throws {
    let deadline = ContinuousClock.now.advanced(by: .seconds(30))
    while true {
      do {
        _ = try connect()
        return
      } catch {
        guard try process.isRunning(), ContinuousClock.now < deadline else {
          Issue.record("slapd does not start: \(try Command("cat", [folder + "/errors"]).run().text)")
          throw error
        }
        usleep(10_000)
      }
    }
  }

  func connect(_ address: String? = nil, options: LDAPOptions = LDAPOptions()) throws -> LDAPConnection {
    try LDAPConnection(LDAPAddress(address ?? plain), options: options)
  }

  func connectAsAdmin() throws -> LDAPConnection {
    var connection = try connect()
    try connection.bindAsAdmin()
    return connection
  }

  /// Changes the directory with the tool of OpenLDAP, which goes on behind errors.
  @discardableResult
  func change(_ ldif: String) throws -> CommandStatus {
    try Command(
      "ldapmodify",
      ["-c", "-x", "-H", plain, "-D", TestSlapd.admin, "-w", String(decoding: TestSlapd.password, as: UTF8.self)]
    ).run(input: Array(ldif.utf8).span, timeout: .seconds(60)).status
  }

  private static func configuration(_ folder: String) -> String {
    """
    include /etc/ldap/schema/core.schema
    include /etc/ldap/schema/cosine.schema
    include /etc/ldap/schema/inetorgperson.schema
    modulepath /usr/lib/ldap
    moduleload back_mdb
    moduleload accesslog
    pidfile \(folder)/pid
    TLSCACertificateFile \(folder)/ca.pem
    TLSCertificateFile \(folder)/server.pem
    TLSCertificateKeyFile \(folder)/server.key
    authz-regexp "gidNumber=.*,cn=peercred,cn=external,cn=auth" "\(admin)"

    database mdb
    suffix cn=accesslog
    rootdn "\(admin)"
    directory \(folder)/log
    index reqStart eq

    database mdb
    suffix "dc=example,dc=org"
    rootdn "\(admin)"
    rootpw "\(String(decoding: password, as: UTF8.self))"
    directory \(folder)/data
    limits anonymous size=7
    overlay accesslog
    logdb cn=accesslog
    logops writes
    logold (objectClass=*)

    """
  }
}

/// A port of this machine that nobody listened on a moment ago.
func freePort() throws -> UInt16 {
  let listener = try Listener()
  return listener.port
}

struct NoSocket: Error {}

/// A port that takes connections and never says anything.
final class Listener {
  private let descriptor: Int32
  let port: UInt16

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let done = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard done else { throw NoSocket() }
  }

  deinit { close(descriptor) }
}

/// An authority, a certificate of it for the address 127.0.0.1 alone, and an authority that made nothing.
private func makeCertificates(in folder: String) throws {
  let script = """
    cd "$0"
    for name in ca other; do
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out $name.pem \
        -subj "/CN=Test authority $name" -days 2 -addext basicConstraints=critical,CA:TRUE \
        -addext keyUsage=critical,keyCertSign
    done
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=server
    printf 'subjectAltName=IP:127.0.0.1\\nbasicConstraints=CA:FALSE\\n' > extensions
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 \
      -extfile extensions
    """
  try Command("sh", ["-e", "-c", script, folder]).run(timeout: .seconds(60)).requireSuccess()
}

extension LDAPConnection {
  mutating func bindAsAdmin() throws(DirectoryError) {
    let password = TestSlapd.password
    try bind(as: TestSlapd.admin, password: password.span)
  }
}
