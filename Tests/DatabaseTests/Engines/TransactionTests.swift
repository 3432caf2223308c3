import Base
import Database
import Testing

struct TransactionTests {
  struct Stop: Error {}

  @Test(arguments: TestEngine.allCases)
  func `work that throws leaves nothing behind`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    try connection.execute("create table t (id integer)")
    #expect(throws: Stop.self) {
      try connection.transaction {
        try connection.execute("insert into t values (1)")
        throw Stop()
      }
    }
    #expect(try connection.integer("select count(*) from t") == 0)
    #expect(!connection.inTransaction)
    let made = try connection.transaction {
      try connection.execute("insert into t values (1)")
      return try connection.integer("select count(*) from t")
    }
    #expect(made == 1)
    #expect(try connection.integer("select count(*) from t") == 1)
  }

  @Test(arguments: TestEngine.allCases)
  func `a nested transaction is undone without the outer one`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    try connection.execute("create table t (id integer primary key)")
    try connection.transaction {
      try connection.execute("insert into t values (1)")
      do {
        try connection.transaction {
          try connection.execute("insert into t values (2)")
          try connection.transaction { _ = try connection.execute("insert into t values (3)") }
          throw Stop()
        }
      } catch is Stop {}
      do {
        // An error of the engine's own is undone by its savepoint too.
        try connection.transaction { _ = try connection.execute("insert into t values (1)") }
        Issue.record("a doubled key was accepted")
      } catch let error as DatabaseError {
        #expect(error.code == .constraint)
      }
      try connection.transaction { _ = try connection.execute("insert into t values (4)") }
    }
    #expect(try connection.text("select cast(sum(id) as text) from t") == "5")
  }

  @Test func `PostgreSQL's commit of a broken transaction is an error`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    try connection.begin(.deferred)
    #expect(databaseError { try connection.execute("select * from nowhere") }?.code == .syntax)
    #expect(databaseError { try connection.commit() }?.code == .misuse)
    #expect(!connection.inTransaction)
  }

  @Test(arguments: TestEngine.allCases)
  func `a read-only snapshot does not see later commits, nor does a reader that shares it`(engine: TestEngine)
    throws
  {
    let database = try TestDatabase(engine)
    let writer = try database.connect()
    try writer.execute(unsafeScript: "create table t (id integer); insert into t values (1)")
    let first = try database.connect(.readOnly)
    try first.begin(.readOnlySnapshot)
    let snapshot = try first.exportSnapshot()
    let second = try database.connect(.readOnly)
    try second.begin(.readOnlySnapshot, sharing: snapshot)
    try writer.execute("insert into t values (2)")
    let count: SQL = "select count(*) from t"
    #expect(try first.integer(count) == 1)
    #expect(try second.integer(count) == 1)
    #expect(try writer.integer(count) == 2)

    let late = try database.connect(.readOnly)
    if engine == .postgresql {
      // The exporter's picture can still be joined.
      try late.begin(.readOnlySnapshot, sharing: snapshot)
      #expect(try late.integer(count) == 1)
    } else {
      let error = databaseError { try late.begin(.readOnlySnapshot, sharing: snapshot) }
      #expect(error?.code == .serialization)
      #expect(!late.inTransaction)
    }
    try first.commit()
    #expect(try first.integer(count) == 2)
  }

  @Test(arguments: TestEngine.allCases)
  func `a read-only snapshot refuses writes, and the connection writes after it`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    try connection.execute("create table t (id integer)")
    for end in [{ try connection.commit() }, { try connection.rollBack() }] {
      try connection.begin(.readOnlySnapshot)
      #expect(databaseError { try connection.execute("insert into t values (1)") }?.code == .permission)
      if engine == .postgresql { try connection.rollBack() } else { try end() }
      try connection.execute("insert into t values (2)")
    }
    #expect(try connection.integer("select count(*) from t") == 2)
  }

  @Test func `SQLite shares a snapshot in every journal mode`() throws {
    for mode in [SQLiteJournalMode.delete, .wal] {
      let database = try TestDatabase(.sqlite)
      let writer = try database.connect()
      #expect(try writer.setJournalMode(mode) == mode)
      try writer.execute(unsafeScript: "create table t (id integer); insert into t values (1)")
      let first = try database.connect(.readOnly)
      let second = try database.connect(.readOnly)
      try first.begin(.readOnlySnapshot)
      let snapshot = try first.exportSnapshot()
      try second.begin(.readOnlySnapshot, sharing: snapshot)
      try second.commit()
      try first.commit()
      try writer.execute("insert into t values (2)")
      #expect(databaseError { try second.begin(.readOnlySnapshot, sharing: snapshot) }?.code == .serialization)
    }
  }

  @Test func `a lost PostgreSQL snapshot is refused`() throws {
    let database = try TestDatabase(.postgresql)
    let first = try database.connect(.readOnly)
    try first.begin(.readOnlySnapshot)
    let snapshot = try first.exportSnapshot()
    try first.commit()
    let second = try database.connect(.readOnly)
    #expect(databaseError { try second.begin(.readOnlySnapshot, sharing: snapshot) } != nil)
    #expect(!second.inTransaction)
  }

  @Test(arguments: TestEngine.allCases)
  func `a read-only connection writes nothing`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let writer = try database.connect()
    try writer.execute(unsafeScript: "create table t (id integer); insert into t values (1)")
    let reader = try database.connect(.readOnly)
    #expect(try reader.integer("select count(*) from t") == 1)
    for statement: SQL in [
      "insert into t values (2)", "update t set id = 3", "drop table t", "create table u (id integer)",
    ] {
      let error = databaseError { try reader.execute(statement) }
      #expect(error?.code == .permission)
      #expect(error?.isTransient == false)
    }
    #expect(try writer.integer("select count(*) from t") == 1)
  }

  @Test(arguments: TestEngine.allCases)
  func `a failed insertion tells the constraint and the row, and can be rolled back`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    try connection.execute(unsafeScript: "create table t (id bigint primary key, name text not null)")
    var block = RowBlock(kinds: [.integer, .text])
    for id: Int64 in [1, 2, 3, 2, 5] {
      block.beginRow()
      block.append(id)
      block.append("secret value")
      block.endRow()
    }
    func insert() throws {
      try connection.insert(into: "t", columns: ["id", "name"], rows: block, range: 0..<block.count)
    }
    let alone = databaseError(insert)
    #expect(alone?.code == .constraint)
    #expect(alone?.place?.row == 3)
    #expect(alone?.description.contains("secret") == false)
    #expect(alone?.description.contains("(2)") == false)
    #expect(alone?.isTransient == false)
    #expect(try connection.integer("select count(*) from t") == 0, "all or nothing")

    try connection.begin(.immediate)
    #expect(databaseError(insert)?.code == .constraint)
    try connection.rollBack()
    #expect(try connection.integer("select count(*) from t") == 0)
    try connection.insert(into: "t", columns: ["id", "name"], rows: block, range: 0..<3)
    #expect(try connection.integer("select count(*) from t") == 3)
  }

  @Test(arguments: TestEngine.allCases)
  func `a lock that somebody holds is busy after the time-out, and transient`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let holder = try database.connect()
    try holder.execute(unsafeScript: "create table t (id integer primary key); insert into t values (1)")
    try holder.begin(.immediate)
    try holder.execute("update t set id = 2")
    let other = try database.connect(ConnectOptions(access: .readWrite, lockTimeout: 0.05))
    let error = databaseError { try other.execute("update t set id = 3") }
    #expect(error?.code == .busy)
    #expect(error?.isTransient == true)
  }
}
