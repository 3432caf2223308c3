internal import Glibc

/// A distribution as a table of equally likely values, so that drawing costs one look.
struct Quantiles {
  let values: [Int]

  @inline(__always)
  func draw(_ dice: inout Dice) -> Int { values[dice.below(values.count)] }

  /// Log-normal, as the sizes of texts and the durations of work are.
  init(logNormalMedian median: Double, spread: Double, atMost limit: Int, count: Int = 1024) {
    values = (0..<count).map { index in
      let probability = (Double(index) + 0.5) / Double(count)
      let value = median * exp(spread * Quantiles.normal(probability))
      return max(1, min(limit, Int(value)))
    }
  }

  /// Values in proportion to weights.
  init(weights: [(value: Int, weight: Int)]) {
    values = weights.flatMap { Array(repeating: $0.value, count: $0.weight) }
  }

  /// The quantile of the normal distribution (Abramowitz and Stegun, formula 26.2.23; error below 0.00045).
  private static func normal(_ probability: Double) -> Double {
    let tail = min(probability, 1 - probability)
    let t = sqrt(-2 * log(tail))
    let above =
      t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    return probability < 0.5 ? -above : above
  }
}
