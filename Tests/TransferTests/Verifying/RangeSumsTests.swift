import Base
import Cryptography
import TestSupport
import Testing

@testable import Transfer

@Suite struct RangeSumsTests {
  private func digest(_ value: Int64) -> Digest256 { sha256(Array(String(value).utf8)) }

  private func sums(_ keys: [Int64], _ bounds: [Key]) -> RangeSums {
    var sums = RangeSums(bounds: bounds)
    for key in keys { sums.add(digest(key), key: .integer(key)) }
    return sums
  }

  private func bounds(_ random: inout TestSupport.SeededGenerator) -> [Key] {
    Set((0..<Int.random(in: 0...9, using: &random)).map { _ in Int64.random(in: -20...120, using: &random) })
      .sorted().map(Key.integer)
  }

  @Test func `neither order nor sharing among readers changes the sums`() throws {
    try seededRun(count: 200) { _, random in
      let bounds = bounds(&random)
      let keys = (0..<80).map { _ in Int64.random(in: -30...130, using: &random) }
      let whole = sums(keys, bounds)
      var merged = RangeSums(bounds: bounds)
      let shuffled = keys.shuffled(using: &random)
      let cut = Int.random(in: 0...80, using: &random)
      merged.merge(sums(Array(shuffled[..<cut]), bounds))
      merged.merge(sums(Array(shuffled[cut...]), bounds))
      try #require(merged.sums == whole.sums)
      try #require(merged.total == whole.total && whole.total.count == 80)
      try #require(whole.differences(from: merged).isEmpty)
    }
  }

  @Test func `every row counts in the one range that holds its key`() throws {
    try seededRun(count: 200) { _, random in
      let bounds = bounds(&random)
      let keys = (0..<40).map { _ in Int64.random(in: -30...130, using: &random) }
      let found = sums(keys, bounds)
      for (index, sum) in found.sums.enumerated() {
        let range = KeyRange(
          above: index == 0 ? nil : bounds[index - 1], through: index < bounds.count ? bounds[index] : nil)
        try #require(sum.count == UInt64(keys.count { range.contains(.integer($0)) }))
      }
    }
  }

  @Test func `a row that is missing, doubled or changed is found in its range and in no other`() throws {
    try seededRun(count: 200) { _, random in
      let bounds = bounds(&random)
      let keys = Set((0..<60).map { _ in Int64.random(in: -30...130, using: &random) }).sorted()
      let expected = sums(keys, bounds)
      let victim = keys.randomElement(using: &random)!
      var found = RangeSums(bounds: bounds)
      let fault = Int.random(in: 0..<3, using: &random)
      for key in keys {
        if key == victim {
          if fault == 0 { continue }
          if fault == 1 { found.add(digest(key), key: .integer(key)) }
          if fault == 2 {
            found.add(digest(key + 1_000), key: .integer(key))
            continue
          }
        }
        found.add(digest(key), key: .integer(key))
      }
      let differences = expected.differences(from: found)
      try #require(differences.count == 1 && differences[0].contains(.integer(victim)))
    }
  }

  /// Exclusive-or would miss it.
  @Test func `a row that stands twice on one side does not cancel itself out`() {
    let one = sums([1, 2], [])
    #expect(sums([1, 2, 3, 3], []).total.sum != one.total.sum)
    #expect(sums([1, 1, 2], []).total != one.total)
  }
}
