/// A distribution as a table of equally likely values, so that drawing costs one look.
struct Quantiles {
  let values: [Int]

  @inline(__always)
  func draw(_ dice: inout Dice) -> Int { values[dice.below(values.count)] }

  /// Log-normal, as the sizes of texts and the durations of work are.
  ///
  /// Made by sums and products alone: the C library's `exp` may round otherwise in its next version, and the same
  /// seed would mean something else.
  init(logNormalMedian median: Double, spread: Double, atMost limit: Int, count: Int = 1024) {
    var dice = Dice(seed: 0, stream: count)
    values = (0..<count).map { _ in
      // Twelve uniform numbers less six: nearly normal, and of variance one.
      let sum = (0..<12).reduce(0) { sum, _ in sum + dice.below(1 << 20) }
      let normal = Double(sum) / Double(1 << 20) - 6
      return max(1, min(limit, Int(median * Quantiles.exponential(spread * normal))))
    }
  }

  /// Values in proportion to weights.
  init(weights: [(value: Int, weight: Int)]) {
    values = weights.flatMap { Array(repeating: $0.value, count: $0.weight) }
  }

  /// e to a small power: Taylor's series for its 1024th part, squared ten times.
  private static func exponential(_ power: Double) -> Double {
    let part = power / 1024
    var result = 1 + part * (1 + part / 2 * (1 + part / 3 * (1 + part / 4)))
    for _ in 0..<10 { result *= result }
    return result
  }
}
