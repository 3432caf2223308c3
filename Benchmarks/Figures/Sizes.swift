import TestSupport

/// How much is measured, and how often.
struct Sizes {
  /// Change requests in the histories that are imported; with their properties, sections and tasks they are some
  /// 3.7 times as many rows.
  var requests = 5_000_000
  /// Rows of the larger history in the benchmark of memory; the smaller one has a tenth.
  var memoryRows = 10_000_000
  /// How often each pair is measured, ours and the peer in turns.
  var rounds = 3

  static let rowsPerRequest = 3.67

  /// From `LOCKTENDER_BENCH_RECORDS`, `LOCKTENDER_BENCH_MEMORY_ROWS` and `LOCKTENDER_BENCH_ROUNDS`.
  static func read() -> Sizes {
    func number(_ name: String, _ standard: Int) -> Int {
      Environment.value(of: "LOCKTENDER_BENCH_\(name)").flatMap { Int($0) }.map { max(1, $0) } ?? standard
    }
    let full = Sizes()
    return Sizes(
      requests: number("RECORDS", full.requests), memoryRows: number("MEMORY_ROWS", full.memoryRows),
      rounds: number("ROUNDS", full.rounds))
  }
}

/// A number as people write it: `5 M`, `300 k`.
func short(_ number: Int) -> String {
  func rounded(_ unit: Double) -> String {
    let tenths = (Double(number) / unit * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
  }
  if number >= 1_000_000 { return "\(rounded(1_000_000)) M" }
  if number >= 1_000 { return "\(rounded(1_000)) k" }
  return "\(number)"
}
