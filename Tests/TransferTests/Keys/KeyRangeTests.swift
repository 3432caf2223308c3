import Base
import TestSupport
import Testing

@testable import Transfer

@Suite struct KeyRangeTests {
  private typealias Random = TestSupport.SeededGenerator

  /// Keys near both ends of their kind and near each other are as likely as those in between.
  private func integer(_ random: inout Random) -> Int64 {
    switch Int.random(in: 0..<6, using: &random) {
    case 0: .min + Int64.random(in: 0...3, using: &random)
    case 1: .max - Int64.random(in: 0...3, using: &random)
    case 2: Int64.random(in: -3...3, using: &random)
    case 3: Int64.random(in: 1...200_000, using: &random)
    default: Int64.random(in: .min ... .max, using: &random)
    }
  }

  private func uuid(_ random: inout Random) -> UniqueID {
    func word(_ random: inout Random) -> UInt64 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: UInt64.random(in: 0...2, using: &random)
      case 1: .max - UInt64.random(in: 0...2, using: &random)
      default: UInt64.random(in: .min ... .max, using: &random)
      }
    }
    return UniqueID(high: word(&random), low: word(&random))
  }

  private func pair(_ kind: Key.Kind, _ random: inout Random) -> (Key, Key) {
    let keys: [Key] =
      switch kind {
      case .integer: [.integer(integer(&random)), .integer(integer(&random))]
      case .uuid: [.uuid(uuid(&random)), .uuid(uuid(&random))]
      }
    return (keys.min()!, keys.max()!)
  }

  private func probes(_ ranges: [KeyRange], _ low: Key, _ high: Key, _ random: inout Random) -> [Key] {
    var keys = [low, high] + ranges.compactMap(\.upper).prefix(60)
    for key in keys {
      switch key {
      case .integer(let value):
        if value > .min { keys.append(.integer(value - 1)) }
        if value < .max { keys.append(.integer(value + 1)) }
      case .uuid(let value):
        if value.low > 0 { keys.append(.uuid(UniqueID(high: value.high, low: value.low - 1))) }
        if value.low < .max { keys.append(.uuid(UniqueID(high: value.high, low: value.low + 1))) }
      }
    }
    for _ in 0..<20 {
      if case .integer = low { keys.append(.integer(integer(&random))) } else { keys.append(.uuid(uuid(&random))) }
    }
    return keys
  }

  @Test(arguments: [Key.Kind.integer, .uuid])
  func `ranges cover every key up to the highest, and none twice`(_ kind: Key.Kind) throws {
    try seededRun(count: 300) { _, random in
      let (low, high) = pair(kind, &random)
      let count = [1, 2, 3, 7, 64, 1000, 4096].randomElement(using: &random)!
      let ranges = KeyRange.cut(from: low, through: high, into: count)
      try #require(!ranges.isEmpty && ranges.count <= count)
      try #require(ranges[0].lower == nil && ranges.last?.upper == high)
      for index in ranges.indices.dropFirst() {
        try #require(ranges[index].lower == ranges[index - 1].upper)
        try #require(ranges[index].lower! < ranges[index].upper!)
      }
      for key in probes(ranges, low, high, &random) {
        let holders = ranges.count { $0.contains(key) }
        try #require(holders == (key <= high ? 1 : 0), "\(key) is in \(holders) ranges of \(low)…\(high)")
      }
    }
  }

  @Test func `the whole width of integers is cut without overflow`() {
    let ranges = KeyRange.cut(from: .integer(.min), through: .integer(.max), into: 4096)
    #expect(ranges.count == 4096)
    #expect(ranges[0].contains(.integer(.min)))
    #expect(ranges[4095].contains(.integer(.max)))
    #expect(!ranges[4094].contains(.integer(.max)))
    let one = KeyRange.cut(from: .integer(.max), through: .integer(.max), into: 10)
    #expect(one == [KeyRange(above: nil, through: .integer(.max))])
  }

  @Test func `a key reads back from its checkpoint`() throws {
    try seededRun(count: 200) { _, random in
      for kind in [Key.Kind.integer, .uuid] {
        let key = pair(kind, &random).0
        try #require(Key(key.description, kind: kind) == key)
      }
    }
    #expect(Key("", kind: .integer) == nil)
    #expect(Key("12x", kind: .integer) == nil)
    #expect(Key("9223372036854775808", kind: .integer) == nil)
    #expect(Key("12", kind: .uuid) == nil)
  }
}
