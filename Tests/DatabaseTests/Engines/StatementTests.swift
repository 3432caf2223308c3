import Base
import Database
import Testing

struct StatementTests {
  static let hostile = ["'; drop table t; --", "\" or 1=1 --", "\\'; select 1; --", "$1 ?1 %s", "", "💣\n\t"]

  @Test(arguments: TestEngine.allCases)
  func `interpolated values are bound and change no statement`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    try connection.execute(unsafeScript: "create table t (id integer primary key, name text)")
    for (id, name) in Self.hostile.enumerated() {
      #expect(try connection.execute("insert into t (id, name) values (\(id), \(name))") == 1)
    }
    for (id, name) in Self.hostile.enumerated() {
      #expect(try connection.integer("select cast(id as bigint) from t where name = \(name)") == Int64(id))
      let streamed = try readAll("select name from t where name = \(name) and id = \(id)", [.text], on: connection)
      #expect(streamed.count == 1)
      #expect(streamed[0].string(0) == name)
    }
    #expect(try connection.integer("select count(*) from t where name in \(list: Self.hostile)") == 6)
  }

  @Test(arguments: TestEngine.allCases)
  func `identifiers are quoted whatever they hold`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    for name in ["select", "two words", "quo\"te", "Upper", "ümläut", "a;b"] {
      try connection.execute("create table \(identifier: name) (\(identifier: name) text)")
      try connection.execute("insert into \(table: TableName(name)) values (\(name))")
      #expect(try connection.text("select \(identifier: name) from \(identifier: name)") == name)
    }
  }

  @Test(arguments: TestEngine.allCases)
  func `pieces can be put together`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    try connection.execute(unsafeScript: "create table t (id integer, name text)")
    for id in 0..<10 { try connection.execute("insert into t values (\(id), \("n\(id)"))") }
    let conditions: [SQL] = ["id > \(2)", "id < \(8)", "name <> \("n5")"]
    let select: SQL = "select count(*) from t where \(fragment: .joined(conditions, by: " and "))"
    #expect(try connection.integer(select) == 4)
    #expect(try connection.integer(select + " and id = \(3)") == 1)
  }

  @Test(arguments: TestEngine.allCases)
  func `every bindable type keeps its value`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let kinds: [ColumnKind] = [.boolean, .integer, .text, .bytes, .uuid, .timestamp, .text]
    let columns = try database.createTable("t", kinds, on: connection)
    let id = UniqueID(high: 0x0123_4567_89AB_CDEF, low: .max)
    let times = [0, -1, 1_234_567_890_123_456, -62_167_219_200_000_001, -210_000_000_000_000_000, .max, .min]
    let nothing: String? = nil
    for time in times.map({ Timestamp(microseconds: Int64($0)) }) {
      try connection.execute("delete from t")
      try connection.execute(
        "insert into t values (\(true), \(Int64.min), \("täxt"), \([0, 255] as [UInt8]), \(id), \(time), \(nothing))"
      )
      let wanted: SQL = """
        select * from t where c0 = \(true) and c1 = \(Int64.min) and c2 = \("täxt") and c3 = \([0, 255] as [UInt8])
        and c4 = \(id) and c5 = \(time)
        """
      let streamed = try readAll(wanted, kinds, on: connection)
      #expect(streamed.count == 1)
      let found = try connection.first(wanted, kinds) { row in
        #expect(row.boolean(0) == true)
        #expect(row.integer(1) == .min)
        #expect(row.string(2) == "täxt")
        #expect(row.uuid(4) == id)
        #expect(row.timestamp(5) == time)
        return row.isNull(6)
      }
      #expect(found == true)
    }
    #expect(columns.count == 7)
  }

  @Test(arguments: TestEngine.allCases)
  func `a statement tells how many rows it touched`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    #expect(try connection.execute("create table t (id integer)") == 0)
    #expect(try connection.execute("insert into t values (1), (2), (3)") == 3)
    #expect(try connection.execute("update t set id = id + 1 where id > 1") == 2)
    #expect(try connection.execute("delete from t where id = 99") == 0)
    #expect(try connection.execute("create table u (id integer)") == 0)
    #expect(try connection.integer("select cast(id as bigint) from t where id = 99") == nil)
    #expect(try connection.text("select null") == nil)
  }

  @Test(arguments: TestEngine.allCases)
  func `a wrong statement is a syntax error that names what is missing`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let missing = databaseError { try connection.execute("select * from nowhere") }
    #expect(missing?.code == .syntax)
    #expect(missing?.reason.contains("nowhere") == true)
    #expect(missing?.isTransient == false)
    #expect(databaseError { try connection.execute("selec 1") }?.code == .syntax)
    #expect(databaseError { try connection.rows("select 1, 2", [.integer]) { _ in } }?.code == .misuse)
    #expect(databaseError { _ = try connection.stream("select 1, 2", [.integer]) }?.code == .misuse)
    #expect(try connection.text("select 'still usable'") == "still usable")
  }

  @Test(arguments: TestEngine.allCases)
  func `statements may run while a small result is read`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    try connection.execute(unsafeScript: "create table t (id integer); insert into t values (1), (2), (3)")
    var sum: Int64 = 0
    try connection.rows("select cast(id as bigint) from t", [.integer]) { outer in
      try connection.rows("select cast(id as bigint) from t", [.integer]) { inner in
        sum += inner.integer(0)! * outer.integer(0)!
      }
    }
    #expect(sum == 36)
  }

  @Test(arguments: TestEngine.allCases)
  func `a stream can be left early and the connection goes on`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let numbers: SQL = """
      with recursive n (i) as (select 1 union all select i + 1 from n where i < 100000)
      select cast(i as bigint) from n
      """
    var block = RowBlock(kinds: [.integer])
    do {
      var stream = try connection.stream(numbers, [.integer])
      #expect(try stream.read(into: &block, rows: 10))
      #expect(block.count == 10)
      #expect(block[9].integer(0) == 10)
    }
    #expect(try connection.integer("select cast(1 as bigint)") == 1)
    let all = try readAll(numbers, [.integer], on: connection, rowsPerRead: 7777)
    #expect(all.count == 100_000)
    #expect(all[99_999].integer(0) == 100_000)
  }

  @Test(arguments: TestEngine.allCases)
  func `a connection is not closed under an open stream`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    var block = RowBlock(kinds: [.integer])
    do {
      var stream = try connection.stream("select cast(1 as bigint) union all select 2", [.integer])
      #expect(databaseError { try connection.close() }?.code == .misuse)
      #expect(try stream.read(into: &block, rows: 1))
    }
    try connection.close()
    #expect(databaseError { try connection.execute("select 1") }?.code == .misuse)
    #expect(databaseError { _ = try connection.stream("select 1", [.integer]) }?.code == .misuse)
    #expect(databaseError { try connection.begin(.deferred) }?.code == .misuse)
    try connection.close()
  }

  @Test(arguments: TestEngine.allCases)
  func `rows are added behind those that a block has, and none is lost`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let numbers: SQL = """
      with recursive n (i) as (select 1 union all select i + 1 from n where i < 250)
      select cast(i as bigint) from n order by 1
      """
    var block = RowBlock(kinds: [.integer])
    var stream = try connection.stream(numbers, [.integer])
    var calls = 0
    while try stream.append(to: &block, rows: 100) { calls += 1 }
    #expect(calls == 2)
    #expect(block.count == 250)
    #expect((0..<block.count).allSatisfy { block[$0].integer(0) == Int64($0 + 1) })
    var small = RowBlock(kinds: [.integer])
    stream = try connection.stream(numbers, [.integer])
    #expect(try stream.append(to: &small, rows: .max, bytes: 140))
    #expect(small.count == 10)
    #expect(try !stream.append(to: &small, rows: .max, bytes: .max))
    #expect(small.count == 250)
  }

  @Test(arguments: TestEngine.allCases)
  func `a block stops at its byte limit`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    try connection.execute(unsafeScript: "create table t (c text)")
    let text = String(repeating: "x", count: 1000)
    for _ in 0..<20 { try connection.execute("insert into t values (\(text))") }
    var block = RowBlock(kinds: [.text])
    var stream = try connection.stream("select c from t", [.text])
    var sizes: [Int] = []
    while try stream.read(into: &block, rows: 1000, bytes: 5000) { sizes.append(block.count) }
    #expect(sizes == [5, 5, 5, 5])
  }
}
