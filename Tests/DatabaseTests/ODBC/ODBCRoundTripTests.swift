import Base
import Database
import TestSupport
import Testing

@Suite(.startsServers)
struct ODBCRoundTripTests {
  /// Values that PostgreSQL can hold and that drivers like to get wrong.
  static func extremes() -> RowBlock {
    let kinds = ColumnKind.allCases
    var block = RowBlock(kinds: kinds)
    let long = String(repeating: "Grüße 💡 ", count: 95_326)
    let texts = [
      "", long, "quote ' \" \\ % $1 ?1 { fn }", "\r\n\n\r \u{FEFF}\u{FFFF}\u{10FFFF}",
      String(repeating: "é", count: 512),
    ]
    let times: [Int64] = [
      -62_135_596_800_000_000, -1, 946_684_799_999_999, 253_402_300_799_999_999, .max, .min,
      253_402_300_799_000_000,
      253_402_300_800_000_000, 9_000_000_000_000_000_001, -210_866_803_200_000_000,
    ]
    for row in 0..<10 {
      let low = row % 2 == 0
      block.beginRow()
      block.append(low)
      block.append(Int64(low ? Int16.min : .max))
      block.append(Int64(low ? Int32.min : .max))
      block.append(low ? Int64.min : .max)
      block.append(texts[row % texts.count])
      let bytes = row == 0 ? [] : row == 1 ? [UInt8](repeating: 0, count: 1 << 20) : [0, 255, 39, 92, UInt8(row)]
      block.append(bytes.span)
      block.append(UniqueID(high: low ? 0 : .max, low: low ? 0x0102_0304_0506_0708 : .max))
      block.append(Timestamp(microseconds: times[row]))
      block.endRow()
    }
    block.beginRow()
    for _ in kinds { block.appendNull() }
    block.endRow()
    return block
  }

  @Test(arguments: FetchWay.allCases)
  func `every kind is read as it was written, the longest and the emptiest values too`(way: FetchWay) throws {
    let database = try ODBCDatabase()
    let block = Self.extremes()
    try database.fill("t", with: block)
    let connection = try database.read(way)
    let back = try readAll("select * from t", ColumnKind.allCases, on: connection, rowsPerRead: 3)
    #expect(bytes(back) == bytes(block))

    var seen = 0
    try connection.rows("select * from t", ColumnKind.allCases) { row in
      #expect(row.string(4) == block[seen].string(4))
      #expect(row.timestamp(7) == block[seen].timestamp(7))
      seen += 1
    }
    #expect(seen == block.count)
  }

  @Test(arguments: FetchWay.allCases)
  func `rows read by ODBC are those that libpq reads, byte by byte`(way: FetchWay) throws {
    try seededRun(count: 3) { seed, _ in
      var random = SeededGenerator(seed: seed)
      let database = try ODBCDatabase()
      let kinds = (0..<Int.random(in: 1..<RowBlock.maximumColumns, using: &random)).map { _ in
        ColumnKind.allCases.randomElement(using: &random)!
      }
      var block = RowBlock(kinds: [.integer] + kinds)
      for row in 0..<Int.random(in: 0...2500, using: &random) {
        appendRandomRow(to: &block, ordinal: row, using: &random)
      }
      try database.fill("t", with: block)
      let query: SQL = "select * from t order by c0"
      let rowsPerRead = Int.random(in: 1...3000, using: &random)
      let byLibpq = try readAll(query, block.kinds, on: database.write(), rowsPerRead: rowsPerRead)
      let byODBC = try readAll(query, block.kinds, on: database.read(way), rowsPerRead: rowsPerRead)
      #expect(bytes(byODBC) == bytes(byLibpq))
      #expect(byODBC.count == block.count)
    }
  }
}

/// What a reader makes of a server of which it knows no more than the ODBC standard.
@Suite(.startsServers)
struct UnrecognisedServerTests {
  @Test func `values of all kinds come by the standard's own forms`() throws {
    let database = try ODBCDatabase()
    let writer = try database.write()
    try writer.execute(
      unsafeScript: """
        create table t (c0 bigint, flag boolean, name text, raw bytea, key uuid, at timestamp);
        insert into t values (1, true, 'ä💡', '\\x00ff', '00010203-0405-0607-0809-0a0b0c0d0e0f', '1969-12-31 23:59:59.25'),
          (2, false, '', '', null, '9999-12-31 00:00:00'), (3, null, null, null, null, null)
        """)
    let kinds: [ColumnKind] = [.integer, .boolean, .text, .bytes, .uuid, .timestamp]
    let query: SQL = "select * from t order by c0"
    let byLibpq = try readAll(query, kinds, on: writer)
    let reader = try database.readUnrecognised()
    let byODBC = try readAll(query, kinds, on: reader)
    #expect(bytes(byODBC) == bytes(byLibpq))
    #expect(try reader.integer(.first(1, of: "c0 from t order by c0 desc")) == 3)
    let level = try reader.transaction(.readOnlySnapshot) {
      try reader.text("select current_setting('transaction_isolation')")
    }
    #expect(level == "serializable")
  }

  @Test func `times that a driver garbles are refused, not taken for others`() throws {
    let reader = try ODBCDatabase().readUnrecognised()
    for time in ["10000-01-01", "0044-03-15 BC"] {
      let error = databaseError { try reader.rows("select \(time)::timestamp", [.timestamp]) { _ in } }
      #expect(error?.code == .mismatch)
      #expect(error?.place == .init(row: 0, column: 0))
    }
  }
}
