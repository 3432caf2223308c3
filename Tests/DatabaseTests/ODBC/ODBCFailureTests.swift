import Base
import Database
import Glibc
import TestSupport
import Testing

@Suite(.startsServers)
struct ODBCFailureTests {
  private func failure(_ source: String, password: String? = nil) -> DatabaseError? {
    databaseError {
      var options = ConnectOptions(access: .readOnly, connectTimeout: 3)
      if let password {
        options.password = { use in
          let bytes = Array(password.utf8)
          use(bytes.span)
        }
      }
      try Connection.open(DatabaseLocation("odbc:" + source), options: options).close()
    }
  }

  @Test func `a right password lets in, whatever characters it has, and a wrong one does not`() throws {
    let password = "q}{;=\\\"ü💡%41+ }}"
    let server = try PrivatePostgres(.init(listening: .loopback, password: password))
    let source = try ODBCDatabase(on: server).source()
    #expect(failure(source, password: password) == nil)
    for wrong in ["q", password + "}", "", nil] {
      let error = failure(source, password: wrong)
      #expect(error?.code == .authentication, "\(String(describing: error))")
      #expect(error?.isTransient == false)
      #expect(error?.advice != nil)
    }
    #expect(failure(source, password: "a\0b")?.code == .authentication)
    let unlendable = databaseError {
      _ = try Connection.open(
        DatabaseLocation("odbc:" + source),
        options: ConnectOptions(access: .readOnly, password: { _ in throw CancellationError() }))
    }
    #expect(unlendable?.code == .authentication)
    #expect(unlendable?.cause is CancellationError)
  }

  @Test func `a location that leads nowhere is told from one that leads to the wrong place`() throws {
    let database = try ODBCDatabase()
    let source = database.source()
    let port = try Ports.free()
    let cases: [(String, DatabaseError.Code, Bool, String)] = [
      ("Driver=/nowhere/driver.so;Server=x", .unreachable, false, "odbcinst -q -d"),
      ("Driver={No Such Driver}", .unreachable, false, "odbcinst -q -d"),
      ("DSN=no-such-source", .unreachable, false, "odbcinst -q -s"),
      (source + "Database=missing;", .noSuchDatabase, false, "Database="),
      (source + "UID=stranger;", .authentication, false, "UID="),
      (source + "Server=127.0.0.1;Port=\(port);", .unreachable, true, "Port="),
      (source + "Server=no.such.host.invalid;", .unreachable, true, "name service"),
    ]
    for (text, code, isTransient, advice) in cases {
      let error = failure(text)
      #expect(error?.code == code, "\(text): \(String(describing: error))")
      #expect(error?.isTransient == isTransient, "\(text)")
      #expect(error?.advice?.contains(advice) == true, "\(text): \(error?.advice ?? "")")
      #expect(error?.sqlState?.utf8.count == 5)
    }
  }

  @Test func `a server that accepts and says nothing is given up in time`() throws {
    let silent = try #require(Silence())
    let source = "Driver=\(ODBCDatabase.driver);Server=127.0.0.1;Port=\(silent.port);Database=x;UID=x"
    let began = ContinuousClock.now
    let error = failure(source)
    #expect(error?.code == .timeout)
    #expect(error?.isTransient == true)
    #expect(ContinuousClock.now - began < .seconds(20))
  }

  @Test func `a data source by its name is found where the environment says`() throws {
    let folder = try TestFolder()
    let database = try ODBCDatabase()
    let file = """
      [old service]
      Driver = \(ODBCDatabase.driver)
      Servername = \(database.server.host)
      Port = \(database.server.port)
      Database = \(database.name)
      Username = \(PrivatePostgres.user)
      """
    try TestSupport.Files.write(Array(file.utf8), to: folder / "odbc.ini")
    // The driver manager reads the variable anew for each connection; other tests name no data source that exists.
    unsafe setenv("ODBCINI", folder / "odbc.ini", 1)
    defer { unsafe unsetenv("ODBCINI") }
    let reader = try Connection.open(DatabaseLocation("odbc:DSN=old service"), options: .readOnly)
    #expect(try reader.text("select current_database()::text") == database.name)
  }

  @Test(arguments: [PrivatePostgres.Stopping.fast, .immediate])
  func `a server that goes while rows are read is a lost connection, which may be tried again`(
    stopping: PrivatePostgres.Stopping
  ) throws {
    let server = try PrivatePostgres()
    let database = try ODBCDatabase(on: server)
    let reader = try database.read()
    var stream = try reader.stream("select g::bigint from generate_series(1, 1000000) g", [.integer])
    var block = RowBlock(kinds: [.integer])
    #expect(try stream.read(into: &block, rows: 10) == true)
    server.stop(stopping)
    let error = databaseError { while try stream.read(into: &block, rows: 1000) {} }
    #expect(error?.code == .connectionLost, "\(String(describing: error))")
    #expect(error?.isTransient == true)
    stream.close()
    let after = databaseError { _ = try reader.integer("select 1::bigint") }
    #expect(after?.code == .connectionLost, "\(String(describing: after))")
    #expect(!reader.inTransaction)
    try reader.close()
    try server.start()
    #expect(try database.read().integer("select 1::bigint") == 1)
  }

  @Test func `a server that goes within a transaction ends it`() throws {
    let server = try PrivatePostgres()
    let reader = try ODBCDatabase(on: server).read()
    try reader.begin(.readOnlySnapshot)
    server.kill()
    let error = databaseError { _ = try reader.integer("select 1::bigint") }
    #expect(error?.code == .connectionLost)
    #expect(!reader.inTransaction)
    try reader.rollBack()
  }

  @Test func `a connection string that ODBC cannot take is refused`() {
    let error = failure("Driver=PostgreSQL Unicode;Servername=" + String(repeating: "x", count: 40_000))
    #expect(error?.code == .unsupported)
  }
}

/// A port of 127.0.0.1 that takes connections and never answers.
private final class Silence {
  let port: UInt16
  private let socket: Int32

  init?() {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (socket, size) = (socket, length)
    let isListening = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(socket, $0, size) == 0 && listen(socket, 8) == 0 && getsockname(socket, $0, &length) == 0
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    if !isListening { return nil }
  }

  deinit { Glibc.close(socket) }
}
