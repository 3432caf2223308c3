import Base
import Database
import Testing

struct SessionTests {
  /// Ends another session as an administrator would.
  static func terminate(_ process: Int64?) throws {
    let admin = try Connection.open(PrivateServer.shared.location(), options: .readWrite)
    #expect(try admin.boolean("select pg_terminate_backend(\(process)::int, 5000)") == true)
  }

  static func process(_ connection: Connection) throws -> Int64? {
    try connection.integer("select pg_backend_pid()")
  }

  @Test func `a terminated session is lost, and that is transient`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    try Self.terminate(try Self.process(connection))
    let error = databaseError { try connection.execute("select 1") }
    #expect(error?.code == .connectionLost)
    #expect(error?.isTransient == true)
    let again = databaseError { try connection.execute("select 1") }
    #expect(again?.code == .connectionLost)
  }

  @Test func `a session that ends in mid-stream is lost`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    let process = try Self.process(connection)
    var stream = try connection.stream("select n::bigint from generate_series(1, 50000000) n", [.integer])
    var block = RowBlock(kinds: [.integer])
    _ = try stream.read(into: &block, rows: 1000)
    try Self.terminate(process)
    let error = databaseError { while try stream.read(into: &block, rows: 100_000) {} }
    #expect(error?.code == .connectionLost)
    #expect(error?.isTransient == true)
  }

  @Test func `a session that ends before an insertion inserts nothing`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    try connection.execute("create table t (id bigint)")
    var block = RowBlock(kinds: [.integer])
    for id in 0..<200_000 {
      block.beginRow()
      block.append(Int64(id))
      block.endRow()
    }
    try connection.begin(.immediate)
    try connection.insert(into: "t", columns: ["id"], rows: block, range: 0..<1000)
    try Self.terminate(try Self.process(connection))
    let error = databaseError {
      try connection.insert(into: "t", columns: ["id"], rows: block, range: 0..<block.count)
    }
    #expect(error?.code == .connectionLost)
    #expect(error?.isTransient == true)
    let commit = databaseError { try connection.commit() }
    #expect(commit?.code == .connectionLost)
    #expect(commit?.outcomeUnknown == true)
    let after = try database.connect()
    #expect(try after.integer("select count(*) from t") == 0)
  }

  @Test func `an advisory lock belongs to one session and goes with it`() throws {
    let database = try TestDatabase(.postgresql)
    let first = try database.connect()
    let second = try database.connect()
    let key = Int64.random(in: .min ... .max)
    #expect(try first.tryAdvisoryLock(key: key))
    #expect(try !second.tryAdvisoryLock(key: key))
    #expect(try first.releaseAdvisoryLock(key: key))
    #expect(try second.tryAdvisoryLock(key: key))
    try Self.terminate(try Self.process(second))
    #expect(try first.tryAdvisoryLock(key: key))
    let sqlite = try TestDatabase(.sqlite)
    let file = try sqlite.connect()
    #expect(databaseError { _ = try file.tryAdvisoryLock(key: 1) }?.code == .unsupported)
  }

  @Test func `the server tells what it is and what the user may do`() throws {
    let connection = try Connection.open(PrivateServer.shared.location(), options: .readOnly)
    let facts = try connection.serverFacts()
    #expect(facts.engine == .postgresql)
    #expect(facts.version.hasPrefix("15."))
    #expect(facts.versionNumber / 10_000 == 15)
    #expect(facts.encoding == "UTF8")
    #expect(facts.isSuperuser && facts.canCreateRoles && facts.canCreateDatabases)
    #expect(!facts.isInRecovery && !facts.isPooled && !facts.tlsIsConfigured)
    #expect(facts.tls == nil)
    let login = try Connection.open(PrivateServer.shared.location(user: "plain"), options: .readOnly)
    #expect(try login.dataIdentity() == connection.dataIdentity())
    let plain = try login.serverFacts()
    #expect(plain.user == "plain")
    #expect(!plain.isSuperuser && !plain.canCreateRoles && !plain.canCreateDatabases)
    #expect(try connection.serverSetting("TimeZone") == "UTC")
    #expect(try connection.serverSetting("no.such_setting") == nil)
  }

  @Test func `a pooler in between is detected`() throws {
    guard run("command -v pgbouncer >/dev/null") == 0 else {
      Issue.record("pgbouncer is not installed")
      return
    }
    let pooler = Pooler(PrivateServer.shared)
    let connection = try Connection.open(pooler.location, options: .readWrite)
    #expect(try connection.serverFacts().isPooled)
    #expect(try connection.integer("select 1::bigint") == 1)
  }

  @Test func `a permission that is missing is told`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    try connection.execute("create table t (id integer)")
    var address = try #require(database.location.postgres)
    address.user = "plain"
    let plain = try Connection.open(DatabaseLocation(.postgresql(address)), options: .readWrite)
    let error = databaseError { try plain.execute("select * from \(identifier: address.schema!).t") }
    #expect(error?.code == .permission)
    #expect(error?.advice != nil)
  }

  @Test func `a stream widens narrow integers and refuses other types`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    let narrow: SQL = "select n::int2, n::int4, n::int8 from generate_series(-2, 2) n order by 1"
    let streamed = try readAll(narrow, [.integer, .integer, .integer], on: connection)
    #expect(streamed.count == 5)
    #expect(streamed[0].integer(0) == -2 && streamed[0].integer(1) == -2 && streamed[0].integer(2) == -2)
    var small = RowBlock(kinds: [.integer, .integer, .integer])
    try connection.rows(narrow, [.integer, .integer, .integer]) { row in
      small.beginRow()
      for column in 0..<3 { small.append(row.integer(column)!) }
      small.endRow()
    }
    #expect(bytes(small) == bytes(streamed), "both ways give the same bytes")
    for (select, kind): (SQL, ColumnKind) in [
      ("select 1::bigint", .medium), ("select 1.5::numeric", .integer), ("select 'x'", .bytes),
      ("select now()", .integer), ("select 1", .text), ("select '{}'::jsonb", .text),
    ] {
      let streaming = databaseError { _ = try connection.stream(select, [kind]) }
      #expect(streaming?.code == .mismatch)
      #expect(streaming?.advice?.contains("::") == true)
      #expect(databaseError { try connection.rows(select, [kind]) { _ in } }?.code == .mismatch)
    }
    #expect(try connection.text("select '{\"a\": 1}'::jsonb::text") == "{\"a\": 1}")
  }

  @Test func `a value that fits no column is a mismatch without the value`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    try connection.execute("create table t (name text, short varchar(3), number integer)")
    let error = databaseError { try connection.execute("insert into t (number) values (\("secret"))") }
    #expect(error?.code == .mismatch)
    #expect(error?.description.contains("secret") == false)
    let long = databaseError { try connection.execute("insert into t (short) values (\("secret"))") }
    #expect(long?.code == .mismatch)
    #expect(databaseError { try connection.execute("insert into t (name) values (\("a\0b"))") }?.code == .mismatch)
    var block = RowBlock(kinds: [.text])
    for text: [UInt8] in [[65], [0xC3, 0x28]] {
      block.beginRow()
      block.append(text.span)
      block.endRow()
    }
    let invalid = databaseError {
      try connection.insert(into: "t", columns: ["name"], rows: block, range: 0..<2)
    }
    #expect(invalid?.code == .mismatch)
    #expect(invalid?.place?.row == 1)
    var wide = RowBlock(kinds: [.integer])
    wide.beginRow()
    wide.append(Int64(1))
    wide.endRow()
    let width = databaseError { try connection.insert(into: "t", columns: ["number"], rows: wide, range: 0..<1) }
    #expect(width?.code == .mismatch)
  }

  @Test func `a duplicate in a statement keeps the names and not the values`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    try connection.execute("create table t (name text constraint one_name unique)")
    try connection.execute("insert into t values (\("secret"))")
    let error = databaseError { try connection.execute("insert into t values (\("secret"))") }
    #expect(error?.code == .constraint)
    #expect(error?.sqlState == "23505")
    #expect(error?.description.contains("one_name") == true)
    #expect(error?.description.contains("secret") == false)
  }

  @Test func `infinite times stay infinite, and what SQLite cannot tell is refused`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    let times: SQL = """
      select t::timestamptz from (values (1, 'infinity'), (2, '-infinity'), (3, '4713-01-01 BC'), (4, '294246-01-01'))
      v (n, t) order by n
      """
    let block = try readAll(times, [.timestamp], on: connection)
    #expect(block[0].timestamp(0)?.microseconds == .max)
    #expect(block[1].timestamp(0)?.microseconds == .min)
    var again = RowBlock(kinds: [.timestamp])
    for row in 0..<block.count {
      again.beginRow()
      again.append(block[row].timestamp(0)!)
      again.endRow()
    }
    #expect(bytes(again) == bytes(block))
    let file = try TestDatabase(.sqlite)
    let sqlite = try file.connect()
    let columns = try file.createTable("t", [.timestamp], on: sqlite)
    try sqlite.insert(into: "t", columns: columns, rows: block, range: 0..<block.count)
    #expect(bytes(try readAll("select c0 from t order by rowid", [.timestamp], on: sqlite)) == bytes(block))
    let late = try readAll("select '294276-12-31'::timestamptz", [.timestamp], on: connection)
    let error = databaseError { try sqlite.insert(into: "t", columns: columns, rows: late, range: 0..<1) }
    #expect(error?.code == .mismatch)
    #expect(error?.place?.row == 0)
  }

  @Test func `a stream must end before the connection does anything else`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    var block = RowBlock(kinds: [.integer])
    var stream = try connection.stream("select n::bigint from generate_series(1, 100) n", [.integer])
    #expect(databaseError { try connection.execute("select 1") }?.code == .misuse)
    while try stream.read(into: &block, rows: 1000) {}
    #expect(try connection.integer("select 1::bigint") == 1)
  }

  @Test func `a deadlock is to be repeated`() async throws {
    let database = try TestDatabase(.postgresql)
    let setup = try database.connect()
    try setup.execute(
      unsafeScript: "create table t (id integer primary key, n integer); insert into t values (1, 0), (2, 0)")
    let first = try database.connect()
    try first.begin(.deferred)
    try first.execute("update t set n = 1 where id = 1")
    let other = Task(executorPreference: BlockingThread(name: "other")) { () -> DatabaseError? in
      databaseError {
        let second = try database.connect()
        try second.begin(.deferred)
        try second.execute("update t set n = 2 where id = 2")
        try second.execute("update t set n = 2 where id = 1")
        try second.commit()
      }
    }
    // The other session waits for the first one's row before it is closed in.
    while try setup.integer("select count(*) from pg_locks where not granted") == 0 {}
    let mine = databaseError { try first.execute("update t set n = 1 where id = 2") }
    try first.rollBack()
    let theirs = await other.value
    let loser = mine ?? theirs
    #expect((mine == nil) != (theirs == nil))
    #expect(loser?.code == .serialization)
    #expect(loser?.isTransient == true)
  }
}

/// A pgbouncer in front of a private server, stopped with the last reference.
final class Pooler: Sendable {
  let location: DatabaseLocation
  private let folder: String

  init(_ server: PrivateServer) {
    folder = temporaryFolder()
    let port = freePort()
    run(
      """
      cat > \(folder)/pgbouncer.ini <<'END'
      [databases]
      * = user=postgres host=\(server.folder) port=\(server.port)
      [pgbouncer]
      listen_addr =
      listen_port = \(port)
      unix_socket_dir = \(folder)
      auth_type = any
      pool_mode = transaction
      pidfile = \(folder)/pid
      logfile = \(folder)/log
      ignore_startup_parameters = options,extra_float_digits
      END
      chown -R postgres: \(folder)
      setpriv --reuid=postgres --regid=postgres --clear-groups pgbouncer -q -d \(folder)/pgbouncer.ini >/dev/null 2>&1
      for i in $(seq 200); do [ -S \(folder)/.s.PGSQL.\(port) ] && break; sleep 0.02; done
      """)
    location = DatabaseLocation(
      .postgresql(PostgresAddress(host: folder, port: port, user: "postgres", database: "postgres")))
  }

  deinit { run("kill $(cat \(folder)/pid); rm -rf \(folder)") }
}
