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
func seconds<Result>(of work: () async throws -> Result) async rethrows -> (Double, Result) {
  let clock = ContinuousClock()
  let start = clock.now
  let result = try await work()
  let (whole, fraction) = start.duration(to: clock.now).components
  return (Double(whole) + Double(fraction) / 1e18, result)
}

/// Says on stderr what is going on.
func say(_ text: String) {
  var bytes = Array((text + "\n").utf8)
  writeToErrors(&bytes)
}
