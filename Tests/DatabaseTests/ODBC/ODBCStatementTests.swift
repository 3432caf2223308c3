import Base
import Database
import TestSupport
import Testing

@Suite(.startsServers)
struct ODBCStatementTests {
  @Test func `bound values of every kind are compared by the server`() throws {
    let database = try ODBCDatabase()
    let writer = try database.write()
    try writer.execute(
      unsafeScript: """
        create table t (id bigint, flag boolean, small smallint, name text, raw bytea, key uuid, at timestamptz, part double precision);
        """)
    let key = UniqueID(high: 0x0102_0304_0506_0708, low: 0x090A_0B0C_0D0E_0F10)
    let name = "Grüße ' \" \\ 💡 \r\n ?"
    let long = String(repeating: "ä💡", count: 30_000)
    let at = Timestamp(microseconds: -1_234_567_890_123_457)
    try writer.execute(
      """
      insert into t values (\(Int64.min), true, -5, \(name), \([0, 1, 255] as [UInt8]), \(key), \(at), \(0.1)),
        (2, false, 7, \(long), \([] as [UInt8]), null, null, \(-1e300))
      """)
    let reader = try database.read()
    func count(_ condition: SQL) throws -> Int64? {
      try reader.integer("select count(*) from t where \(fragment: condition)")
    }
    #expect(try count("id = \(Int64.min)") == 1)
    #expect(try count("small = \(7)") == 1)
    #expect(try count("flag = \(true)") == 1)
    #expect(try count("name = \(name)") == 1)
    #expect(try count("name = \(long)") == 1)
    #expect(try count("name = \("")") == 0)
    #expect(try count("raw = \([0, 1, 255] as [UInt8])") == 1)
    #expect(try count("raw = \([] as [UInt8])") == 1)
    #expect(try count("key = \(key)") == 1)
    #expect(try count("key = \(key.description)::uuid") == 1)
    #expect(try count("at = \(at)") == 1)
    #expect(try count("part = \(0.1)") == 1)
    #expect(try count("part = \(-1e300)") == 1)
    #expect(try count("id in \(list: [2, 3])") == 1)
    #expect(try count("id = \(Int64?.none)") == 0)
    #expect(try count("\(SQLValue.null) is null") == 2)
    #expect(try count("key is not distinct from \(UniqueID?.none)::uuid") == 1)
    #expect(try reader.text("select \("?{}' " + name)::text") == "?{}' " + name)
    #expect(try reader.integer("select min(id) from t where name <> '?' and small = \(-5)") == .min)
  }

  @Test func `a NUL in a bound text and times that ODBC does not have are refused`() throws {
    let reader = try ODBCDatabase().read()
    #expect(databaseError { _ = try reader.text("select \("a\0b")::text") }?.code == .mismatch)
    let late = Timestamp(microseconds: 253_402_300_800_000_000)
    #expect(databaseError { _ = try reader.text("select \(late)::text") }?.code == .mismatch)
  }

  @Test func `a stream binds values, and its rows may be cut off`() throws {
    let database = try ODBCDatabase()
    let reader = try database.read()
    let query: SQL = "select g::bigint, now() from generate_series(1, \(5000)) g where g > \(10) order by g"
    var stream = try reader.stream(query, [.integer, .timestamp])
    var block = RowBlock(kinds: [.integer, .timestamp])
    #expect(try stream.read(into: &block, rows: 7) == true)
    #expect(block.count == 7)
    #expect(block[0].integer(0) == 11)
    #expect(try stream.append(to: &block, rows: 3000) == true)
    #expect(block.count == 3007)
    #expect(block[3006].integer(0) == 3017)
    #expect(databaseError { _ = try reader.integer("select 1::bigint") }?.code == .misuse)
    #expect(databaseError { try reader.close() }?.code == .misuse)
    stream.close()
    #expect(try reader.integer("select 1::bigint") == 1)
    try reader.close()
    #expect(databaseError { _ = try reader.integer("select 1::bigint") }?.code == .misuse)
  }

  @Test func `statements run within the reading of another one's rows`() throws {
    let reader = try ODBCDatabase().read()
    var sum: Int64 = 0
    try reader.rows("select g::bigint from generate_series(1, 600) g", [.integer]) { row in
      let value = row.integer(0) ?? 0
      sum += try reader.integer("select \(value) * 2") ?? 0
    }
    #expect(sum == 600 * 601)
    #expect(try reader.first("select 1::bigint where false", [.integer]) { _ in 1 } == nil)
  }

  @Test(
    arguments: [
      ("select 1::bigint, 2::bigint", [ColumnKind.integer], DatabaseError.Code.misuse),
      ("select 'x'::text", [.integer], .mismatch), ("select 1::bigint", [.text], .mismatch),
      ("select 1::bigint", [.medium], .mismatch), ("select 1::int", [.small], .mismatch),
      ("select true", [.integer], .mismatch), ("select 1.5::numeric", [.integer], .mismatch),
      ("select '1'::bytea", [.text], .mismatch), ("select 'no'::text", [.uuid], .mismatch),
      ("select now()::date", [.timestamp], .mismatch), ("selec 1", [.integer], .syntax),
      ("select * from nowhere", [.integer], .syntax), ("select 1 / 0", [.medium], .mismatch),
    ] as [(String, [ColumnKind], DatabaseError.Code)])
  func `what does not fit is refused`(query: String, kinds: [ColumnKind], code: DatabaseError.Code) throws {
    let reader = try ODBCDatabase().read()
    let error = databaseError { try reader.rows(SQL(unsafeSQL: query), kinds) { _ in } }
    #expect(error?.code == code, "\(String(describing: error))")
    #expect(try reader.integer("select 1::bigint") == 1)
  }

  @Test func `narrower integers, whole numerics and texts that are UUIDs are taken as what they say`() throws {
    let reader = try ODBCDatabase().read()
    #expect(try reader.integer("select 7::smallint") == 7)
    #expect(try reader.integer("select sum(g::bigint) from generate_series(1, 10) g") == 55)
    #expect(databaseError { _ = try reader.integer("select 1e30::numeric(40,0)") }?.code == .mismatch)
    let id = UniqueID(high: 1, low: 2)
    #expect(try reader.first("select \(id.description)::text", [.uuid]) { $0.uuid(0) } == id)
    #expect(try reader.text("select 'x  '::char(5)") == "x    ")
    #expect(try reader.text("select '{\"a\": \"ü\"}'::json") == "{\"a\": \"ü\"}")
    #expect(try reader.text("select repeat('ü', 70000)::varchar")?.unicodeScalars.count == 70_000)
    #expect(try reader.text("select null") == nil)
  }

  @Test func `a read may take mismatches for null where it was asked to`() throws {
    let reader = try ODBCDatabase().read()
    var stream = try reader.stream(
      "select * from (values ('00000000-0000-0001-0000-000000000002'), ('no')) v", [.uuid], mismatches: .asNull)
    var block = RowBlock(kinds: [.uuid])
    #expect(try stream.read(into: &block, rows: 10) == true)
    #expect(block.count == 2)
    #expect(block[0].uuid(0) == UniqueID(high: 1, low: 2))
    #expect(block[1].isNull(0) == true)
    #expect(stream.mismatches == [.init(row: 1, column: 0)])
  }
}
