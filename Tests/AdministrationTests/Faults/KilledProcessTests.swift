import Base
import Database
import Glibc
import Migration
import Subprocess
import TestSupport
import Testing

@testable import Administration

/// `kill -9` at random points, several times in a row, and `resume`.
@Suite(.serialized) struct KilledProcessTests {
  private typealias Random = TestSupport.SeededGenerator

  /// Where the next kill strikes.
  private enum Point: CustomStringConvertible {
    /// So many milliseconds after the start.
    case time(Int)
    /// So many milliseconds after a step has begun.
    case step(String, Int)
    /// After so many events.
    case events(Int)
    /// So many milliseconds into the comparison.
    case comparison(Int)

    var description: String {
      switch self {
      case .time(let delay): "\(delay) ms after the start"
      case .step(let name, let delay): "\(delay) ms into \(name)"
      case .events(let count): "after \(count) events"
      case .comparison(let delay): "\(delay) ms into the comparison"
      }
    }

    static func random(_ random: inout Random) -> Point {
      let delay = Int.random(in: 0...60, using: &random)
      return switch Int.random(in: 0..<10, using: &random) {
      case 0: .time(Int.random(in: 0...1_200, using: &random))
      case 1, 2: .events(Int.random(in: 1...25, using: &random))
      case 3, 4: .comparison(delay)
      default:
        .step(
          ["secure.main", "prepare", "tasks", "history", "history", "keys", "catch-up", "settle"].randomElement(
            using: &random)!, delay)
      }
    }
  }

  /// Runs a command and kills it at a point; tells its exit code where it came to its end before.
  private func run(_ arguments: [String], _ program: Program, killedAt point: Point) throws -> Int32? {
    let before = program.log.utf8.count
    var child = try program.start(arguments)
    let start = ContinuousClock.now
    var seen: ContinuousClock.Instant?
    while try child.isRunning() {
      let text = String(decoding: program.log.utf8.dropFirst(before), as: UTF8.self)
      var delay = 0
      switch point {
      case .time(let wait):
        seen = start
        delay = wait
      case .events(let count): if text.utf8.count(where: { $0 == 10 }) >= count { seen = seen ?? .now }
      case .step(let name, let wait):
        if text.contains("\"stepStarted\"") && text.contains("\"id\":\"\(name)\"") { seen = seen ?? .now }
        delay = wait
      case .comparison(let wait):
        if text.contains("\"to\":\"verifying\"") { seen = seen ?? .now }
        delay = wait
      }
      if let seen, ContinuousClock.now - seen >= .milliseconds(delay) {
        child.killHard()
        _ = try child.wait()
        return nil
      }
      blockThread(seconds: 0.001)
    }
    return switch try child.wait() {
    case .exited(let code): code
    default: nil
    }
  }

  @Test(arguments: Route.allCases)
  func `a killed import, resumed, gives what an undisturbed one gives`(_ route: Route) async throws {
    let expected = try await FaultBench.undisturbed(route)
    try await seededRun(count: route == .sqliteToSQLite ? 10 : 5) { seed, random in
      let bench = try await FaultBench(route)
      let program = bench.program
      let hash = try program.plan()
      var path: [String] = []
      var status: Int32?
      for _ in 0..<Int.random(in: 1...5, using: &random) {
        let point = Point.random(&random)
        let begins = try program.runs().isEmpty
        status = try run(begins ? ["apply", "--plan", hash] : ["resume"], program, killedAt: point)
        path.append("\(point): \(status.map { "ended with \($0)" } ?? "killed")")
        if status != nil { break }
      }
      if status == nil {
        let begins = try program.runs().isEmpty
        let outcome = try begins ? program("apply", "--plan", hash) : program("resume")
        status = outcome.status
        path.append("to the end: \(outcome.errors)")
      }
      let report = Comment(rawValue: "seed \(seed)\n\(path.joined(separator: "\n"))\n\(program.talk)")
      // Killed behind its report, a run has nothing left to do, and says so.
      if status == 1, try program.state() == "verified" { status = 0 }
      try #require(status == 0, report)
      try #require(try program.state() == "verified", report)
      try #require(try bench.digest() == expected, report)
      try bench.expectWhole(expected)
    }
  }

  @Test func `a rollback that is killed and repeated leaves nothing`() async throws {
    try await seededRun(count: 4) { seed, random in
      let bench = try await FaultBench()
      let program = bench.program
      let hash = try program.plan()
      let first = try run(["apply", "--plan", hash], program, killedAt: .step("history", 10))
      try #require(first == nil || first == 0)
      for _ in 0..<2 {
        _ = try run(["rollback", "--yes"], program, killedAt: .time(Int.random(in: 0...500, using: &random)))
      }
      let outcome = try program("rollback", "--yes")
      let state = try program.state()
      try #require(state == "rolledBack", "seed \(seed): \(outcome.errors)")
      for table in HistoryTables.all where try bench.destination.path.map({ try Base.Files.exists($0) }) == true {
        let connection = try bench.openDestination()
        guard try connection.catalogue()[table] != nil else { continue }
        #expect(try connection.integer("SELECT count(*) FROM \(identifier: table)") == 0)
      }
    }
  }
}
