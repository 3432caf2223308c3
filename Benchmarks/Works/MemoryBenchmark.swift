import Administration
import Base
import Database
import TestSupport

/// Memory and time per row of histories of which one is ten times as long as the other: the whole product, with
/// backup, restore test and verification.
struct MemoryBenchmark {
  private let sizes: Sizes

  init(_ sizes: Sizes) { self.sizes = sizes }

  func run() async throws {
    var results: [(rows: Int, result: ImportResult)] = []
    for part in [10, 1] {
      let server = try BenchmarkServer()
      let requests = Int(Double(sizes.memoryRows / part) / Sizes.rowsPerRequest)
      let old = try await server.lab(.v8_1, requests: requests)
      let order = ImportOrder(
        kind: .whole, source: server.server.location(database: old), destination: try server.blank("new"))
      let result = try order.run()
      results.append((try server.rows("new"), result))
    }
    let (small, large) = (results[0], results[1])
    let names = "\(short(small.rows)) and \(short(large.rows)) rows"
    try Measurement(
      work: "peak memory, whole run over \(short(large.rows)) rows", unit: "MiB",
      measured: Double(large.result.peakMemory >> 20), asked: 150, sense: "at most",
      note:
        "with backup, restore test and verification; \(small.result.peakMemory >> 20) MiB at \(short(small.rows)) rows"
    ).tell()
    try Measurement(
      work: "bulk time per row, \(names)", unit: "× that of the smaller",
      measured: (large.result.seconds / Double(large.rows)) / (small.result.seconds / Double(small.rows)),
      asked: 1.15, sense: "at most",
      note: "\(tenths(small.result.seconds)) and \(tenths(large.result.seconds))"
    ).tell()
  }
}
