import Base
import Database
import Glibc
import Testing

private let isMeasuring = unsafe getenv("LOCKTENDER_SPEED") != nil

/// Measures, and asserts nothing: `LOCKTENDER_SPEED=1 swift test --filter SpeedTests`.
@Suite(.serialized, .enabled(if: isMeasuring))
struct SpeedTests {
  static let kinds: [ColumnKind] = [.integer, .uuid, .timestamp, .text, .text, .integer]
  static let columns = ["id", "key", "at", "actor", "detail", "number"]
  static let total = 1_000_000

  static func fill(_ block: inout RowBlock, from start: Int, count: Int) {
    for index in start..<(start + count) {
      block.beginRow()
      block.append(Int64(index))
      block.append(UniqueID(high: UInt64(index), low: 42))
      block.append(Timestamp(microseconds: 1_600_000_000_000_000 + Int64(index)))
      block.append("actor number \(index % 1000)")
      block.append("a detail of some forty characters length")
      block.append(Int64(index &* 7))
      block.endRow()
    }
  }

  @Test func `SQLite in and out`() throws {
    let folder = temporaryFolder()
    defer { run("rm -rf \(folder)") }
    let connection = try Connection.open(.sqlite(path: folder + "/speed.db"), options: .create)
    try connection.execute(
      unsafeScript:
        "create table t (id integer primary key, key blob, at integer, actor text, detail text, number integer)")
    var block = RowBlock(kinds: Self.kinds)
    var spent = 0.0
    for start in stride(from: 0, to: Self.total, by: 10_000) {
      block.removeAll()
      Self.fill(&block, from: start, count: 10_000)
      spent += try seconds {
        try connection.insert(into: "t", columns: Self.columns, rows: block, range: 0..<block.count)
      }
    }
    report("SQLite insert", spent)
    for _ in 0..<2 {
      var rows = 0
      let time = try seconds {
        var stream = try connection.stream("select * from t", Self.kinds)
        while try stream.read(into: &block, rows: 10_000, bytes: 1 << 20) { rows += block.count }
      }
      #expect(rows == Self.total)
      report("SQLite scan", time)
    }
  }

  @Test func `PostgreSQL in and out`() throws {
    let connection = try Connection.open(PrivateServer.shared.location(), options: .readWrite)
    try connection.execute(
      unsafeScript: """
        create unlogged table warm (id bigint primary key);
        create table speed (id bigint primary key, key uuid, at timestamptz, actor text, detail text, number bigint);
        """)
    var block = RowBlock(kinds: Self.kinds)
    var spent = 0.0
    for start in stride(from: 0, to: Self.total, by: 10_000) {
      block.removeAll()
      Self.fill(&block, from: start, count: 10_000)
      spent += try seconds {
        try connection.insert(into: "speed", columns: Self.columns, rows: block, range: 0..<block.count)
      }
    }
    report("COPY in, with primary key", spent)
    try connection.execute("create table plain (like speed)")
    spent = 0
    for start in stride(from: 0, to: Self.total, by: 10_000) {
      block.removeAll()
      Self.fill(&block, from: start, count: 10_000)
      spent += try seconds {
        try connection.insert(into: "plain", columns: Self.columns, rows: block, range: 0..<block.count)
      }
    }
    report("COPY in, no index", spent)
    for _ in 0..<2 {
      var rows = 0
      let time = try seconds {
        var stream = try connection.stream("select * from speed", Self.kinds)
        while try stream.read(into: &block, rows: 10_000, bytes: 1 << 20) { rows += block.count }
      }
      #expect(rows == Self.total)
      report("COPY out", time)
    }
    try connection.execute("drop table speed, plain, warm")
  }

  @Test func `filling and viewing a block`() throws {
    var block = RowBlock(kinds: Self.kinds)
    var time = 0.0
    var viewing = 0.0
    var sum: Int64 = 0
    for start in stride(from: 0, to: Self.total, by: 10_000) {
      block.removeAll()
      time += seconds { Self.fill(&block, from: start, count: 10_000) }
      viewing += seconds {
        for row in 0..<block.count { sum &+= block[row].integer(5) ?? 0 }
      }
    }
    #expect(sum != 0)
    report("filling from another module", time)
    report("viewing from another module", viewing)
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start) / .seconds(1)
  }

  private func report(_ what: String, _ time: Double) {
    print("\(what): \(Int(Double(Self.total) / time / 1000)) k rows/s")
  }
}
