/// How many rows the next batch takes. Grows while batches are quick and shrinks at once when one was slow, so
/// that a cancel, which waits for the batch at hand, takes effect within two seconds.
struct BatchSize {
  static let smallest = 500
  /// Bytes of source rows at which a batch ends, however few rows that is.
  static let bytes = 4 << 20
  private let largest: Int
  /// Seconds that a batch should take.
  private let aim: Double
  private(set) var rows: Int

  /// - Parameter largest: more than a range of a database with one writer has, which is then one batch.
  init(start: Int = 4_000, largest: Int = 24_000, aim: Double = 0.5) {
    self.largest = largest
    self.aim = aim
    rows = start
  }

  mutating func took(seconds: Double, rows carried: Int) {
    guard carried >= rows / 2 else { return }
    if seconds > aim {
      rows = max(BatchSize.smallest, Int(Double(rows) * aim / seconds))
    } else if seconds < aim / 2 {
      rows = min(largest, rows * 2)
    }
  }
}
