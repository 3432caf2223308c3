import Base
import Database
import Testing

struct CursorTests {
  private func filled(_ database: TestDatabase) throws -> Connection {
    let connection = try database.connect()
    try connection.execute(unsafeScript: "create table t (id \(database.type(.integer)) primary key, name text)")
    try connection.transaction {
      for id in 0..<500 { try connection.execute("insert into t (id, name) values (\(id), \("n'\(id % 7)"))") }
    }
    return connection
  }

  @Test(arguments: TestEngine.allCases)
  func `several cursors walk side by side, with other statements between`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try filled(database)
    try connection.transaction(.readOnlySnapshot) {
      let up = try QueryCursor(connection, "select id from t order by id", [.integer], rows: 7)
      let down = try QueryCursor(
        connection, "select id, name from t where name <> \("n'3") order by id desc", [.integer, .text], rows: 64)
      var sum: Int64 = 0
      for step in 0..<500 {
        // Looking twice is looking once.
        #expect(try up.current { $0.integer(0) ?? -1 } == Int64(step))
        sum += try up.current { $0.integer(0) ?? 0 } ?? 0
        up.advance()
        if step % 3 == 0 {
          #expect(try down.current { $0.string(1) ?? "" } != "n'3")
          down.advance()
          #expect(try connection.integer("select cast(count(*) as bigint) from t") == 500)
        }
      }
      #expect(sum == 499 * 500 / 2)
      for _ in 0..<2 {
        #expect(try up.current { _ in true } == nil)
        up.advance()
      }
      #expect(try down.current { _ in true } == true)
    }
    // One that was not read to its end holds nothing up.
    try connection.execute("delete from t")
    #expect(try connection.integer("select cast(count(*) as bigint) from t") == 0)
  }

  @Test(arguments: TestEngine.allCases)
  func `a result without rows is at its end, and a wrong statement is told`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try filled(database)
    try connection.transaction(.readOnlySnapshot) {
      let none = try QueryCursor(connection, "select id from t where id < 0", [.integer])
      #expect(try none.current { _ in true } == nil)
    }
    #expect(throws: DatabaseError.self) {
      try connection.transaction { _ = try QueryCursor(connection, "select nothing from t", [.integer]) }
    }
    #expect(try connection.integer("select cast(count(*) as bigint) from t") == 500)
    if engine == .postgresql {
      #expect { _ = try QueryCursor(connection, "select id from t", [.integer]) } throws: {
        ($0 as? DatabaseError)?.code == .misuse
      }
    }
  }
}
