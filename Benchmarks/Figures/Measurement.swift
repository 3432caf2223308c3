import Base
import Migration

/// One figure as `Scripts/bench` reads it: a JSON line.
struct Measurement: Codable {
  let work: String
  let unit: String
  var ours: [Double]?
  var peer: [Double]?
  var measured: Double?
  /// `lower` for seconds, `higher` for rates.
  var better: String?
  var asked: Double?
  var sense: String?
  var note: String?

  func tell() throws {
    let line = try encodeJSON(self)
    print(String(decoding: line, as: UTF8.self))
  }
}

/// Seconds that a piece of work takes.
func seconds(of work: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  let start = clock.now
  try work()
  let (whole, fraction) = start.duration(to: clock.now).components
  return Double(whole) + Double(fraction) / 1e18
}

/// The middle of several values.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.isEmpty ? .nan : sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// Seconds to a tenth, for notes.
func tenths(_ seconds: Double) -> String { "\((seconds * 10).rounded() / 10) s" }

/// Says on stderr what is going on.
func say(_ text: String) {
  var bytes = Array((text + "\n").utf8)
  writeToErrors(&bytes)
}
