import Base
import Database
import Glibc
import TestSupport
import Testing

@Suite(.startsServers, .serialized)
struct ODBCStreamTests {
  static let kinds: [ColumnKind] = [.integer, .uuid, .timestamp, .text, .text, .integer]

  private static func makeRows(_ count: Int, in database: ODBCDatabase) throws {
    try database.write().execute(
      unsafeScript: """
        create table t as select i::bigint as id, md5(i::text)::uuid as key,
          to_timestamp(1600000000 + i / 1000.0) as at, 'actor number ' || (i % 1000) as actor,
          'a detail of some forty characters length' as detail, (i * 7)::bigint as number
        from generate_series(0, \(count - 1)) i
        """)
  }

  @Test func `a million rows are streamed in little memory`() throws {
    let database = try ODBCDatabase()
    try Self.makeRows(1_000_000, in: database)
    let reader = try database.read()
    var block = RowBlock(kinds: Self.kinds)
    var memory: [Int] = []
    let began = ContinuousClock.now
    let usedBefore = Self.processorSeconds()
    var rows = 0
    var sum: Int64 = 0
    var stream = try reader.stream("select * from t", Self.kinds)
    while try stream.read(into: &block, rows: 10_000) {
      for row in 0..<block.count { sum &+= block[row].integer(5) ?? 0 }
      rows += block.count
      if memory.isEmpty ? rows > 50_000 : rows > 950_000 { memory.append(try Self.residentBytes()) }
    }
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    #expect(rows == 1_000_000)
    #expect(sum == 7 * 499_999_500_000)
    let grown = try #require(memory.last) - memory[0]
    #expect(grown < 8 << 20, "resident memory grew by \(grown) bytes")
    print(
      "ODBC stream: \(Int(1000 / seconds)) k rows/s, \(Self.processorSeconds() - usedBefore) s of processor time here"
    )
  }

  @Test func `another thread cancels a statement`() async throws {
    let reader = try ODBCDatabase().read()
    let cancelling = RepeatedCancellation(reader.canceller())
    let error = databaseError { try reader.rows("select 'x'::text from pg_sleep(60)", [.text]) { _ in } }
    await cancelling.stop()
    #expect(error?.code == .cancelled)
    #expect(error?.isTransient == false)
    #expect(try reader.integer("select 1::bigint") == 1)
  }

  @Test func `a cancellation between two reads ends a stream`() throws {
    let database = try ODBCDatabase()
    let reader = try database.read()
    reader.canceller().cancel()
    var stream = try reader.stream("select g::bigint from generate_series(1, 100000) g", [.integer])
    var block = RowBlock(kinds: [.integer])
    #expect(try stream.read(into: &block, rows: 10) == true)
    reader.canceller().cancel()
    var seen = 0
    let error = databaseError { while try stream.read(into: &block, rows: 10) { seen += block.count } }
    #expect(error?.code == .cancelled)
    #expect(seen < 2000)
    stream.close()
    #expect(try reader.integer("select 1::bigint") == 1)
  }

  @Test func `a statement that takes too long is stopped, a stream is not`() throws {
    let database = try ODBCDatabase()
    var options = ConnectOptions.readOnly
    options.statementTimeout = 0.3
    let reader = try database.read(options)
    for isWithin in [false, true] {
      func body() throws {
        var stream = try reader.stream(
          "select g::bigint from (select 1 as g, pg_sleep(0.6)::text) x", [.integer])
        var block = RowBlock(kinds: [.integer])
        #expect(try stream.read(into: &block, rows: 10) == true)
        stream.close()
        let slow = databaseError { try reader.rows("select 'x'::text from pg_sleep(30)", [.text]) { _ in } }
        #expect(slow?.code == .timeout)
      }
      if isWithin { try reader.transaction(.readOnlySnapshot) { try body() } } else { try body() }
    }
  }

  private static func residentBytes() throws -> Int {
    let fields = try String(decoding: TestSupport.Files.read("/proc/self/statm"), as: UTF8.self).split(
      separator: " ")
    return Int(fields[1])! * 4096
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
