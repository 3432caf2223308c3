import Base
import Database
import TestSupport
import Testing

@Suite(.startsServers)
struct ODBCReadOnlyTests {
  @Test func `writes are refused, by whatever way they come`() throws {
    let database = try ODBCDatabase()
    let writer = try database.write()
    try writer.execute(unsafeScript: "create table t (id bigint); create sequence s; insert into t values (1)")
    let reader = try database.read()
    var block = RowBlock(kinds: [.integer])
    block.beginRow()
    block.append(Int64(2))
    block.endRow()
    let attempts: [() throws -> Void] = [
      { try reader.execute("insert into t values (2)") },
      { try reader.execute(unsafeScript: "delete from t") },
      { try reader.rows("insert into t values (2) returning id", [.integer]) { _ in } },
      { _ = try reader.integer("select nextval('s')") },
      {
        try reader.transaction(.serializable) { try reader.rows("delete from t returning id", [.integer]) { _ in } }
      },
    ]
    for attempt in attempts { #expect(databaseError(attempt)?.code == .permission) }
    // The driver makes a cursor of it, and the server says that this cannot be one.
    let hidden = databaseError {
      try reader.rows("with gone as (delete from t returning id) select id from gone", [.integer]) { _ in }
    }
    #expect(hidden?.code == .unsupported)
    let refused = databaseError {
      try reader.insert(into: "t", columns: ["id"], rows: block, range: 0..<1)
    }
    #expect(refused?.code == .permission)
    try reader.close()
    #expect(try writer.text("select string_agg(id::text, ',') from t") == "1")
    let open = databaseError { _ = try Connection.open(database.location, options: .readWrite) }
    #expect(open?.code == .permission)
  }

  @Test func `where a server has no read-only sessions, what was written is taken back`() throws {
    let database = try ODBCDatabase()
    let writer = try database.write()
    try writer.execute(unsafeScript: "create table t (id bigint)")
    let reader = try database.readUnrecognised()
    #expect(try reader.integer("insert into t values (1) returning id") == 1)
    #expect(try reader.integer("select count(*) from t") == 0)
    let made = try reader.transaction { try reader.integer("insert into t values (2) returning id") }
    #expect(made == 2)
    #expect(try writer.integer("select count(*) from t") == 0)
    #expect(databaseError { try reader.execute("insert into t values (3)") }?.code == .permission)
  }

  @Test func `a snapshot does not move, and a plain transaction does`() throws {
    let database = try ODBCDatabase()
    let writer = try database.write()
    try writer.execute(unsafeScript: "create table t (id bigint); insert into t values (1)")
    let reader = try database.read()
    let count: SQL = "select count(*) from t"
    for kind in [TransactionKind.readOnlySnapshot, .deferred, .readOnlySnapshot] {
      let before = try writer.integer(count)
      try reader.transaction(kind) {
        #expect(reader.inTransaction)
        if kind == .deferred { #expect(try reader.integer(count) == before) }
        try writer.execute("insert into t values (2)")
        let seen = try reader.transaction { try reader.integer(count) }
        #expect(seen == (kind == .deferred ? before! + 1 : before))
        let level = try reader.text("select current_setting('transaction_isolation')")
        #expect(level == (kind == .deferred ? "read committed" : "repeatable read"))
        #expect(try reader.text("select current_setting('transaction_read_only')") == "on")
      }
      #expect(!reader.inTransaction)
    }
    #expect(try reader.integer(count) == 4)
    let level = try reader.text("select current_setting('transaction_isolation')")
    #expect(level == "read committed")
  }

  @Test func `an error within a transaction leaves it to be rolled back`() throws {
    let reader = try ODBCDatabase().read()
    try reader.begin(.readOnlySnapshot)
    #expect(databaseError { try reader.begin(.deferred) }?.code == .misuse)
    #expect(databaseError { _ = try reader.integer("select 1 / 0") }?.code == .mismatch)
    try reader.rollBack()
    try reader.rollBack()
    #expect(!reader.inTransaction)
    #expect(try reader.integer("select 1::bigint") == 1)
  }

  @Test func `several readers cannot share a snapshot, and are told so`() throws {
    let database = try ODBCDatabase()
    let writer = try database.write()
    try writer.begin(.readOnlySnapshot)
    let snapshot = try writer.exportSnapshot()
    let reader = try database.read()
    let shared = databaseError { try reader.begin(.readOnlySnapshot, sharing: snapshot) }
    #expect(shared?.code == .unsupported)
    #expect(shared?.reason.contains("one picture") == true)
    #expect(!reader.inTransaction)
    try reader.transaction(.readOnlySnapshot) {
      #expect(databaseError { _ = try reader.exportSnapshot() }?.code == .unsupported)
    }
  }

  @Test func `a session leaves nothing open behind a statement`() throws {
    let database = try ODBCDatabase()
    let reader = try database.read()
    let process = try reader.text("select pg_backend_pid()::text") ?? ""
    _ = try reader.integer("select 1::bigint")
    let state = try database.write().text(
      "select state from pg_stat_activity where pid = \(Int(process) ?? 0)")
    #expect(state == "idle")
  }
}
