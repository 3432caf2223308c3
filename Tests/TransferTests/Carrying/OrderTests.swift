import Migration
import TestSupport
import Testing

@testable import Transfer

/// In which order the rows of a history come.
@Suite struct OrderTests {
  /// The numbers of the ranges, which ascend with their keys, in the order in which they were brought.
  private func order(_ mode: CarryOptions.Mode) async throws -> [Int] {
    let bench = try CarryBench(workers: 1, mode: mode)
    try bench.fill(1...85_000) { _ in "b" }
    try await bench.carry()
    var ranges: [Int] = []
    for case .batchCommitted(_, let range, _, _, _) in bench.events.all where ranges.last != range {
      ranges.append(range)
    }
    return ranges
  }

  @Test func `a history in use gets the newest rows first, a blank one the oldest`() async throws {
    let live = try await order(.live)
    #expect(live.count > 2 && live == live.sorted(by: >))
    let bulk = try await order(.bulk)
    #expect(bulk.count > 2 && bulk == bulk.sorted())
  }
}
