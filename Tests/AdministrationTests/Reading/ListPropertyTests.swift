import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Random histories, read in pages and filtered, against the plainest reading that there is.
@Suite struct ListPropertyTests {
  private struct Row {
    let id: UniqueID
    let number: Int
    let at: Timestamp
    let object: Int
    let initiator: String
    let properties: Int
  }

  @Test(arguments: engines) func `pages, spans and limits give what a list in memory gives`(engine: Engine) throws {
    try seededRun(count: engine == .sqlite ? 4 : 2) { _, random in
      let bench = try ReadingBench(engine)
      let guids = (0..<3).map { _ in UniqueID.random(using: &random) }
      var rows: [Row] = []
      try bench.connection.transaction {
        for number in 1...Int.random(in: 150...400, using: &random) {
          // Few times, so that many are alike and pages end among them.
          let at = Timestamp(microseconds: Int64.random(in: -20...40, using: &random) * 86_400_000_000)
          let object = Int.random(in: 0..<guids.count, using: &random)
          let initiator = "CORP\\u\(Int.random(in: 0...2, using: &random))"
          let properties = Int.random(in: 0...3, using: &random)
          let id = try bench.request(
            number, at.description, "CN=o\(object)", guid: guids[object], by: initiator,
            properties: (0..<properties).map { ("p\($0)", "old", "new \(number)") })
          rows.append(
            Row(
              id: id, number: number, at: at, object: object, initiator: initiator, properties: properties))
        }
      }
      rows.sort { ($0.at, $0.id) > ($1.at, $1.id) }
      for _ in 0..<12 {
        let edges = (0..<2).map { _ in Int64.random(in: -25...45, using: &random) * 86_400_000_000 }.sorted()
        var filter = HistoryFilter()
        if Bool.random(using: &random) { filter.since = Timestamp(microseconds: edges[0]) }
        if Bool.random(using: &random) { filter.until = Timestamp(microseconds: edges[1] + 1) }
        if Bool.random(using: &random) { filter.limit = Int.random(in: 0...200, using: &random) }
        let object = Int.random(in: 0..<guids.count, using: &random)
        let user = "CORP\\u\(Int.random(in: 0...2, using: &random))"
        let asksUser = Bool.random(using: &random)
        let all = rows.filter {
          (asksUser ? $0.initiator == user : $0.object == object) && filter.span.contains($0.at)
        }
        let told = try bench.ask(asksUser ? .user(user) : .object("CN=o\(object)"), filter)
        let expected = all.prefix(filter.limit ?? .max)
        try #require(told.numbers == expected.map(\.number))
        try #require(told.entries.map { $0.properties.count } == expected.map(\.properties))
        for entry in told.entries {
          try #require(entry.properties.map(\.ordinal) == Array(0..<entry.properties.count))
        }
        try #require(
          told.closing == HistoryReading.Closing(count: expected.count, hasMore: all.count > expected.count))
      }
    }
  }

  @Test func `spans that are put together and taken apart hold the same times`() throws {
    seededRun(count: 50) { _, random in
      func span() -> TimeSpan {
        let ends = (0..<2).map { _ in Int64.random(in: 0...20, using: &random) }.sorted()
        return TimeSpan(
          from: Int.random(in: 0...5, using: &random) == 0 ? nil : Timestamp(microseconds: ends[0]),
          until: Int.random(in: 0...5, using: &random) == 0 ? nil : Timestamp(microseconds: ends[1] + 1))
      }
      let spans = (0..<Int.random(in: 0...5, using: &random)).map { _ in span() }
      let states = spans.map { _ in ["complete", "running", "tasks-only"].randomElement(using: &random)! }
      let complete = zip(spans, states).filter { $1 == "complete" }.map(\.0)
      let covered = CoverageReader.merged(complete)
      let gaps = CoverageReader.gaps(
        of: "x", zip(spans, states).map { (UniqueID(high: 0, low: 0), $0, $1) }, covered: covered)
      for microsecond in Int64(-2)...23 {
        let time = Timestamp(microseconds: microsecond)
        let isCovered = complete.contains { $0.contains(time) }
        #expect(covered.filter { $0.contains(time) }.count == (isCovered ? 1 : 0))
        let found = gaps.filter { $0.span.contains(time) }
        let isMissing = !found.isEmpty
        #expect(isMissing != isCovered)
        // Several imports of one span may each have stopped; anything else is told once.
        let kinds = Set(found.map(\.reason))
        #expect(kinds.count <= 1)
      }
    }
  }
}
