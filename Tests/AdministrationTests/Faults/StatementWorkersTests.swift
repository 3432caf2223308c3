import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite(.startsServers) struct StatementWorkersTests {
  private static let long: SQL = "DO $$ BEGIN PERFORM pg_sleep(600); END $$"

  private struct Bench: Sendable {
    let bench: StepBench
    let workers: StatementWorkers

    init(_ cancellation: CancellationFlag) throws {
      let server = try PrivatePostgres.shared()
      let name = PrivatePostgres.freshName("statements")
      try server.createDatabase(name)
      bench = try StepBench(cancellation: cancellation)
      let destination = HistoryDestination(
        location: server.location(name), options: .readWrite, configuration: nil)
      workers = StatementWorkers(
        step: "keys", destination: destination, target: destination.target(), workers: 2)
    }

    struct Never: Error {}

    /// Blocks until so many statements run.
    func wait(forRunning count: Int64) throws {
      let connection = try workers.destination.open()
      let deadline = ContinuousClock.now.advanced(by: .seconds(300))
      while try connection.integer(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND query LIKE 'DO %'
        """) != count
      {
        guard ContinuousClock.now < deadline else { throw Never() }
        blockThread(seconds: 0.01)
      }
    }

    func run(_ statements: [SQL]) async throws {
      try await workers.run(
        statements.enumerated().map { .init(name: "statement \($0)", statement: $1) }, bench.context)
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `a cancelled run does not wait for the end of a long statement`() async throws {
    let cancellation = CancellationFlag()
    let bench = try Bench(cancellation)
    async let outcome = thrown { try await bench.run([Self.long, Self.long, Self.long]) }
    try await BlockingThread(name: "watch").run { try bench.wait(forRunning: 2) }
    cancellation.set()
    #expect(await outcome is CancellationError)
    try bench.wait(forRunning: 0)
  }

  @Test(.timeLimit(.minutes(10)))
  func `a statement that fails stops the one beside it`() async throws {
    let bench = try Bench(CancellationFlag())
    let error = await thrown { try await bench.run([Self.long, "SELECT * FROM nowhere", Self.long]) }
    #expect((error as? DatabaseError)?.code == .syntax)
    try bench.wait(forRunning: 0)
  }
}
