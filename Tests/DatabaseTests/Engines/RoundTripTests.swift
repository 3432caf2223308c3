import Base
import Database
import Testing

struct RoundTripTests {
  static let kinds = ColumnKind.allCases

  /// Rows with nulls, extremes, empty and long values, and times before 1970 and 2000.
  static func extremes() -> RowBlock {
    var block = RowBlock(kinds: kinds)
    let long = String(repeating: "Grüße 💡 ", count: 20_000)
    for row in 0..<5 {
      block.beginRow()
      let low = row % 2 == 0
      if row == 4 {
        for _ in kinds { block.appendNull() }
      } else {
        block.append(low)
        block.append(Int64(low ? Int16.min : .max))
        block.append(Int64(low ? Int32.min : .max))
        block.append(low ? Int64.min : .max)
        block.append(row == 0 ? "" : row == 1 ? long : "quote ' \" \\ % $1 ?1")
        block.append((row == 0 ? [] : row == 1 ? [UInt8](repeating: 0, count: 300_000) : [0, 255, 39, 92]).span)
        block.append(UniqueID(high: low ? 0 : .max, low: low ? 0 : .max))
        block.append(
          Timestamp(microseconds: [-62_135_596_800_000_000, -1, 946_684_799_999_999, 253_402_300_799_999_999][row]))
      }
      block.endRow()
    }
    return block
  }

  @Test(arguments: TestEngine.allCases)
  func `every kind comes back as it went in`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let columns = try database.createTable("t", Self.kinds, on: connection)
    let block = Self.extremes()
    try connection.insert(into: "t", columns: columns, rows: block, range: 0..<block.count)
    let back = try readAll("select * from t", Self.kinds, on: connection, rowsPerRead: 2)
    #expect(bytes(back) == bytes(block))

    var seen = 0
    try connection.rows("select * from t", Self.kinds) { row in
      let original = block[seen]
      #expect(row.integer(3) == original.integer(3))
      #expect(row.string(4) == original.string(4))
      #expect(row.uuid(6) == original.uuid(6))
      #expect(row.timestamp(7) == original.timestamp(7))
      seen += 1
    }
    #expect(seen == block.count)
  }

  @Test(arguments: TestEngine.allCases)
  func `a range inserts its rows and no others`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let columns = try database.createTable("t", [.integer, .text], on: connection)
    var block = RowBlock(kinds: [.integer, .text])
    for value in 0..<10 {
      block.beginRow()
      block.append(Int64(value))
      block.append("row \(value)")
      block.endRow()
    }
    try connection.insert(into: "t", columns: columns, rows: block, range: 3..<7)
    try connection.insert(into: "t", columns: columns, rows: block, range: 5..<5)
    #expect(try connection.text("select cast(min(c0) as text) || '-' || cast(max(c0) as text) from t") == "3-6")
    #expect(try connection.integer("select count(*) from t") == 4)
  }

  @Test func `SQLite keeps texts with NUL and invalid UTF-8 byte by byte`() throws {
    let database = try TestDatabase(.sqlite)
    let connection = try database.connect()
    let columns = try database.createTable("t", [.text], on: connection)
    var block = RowBlock(kinds: [.text])
    for text: [UInt8] in [[65, 0, 66], [0xC3, 0x28], [0xFF, 0xFE], [0]] {
      block.beginRow()
      block.append(text.span)
      block.endRow()
    }
    try connection.insert(into: "t", columns: columns, rows: block, range: 0..<block.count)
    let back = try readAll("select c0 from t", [.text], on: connection)
    #expect(bytes(back) == bytes(block))
    #expect(try connection.integer("select count(*) from t where typeof(c0) = 'text'") == 4)
  }

  @Test(arguments: TestEngine.allCases, 1...4)
  func `random rows come back with identical bytes`(engine: TestEngine, round: Int) throws {
    let seed = UInt64(round) &* 0x9E37_79B9_7F4A_7C15
    var random = SeededGenerator(seed: seed)
    let kinds = (0..<Int.random(in: 1...RowBlock.maximumColumns, using: &random)).map { _ in
      ColumnKind.allCases.randomElement(using: &random)!
    }
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let columns = try database.createTable("t", [.integer] + kinds, on: connection)
    var block = RowBlock(kinds: [.integer] + kinds.dropLast())
    for row in 0..<500 { appendRandomRow(to: &block, ordinal: row, using: &random) }
    try connection.insert(
      into: "t", columns: Array(columns.dropLast()), rows: block, range: 0..<block.count)
    let back = try readAll(
      "select \(identifiers: Array(columns.dropLast())) from t order by c0", block.kinds, on: connection,
      rowsPerRead: Int.random(in: 1...600, using: &random))
    #expect(bytes(back) == bytes(block), "seed \(seed)")
  }

  @Test func `rows go from SQLite to PostgreSQL and back without a change`() throws {
    let seed: UInt64 = 20_261_120
    var random = SeededGenerator(seed: seed)
    let kinds: [ColumnKind] = [.integer] + ColumnKind.allCases
    var block = RowBlock(kinds: kinds)
    for row in 0..<2000 { appendRandomRow(to: &block, ordinal: row, using: &random) }
    let original = bytes(block)
    for engine in [TestEngine.sqlite, .postgresql, .sqlite] {
      let database = try TestDatabase(engine)
      let connection = try database.connect()
      let columns = try database.createTable("t", kinds, on: connection)
      try connection.insert(into: "t", columns: columns, rows: block, range: 0..<block.count)
      block = try readAll("select * from t order by c0", kinds, on: connection)
    }
    #expect(bytes(block) == original, "seed \(seed)")
  }
}

/// SplitMix64: the same rows for the same seed on every machine.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

extension SeededGenerator {
  mutating func text() -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<40, using: &self) {
      text.append(Unicode.Scalar(UInt32.random(in: 1...0xD7FF, using: &self))!)
    }
    return String(text)
  }

  mutating func bytes() -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 0..<80, using: &self) { bytes.append(.random(in: 0...255, using: &self)) }
    return bytes
  }
}

/// A row of random values that both engines can hold, the first an ordinal.
func appendRandomRow(to block: inout RowBlock, ordinal: Int, using random: inout SeededGenerator) {
  block.beginRow()
  for (index, kind) in block.kinds.enumerated() {
    if index == 0 {
      block.append(Int64(ordinal))
      continue
    }
    if Int.random(in: 0..<5, using: &random) == 0 {
      block.appendNull()
      continue
    }
    switch kind {
    case .boolean: block.append(Bool.random(using: &random))
    case .small: block.append(Int64(Int16.random(in: .min ... .max, using: &random)))
    case .medium: block.append(Int64(Int32.random(in: .min ... .max, using: &random)))
    case .integer: block.append(Int64.random(in: .min ... .max, using: &random))
    case .timestamp:
      block.append(
        Timestamp(
          microseconds: Int64.random(in: -200_000_000_000_000_000...250_000_000_000_000_000, using: &random)))
    case .uuid: block.append(UniqueID.random(using: &random))
    case .text: block.append(random.text())
    case .bytes:
      let bytes = random.bytes()
      block.append(bytes.span)
    }
  }
  block.endRow()
}
