import Base
import Database
import Glibc
import Testing

struct FileTests {
  /// A database of some pages, without a log beside it.
  static func filled(_ database: TestDatabase) throws {
    let connection = try database.connect()
    try connection.setJournalMode(.delete)
    try connection.execute(
      unsafeScript: """
        create table t (id integer primary key, name text);
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 2000)
        insert into t select i, 'name ' || i from n;
        pragma user_version = 7; pragma application_id = 1234;
        """)
    try connection.close()
  }

  @Test func `the file's facts are read without opening it for work`() throws {
    let database = try TestDatabase(.sqlite)
    try Self.filled(database)
    let file = try SQLiteFile(inspecting: database.location.path!)
    #expect(file.state == .sound)
    #expect(file.pageSize == 4096)
    #expect(file.bytes > 40_000 && file.bytes % 4096 == 0)
    #expect(file.userVersion == 7)
    run("ln -s test.db \(database.location.path!).link")
    let link = try Connection.open(.sqlite(path: database.location.path! + ".link"), options: .readOnly)
    #expect(try link.dataIdentity() == database.connect(.readOnly).dataIdentity())
    #expect(file.applicationID == 1234)
    #expect(!file.usesWriteAheadLog && !file.hasRollbackJournal)
    #expect(file.logBytes == 0)
  }

  @Test func `what is no database is told apart`() throws {
    let database = try TestDatabase(.sqlite)
    let path = database.location.path!
    run("printf 'this is a text, and a long one at that, of more than a hundred bytes: %0200d' 5 > \(path)")
    let error = databaseError { _ = try database.connect(.readOnly) }
    #expect(error?.code == .notADatabase)
    #expect(error?.advice != nil)
    #expect(try SQLiteFile(inspecting: path).state == .notADatabase)
    run("printf 'short' > \(path)")
    #expect(databaseError { _ = try database.connect(.readWrite) }?.code == .notADatabase)
  }

  @Test func `a zero-byte file is refused, unless a database shall be made`() throws {
    let database = try TestDatabase(.sqlite)
    let path = database.location.path!
    run("rm \(path)*; touch \(path)")
    for options in [ConnectOptions.readOnly, .readWrite] {
      let error = databaseError { _ = try database.connect(options) }
      #expect(error?.code == .notADatabase)
      #expect(error?.reason.contains("empty") == true)
    }
    let made = try database.connect(.create)
    try made.execute("create table t (id integer)")
  }

  @Test func `a truncated file is told with what is missing`() throws {
    let database = try TestDatabase(.sqlite)
    try Self.filled(database)
    let path = database.location.path!
    run("truncate -s -8192 \(path)")
    let error = databaseError { _ = try database.connect(.readOnly) }
    #expect(error?.code == .corrupt)
    #expect(error?.reason.contains("8192 bytes") == true)
    #expect(error?.isTransient == false)
  }

  @Test func `damage within the file is found by the integrity check`() throws {
    let database = try TestDatabase(.sqlite)
    try Self.filled(database)
    let path = database.location.path!
    let sound = try database.connect(.readOnly)
    #expect(try sound.integrityCheck() == [])
    try sound.close()
    run("dd if=/dev/zero of=\(path) bs=4096 seek=5 count=1 conv=notrunc 2>/dev/null")
    let damaged = try database.connect(.readOnly)
    #expect(try damaged.integrityCheck().isEmpty == false)
    let error = databaseError { _ = try readAll("select id, name from t", [.integer, .text], on: damaged) }
    #expect(error?.code == .corrupt)
  }

  @Test func `a missing file and a folder are unreachable, and nothing is made`() throws {
    let folder = temporaryFolder()
    defer { run("rm -rf \(folder)") }
    let missing = DatabaseLocation.sqlite(path: folder + "/missing.db")
    for options in [ConnectOptions.readOnly, .readWrite] {
      let error = databaseError { _ = try Connection.open(missing, options: options) }
      #expect(error?.code == .unreachable)
      #expect(error?.advice != nil)
    }
    #expect(unsafe access(missing.path!, F_OK) != 0)
    #expect(databaseError { _ = try Connection.open(.sqlite(path: folder), options: .readOnly) } != nil)
    let nowhere = DatabaseLocation.sqlite(path: folder + "/none/x.db")
    #expect(databaseError { _ = try Connection.open(nowhere, options: .create) }?.code == .unreachable)
  }

  @Test func `a log that a killed program left is part of the data`() throws {
    let database = try TestDatabase(.sqlite)
    let writer = try database.connect()
    try writer.execute(unsafeScript: "create table t (id integer); insert into t values (1), (2)")
    // The files as they stand while the writer lives are what its death would leave.
    let copy = temporaryFolder()
    defer { run("rm -rf \(copy)") }
    let path = database.location.path!
    run("cp \(path) \(copy)/c.db; cp \(path)-wal \(copy)/c.db-wal")
    let file = try SQLiteFile(inspecting: copy + "/c.db")
    #expect(file.logBytes > 0)
    #expect(file.usesWriteAheadLog)
    let reader = try Connection.open(.sqlite(path: copy + "/c.db"), options: .readOnly)
    #expect(try reader.integer("select count(*) from t") == 2)
  }

  @Test func `a log whose folder cannot be written to is told with what to do`() throws {
    let database = try TestDatabase(.sqlite)
    let folder = String(database.location.path!.dropLast("/test.db".count))
    // Root writes anywhere else; where the file system has no such flag there is nothing to test.
    guard run("chattr +i \(folder) 2>/dev/null") == 0 else { return }
    defer { run("chattr -i \(folder)") }
    let error = databaseError { _ = try database.connect(.readOnly) }
    #expect(error?.code == .unreachable)
    #expect(error?.advice?.contains("-wal") == true)
  }

  @Test func `a transaction that was cut off is told as what it is`() throws {
    let database = try TestDatabase(.sqlite)
    let writer = try database.connect()
    try writer.setJournalMode(.delete)
    try writer.execute("create table t (x blob)")
    try writer.setCache(bytes: 4096)
    try writer.begin(.immediate)
    // More than the cache holds, so that pages reach the file before the commit.
    for _ in 0..<500 { try writer.execute("insert into t values (randomblob(4000))") }
    let path = database.location.path!
    let cut = path + ".cut"
    run("cp \(path) \(cut); cp \(path)-journal \(cut)-journal")
    try writer.rollBack()
    let error = databaseError {
      let connection = try Connection.open(.sqlite(path: cut), options: .readOnly)
      _ = try connection.integer("select count(*) from t")
    }
    #expect(error?.code == .permission)
    #expect(error?.reason.contains("stopped while it wrote") == true)
    #expect(error?.advice?.contains("-journal") == true)
    let writing = try Connection.open(.sqlite(path: cut), options: .readWrite)
    #expect(try writing.integer("select count(*) from t") == 0)
  }

  @Test func `a database that is made is readable by its owner only`() throws {
    let database = try TestDatabase(.sqlite)
    let connection = try database.connect()
    try connection.execute("create table t (id integer)")
    for suffix in ["", "-wal", "-shm"] {
      var facts = stat()
      #expect(unsafe stat(database.location.path! + suffix, &facts) == 0)
      #expect(facts.st_mode & 0o777 == 0o600)
    }
    #expect(try connection.text("pragma journal_mode") == "wal")
    #expect(try connection.integer("pragma foreign_keys") == 1)
  }

  @Test func `inspecting a file leaves this process's locks on it alone`() throws {
    let database = try TestDatabase(.sqlite)
    let writer = try database.connect()
    try writer.setJournalMode(.delete)
    try writer.execute("create table t (id integer)")
    try writer.begin(.immediate)
    _ = try SQLiteFile(inspecting: database.location.path!)
    _ = try database.connect(.readOnly)
    // Another process must still find the lock.
    #expect(run("sqlite3 \(database.location.path!) 'insert into t values (1)' 2>/dev/null") != 0)
    try writer.commit()
    #expect(run("sqlite3 \(database.location.path!) 'insert into t values (1)' 2>/dev/null") == 0)
  }

  @Test func `pragmas hold and a checkpoint empties the log`() throws {
    let database = try TestDatabase(.sqlite)
    let connection = try database.connect()
    try connection.setSynchronous(.normal)
    #expect(try connection.integer("pragma synchronous") == 1)
    try connection.setCache(bytes: 8 << 20)
    #expect(try connection.integer("pragma cache_size") == -8192)
    try connection.execute(
      unsafeScript: """
        create table p (id integer primary key); create table c (p integer references p);
        """)
    #expect(databaseError { try connection.execute("insert into c values (5)") }?.code == .constraint)
    try connection.setForeignKeys(false)
    try connection.execute("insert into c values (5)")
    let broken = try connection.foreignKeyCheck()
    #expect(broken.count == 1 && broken[0].table == "c" && broken[0].parent == "p" && broken[0].rows == 1)
    try connection.checkpoint()
    #expect(try SQLiteFile(inspecting: database.location.path!).logBytes == 0)
  }
}
