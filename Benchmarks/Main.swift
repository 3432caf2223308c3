import Base
import TestSupport

/// `benchmarks NAME`: measures one piece of work beside its peers and prints the figures as JSON lines.
///
/// Each import runs in a process of its own (`benchmarks import ORDER`), so that its memory is told apart.
@main
struct Benchmarks {
  static func main() async throws {
    limitHeap()
    let arguments = CommandLine.arguments
    switch arguments.count > 1 ? arguments[1] : "" {
    case "postgresql": try await PostgresBenchmark(Sizes.read()).run()
    case "sqlite": try await SQLiteBenchmark(Sizes.read()).run()
    case "memory": try await MemoryBenchmark(Sizes.read()).run()
    case "import" where arguments.count > 2: try await ImportOrder.carryOut(arguments[2])
    default:
      say("benchmarks: postgresql | sqlite | memory; sizes come from the environment, see docs/performance.md")
    }
  }
}
