import Base
import Glibc
import Testing

@testable import Database

struct ConnectErrorTests {
  static func failure(_ location: DatabaseLocation, password: String? = nil, timeout: Double = 15) -> DatabaseError?
  {
    var options = ConnectOptions(access: .readWrite, connectTimeout: timeout)
    if let password { options.password = { use in use(Array(password.utf8).span) } }
    return databaseError { try Connection.open(location, options: options).close() }
  }

  static func tcp(_ port: Int, host: String = "127.0.0.1", mode: TLSMode = .verifyFull) -> DatabaseLocation {
    DatabaseLocation(
      .postgresql(
        PostgresAddress(host: host, port: port, user: "postgres", database: "postgres", tlsMode: mode)))
  }

  @Test func `a wrong, a missing and a right password`() throws {
    let location = PrivateServer.shared.location(user: "locked")
    let wrong = Self.failure(location, password: "wrong")
    #expect(wrong?.code == .authentication)
    #expect(wrong?.sqlState == "28P01")
    #expect(wrong?.advice?.contains("password") == true)
    #expect(wrong?.isTransient == false)
    #expect(wrong.map(explain)?.contains("wrong\"") == false)
    let missing = Self.failure(location)
    #expect(missing?.code == .authentication)
    #expect(missing?.advice?.contains("secret") == true)
    #expect(Self.failure(location, password: "right") == nil)
  }

  @Test func `a password that cannot be had is told with its cause`() throws {
    struct NoSecret: Error {}
    var options = ConnectOptions.readWrite
    options.password = { _ in throw NoSecret() }
    let error = databaseError {
      _ = try Connection.open(PrivateServer.shared.location(user: "locked"), options: options)
    }
    #expect(error?.code == .authentication)
    #expect(error?.cause is NoSecret)
  }

  @Test func `a user that the server bars or does not know`() throws {
    let barred = Self.failure(PrivateServer.shared.location(user: "barred"))
    #expect(barred?.code == .authentication)
    #expect(barred?.advice?.contains("pg_hba.conf") == true)
    #expect(Self.failure(PrivateServer.shared.location(user: "nobody at all"))?.code == .authentication)
  }

  @Test func `a database that does not exist`() throws {
    let error = Self.failure(PrivateServer.shared.location(database: "missing"))
    #expect(error?.code == .noSuchDatabase)
    #expect(error?.sqlState == "3D000")
    #expect(error?.advice?.contains("createdb") == true)
  }

  @Test func `an unknown host, a closed port and a missing socket`() throws {
    let host = Self.failure(Self.tcp(5432, host: "no-such-host.invalid"))
    #expect(host?.code == .unreachable)
    #expect(host?.reason.contains("no-such-host.invalid") == true)
    let port = Self.failure(Self.tcp(freePort()))
    #expect(port?.code == .unreachable)
    #expect(port?.isTransient == true)
    let socket = Self.failure(
      DatabaseLocation(.postgresql(PostgresAddress(host: "/nowhere", user: "postgres", database: "postgres"))))
    #expect(socket?.code == .unreachable)
    for error in [host, port, socket] { #expect(error?.advice != nil) }
  }

  @Test func `a host that does not answer runs into the time-out`() throws {
    // A listener that accepts and then keeps silent.
    let silent = SilentListener()
    let error = Self.failure(Self.tcp(silent.port, mode: .prefer), timeout: 0.3)
    #expect(error?.code == .timeout)
    #expect(error?.isTransient == true)
  }

  @Test func `an address that swallows what is sent leaves time for the next one`() throws {
    let server = PrivateServer(settings: "ssl = off")
    // The same port at another address of this machine.
    let silent = SilentListener(address: 0x7F00_0002, port: server.port)
    let connector = PostgresConnector(
      address: PostgresAddress(
        host: "localhost", port: silent.port, user: "postgres", database: "postgres", tlsMode: .prefer),
      options: ConnectOptions(access: .readWrite, connectTimeout: 3))
    let error = databaseError { _ = try connector.connect(["127.0.0.2", "127.0.0.1"]) }
    // It has no rule for connections in clear: an answer of the second address.
    #expect(error?.sqlState == "28000")
    #expect(databaseError { _ = try connector.connect(["127.0.0.2", "127.0.0.2"]) }?.code == .timeout)
  }

  @Test func `a schema's name cannot smuggle settings in`() throws {
    let name = "a\r\n-c\tlock_timeout=77 \\b"
    let admin = try Connection.open(PrivateServer.shared.location(), options: .readWrite)
    try admin.execute("create schema \(identifier: name)")
    let connection = try Connection.open(PrivateServer.shared.location(schema: name), options: .readWrite)
    #expect(try connection.text("select current_schema()") == name)
    #expect(try connection.text("select current_setting('lock_timeout')") != "77ms")
    try admin.execute("drop schema \(identifier: name)")
  }

  @Test func `a password with a NUL is refused instead of being cut`() {
    let error = Self.failure(PrivateServer.shared.location(user: "locked"), password: "right\0x")
    #expect(error?.code == .authentication)
    #expect(error?.reason.contains("NUL") == true)
  }

  @Test func `a server without encryption is refused where it is demanded`() throws {
    let error = Self.failure(Self.tcp(PrivateServer.shared.port))
    #expect(error?.code == .tls)
    #expect(error?.advice?.contains("postgresql.conf") == true)
  }
}

/// A socket that accepts connections and never says a word.
final class SilentListener: Sendable {
  let port: Int
  private let file: Int32

  init(address host: UInt32 = 0x7F00_0001, port: Int = freePort()) {
    self.port = port
    file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = host.bigEndian
    unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = unsafe bind(file, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    listen(file, 8)
  }

  deinit { close(file) }
}
