import TestSupport
import Testing

@testable import Transfer

@Suite struct BatchSizeTests {
  @Test func `a batch never outgrows its bounds, whatever the times`() throws {
    try seededRun(count: 200) { _, random in
      var size = BatchSize(start: 4_000, largest: 20_000, aim: 0.5)
      for _ in 0..<200 {
        let seconds = [0, 0.001, 0.2, 0.5, 3, 1e6].randomElement(using: &random)!
        size.took(seconds: seconds, rows: Int.random(in: 0...size.rows, using: &random))
        try #require((BatchSize.smallest...20_000).contains(size.rows))
      }
    }
  }

  /// A cancel waits for the batch at hand: however slow the destination is, two batches later one takes a second.
  @Test func `batches shrink at once to what takes about half a second`() throws {
    try seededRun(count: 200) { _, random in
      let rowsPerSecond = Double.random(in: 1_500...100_000, using: &random)
      var size = BatchSize()
      for _ in 0..<20 { size.took(seconds: Double(size.rows) / 1e6, rows: size.rows) }
      try #require(size.rows == 24_000)
      for _ in 0..<3 { size.took(seconds: Double(size.rows) / rowsPerSecond, rows: size.rows) }
      try #require(Double(size.rows) / rowsPerSecond <= 1)
    }
  }

  @Test func `a small rest of a range says nothing of the speed`() {
    var size = BatchSize(start: 8_000)
    size.took(seconds: 0.0001, rows: 10)
    #expect(size.rows == 8_000)
    size.took(seconds: 60, rows: 10)
    #expect(size.rows == 8_000)
  }
}
