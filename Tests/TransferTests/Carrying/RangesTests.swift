import Base
import Database
import TestSupport
import Testing

@testable import Transfer

/// How a stream is cut into ranges before anything is carried.
@Suite struct RangesTests {
  private func benches() throws -> [CarryBench] {
    let server = try PrivatePostgres.shared()
    func blank() throws -> DatabaseLocation {
      try DatabaseLocation(server.location(database: server.createDatabase()))
    }
    return try [CarryBench(), CarryBench(source: blank(), destination: blank())]
  }

  @Test func `ranges hold about as many rows each, however unevenly the keys are spread`() throws {
    for bench in try benches() {
      // One record of old, then a crowd, a gap, and another crowd.
      try bench.fill([1] + Array(1_000_000..<1_002_500) + Array(9_000_000..<9_001_500))
      let stream = bench.stream()
      let (ranges, rows) = try stream.ranges(perRange: 1_000, on: stream.openSource())
      #expect(rows == 4_001)
      #expect(ranges.count == 5)
      #expect(ranges.first?.lower == nil && ranges.last?.upper == .integer(9_001_499))
      for (left, right) in zip(ranges, ranges.dropFirst()) { #expect(left.upper == right.lower) }
      let source = try stream.openSource()
      let counts = try ranges.map { try source.integer(stream.scan.countQuery($0)) }
      #expect(counts == [1_000, 1_000, 1_000, 1_000, 1])
    }
  }

  @Test func `a range that would end at the highest key is the last one`() throws {
    for bench in try benches() {
      try bench.fill(1...2_000)
      let stream = bench.stream()
      let (ranges, rows) = try stream.ranges(perRange: 1_000, on: stream.openSource())
      #expect(
        ranges == [
          KeyRange(above: nil, through: .integer(1_000)),
          KeyRange(above: .integer(1_000), through: .integer(2_000)),
        ])
      #expect(rows == 2_000)
    }
  }

  @Test func `an empty source has one range, and no rows`() throws {
    for bench in try benches() {
      let stream = bench.stream()
      let (ranges, rows) = try stream.ranges(perRange: 1_000, on: stream.openSource())
      #expect(ranges.count == 1 && rows == 0)
    }
  }
}
