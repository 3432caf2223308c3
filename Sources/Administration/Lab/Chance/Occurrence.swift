/// Spreads a given number of hits over a stream: one in each of equally long stretches, at a random place.
///
/// Other than independent draws it hits exactly as often as asked for, costs one comparison a step, and reaches
/// every part of the history.
struct Occurrence {
  let hits: Int
  let total: Int
  /// The place of the next hit; `Int.max` when all have been.
  private(set) var next = Int.max
  private var drawn = 0
  private var dice: Dice

  init(hits: Int, total: Int, seed: UInt64, stream: Int) {
    self.hits = min(hits, total)
    self.total = total
    dice = Dice(seed: seed, stream: stream)
    draw()
  }

  /// Whether the place is hit. Places must be asked for in ascending order.
  @inline(__always)
  mutating func hits(_ place: Int) -> Bool {
    if place != next { return false }
    draw()
    return true
  }

  private mutating func draw() {
    guard drawn < hits else {
      next = Int.max
      return
    }
    let start = Occurrence.share(drawn, of: hits, total)
    let end = Occurrence.share(drawn + 1, of: hits, total)
    next = start + dice.below(end - start)
    drawn += 1
  }

  /// The start of a stretch. Full-width, since a long stream times many hits leaves 64 bits.
  private static func share(_ index: Int, of parts: Int, _ total: Int) -> Int {
    let product = UInt64(index).multipliedFullWidth(by: UInt64(total))
    return Int(UInt64(parts).dividingFullWidth((product.high, product.low)).quotient)
  }
}
