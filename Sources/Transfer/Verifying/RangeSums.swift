internal import Base
public import Cryptography

/// Digest sums by ranges of source keys: what one side of a comparison holds.
public struct RangeSums: Sendable {
  /// The upper ends of the ranges, ascending; what lies above the last falls into one more.
  public let bounds: [Key]
  public private(set) var sums: [DigestSum]
  private var last = 0

  public init(bounds: [Key]) {
    self.bounds = bounds
    sums = Array(repeating: DigestSum(), count: bounds.count + 1)
  }

  /// Adds one row's digest. Rows mostly come in the order of their keys, so the range at hand is tried first.
  public mutating func add(_ digest: Digest256, key: Key) {
    if !holds(last, key) { last = place(of: key) }
    sums[last].add(digest)
  }

  public mutating func merge(_ other: RangeSums) {
    invariant(other.bounds.count == bounds.count, "sums over other ranges")
    for index in sums.indices { sums[index].merge(other.sums[index]) }
  }

  public var total: DigestSum {
    var total = DigestSum()
    for sum in sums { total.merge(sum) }
    return total
  }

  /// The ranges in which another side holds something else.
  public func differences(from other: RangeSums) -> [KeyRange] {
    sums.indices.filter { sums[$0] != other.sums[$0] }.map { index in
      KeyRange(above: index == 0 ? nil : bounds[index - 1], through: index < bounds.count ? bounds[index] : nil)
    }
  }

  private func holds(_ index: Int, _ key: Key) -> Bool {
    (index == 0 || key > bounds[index - 1]) && (index == bounds.count || key <= bounds[index])
  }

  private func place(of key: Key) -> Int {
    var low = 0
    var high = bounds.count
    while low < high {
      let middle = (low + high) / 2
      if bounds[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
