import Administration
import Base
import Database
import Migration
import Subprocess
import TestSupport

/// `benchmarks NAME [REQUESTS]`: measures one piece of work and prints its figures as JSON lines.
@main
struct Benchmarks {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let name = arguments.count > 1 ? arguments[1] : ""
    let size = arguments.count > 2 ? Int(arguments[2]) : nil
    switch name {
    case "postgresql": try await PostgresBenchmark(requests: size ?? 5_000_000).run()
    case "sqlite": try await SQLiteBenchmark(requests: size ?? 1_000_000).run()
    default: say("benchmarks: postgresql | sqlite, then the number of requests")
    }
  }
}
