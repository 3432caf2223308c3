import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Transfer

/// A disk that has no room left for the destination.
@Suite struct DiskFullTests {
  @Test func `a full disk fails the step, and what was committed is whole when there is room again`() async throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 6_000)
    let location = DatabaseLocation.sqlite(path: disk / "destination.db")
    let bench = try CarryBench(destination: location, retry: RetryPolicy(firstDelay: 0.01, longestDelay: 0.02))
    let filler = disk / "filler"
    try TestSupport.Files.write([UInt8](repeating: 7, count: 4_000_000), to: filler)
    try bench.fill(1...40_000) { "a body that takes some room on the disk \($0)" }
    let error = await #expect(throws: DatabaseError.self) { try await bench.carry() }
    #expect(error?.code == .diskFull)
    #expect(error?.advice?.contains("Free space") == true)
    #expect(bench.events.retries >= 3)
    try Base.Files.remove(filler)
    try await bench.resume()
    #expect(try bench.found() == bench.expected())
    #expect(try bench.ledgerTotals().sourceRows == 40_000)
  }

  @Test func `a full disk of the run's folder stops before a rejected row is passed`() async throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 1_500)
    let bench = try CarryBench(workers: 1)
    try bench.fill(1...3_000)
    let context = StepContext(
      run: bench.context.run, folder: disk.path, workplace: bench.context.workplace, journal: bench.context.journal,
      events: EventSink(run: bench.context.run, clock: SystemClock()), cancellation: CancellationFlag(),
      retry: bench.context.retry)
    try TestSupport.Files.write([UInt8](repeating: 7, count: disk.free), to: disk / "filler")
    let meddling: CopyTransform.Meddling = { id throws(RowRejection) in
      if id == 1_500 { throw RowRejection("bad") }
    }
    let error = await #expect(throws: FileError.self) { try await bench.step(meddling: meddling).act(context) }
    #expect(error?.advice != nil)
    #expect(try bench.found().isEmpty)
    try Base.Files.remove(disk / "filler")
    try await bench.step(meddling: meddling).act(context)
    #expect(try bench.found().count == 2_999)
  }

  @Test(.startsServers) func `a full disk of the server fails the step, and it can be resumed`() async throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 3_000, .servers)
    let server = try PrivatePostgres(.init(isDurable: false))
    try server.execute("CREATE TABLESPACE small LOCATION '\(disk.path)'", in: "postgres")
    let name = try server.createDatabase()
    let location = try DatabaseLocation(server.location(database: name))
    let bench = try CarryBench(destination: location)
    try server.execute("ALTER TABLE copied SET TABLESPACE small", in: name)
    try bench.fill(1...60_000) { "a body that takes some room on the disk \($0)" }
    let error = await #expect(throws: DatabaseError.self) { try await bench.carry() }
    #expect(error?.code == .diskFull && error?.advice != nil)
    try server.execute("ALTER TABLE copied SET TABLESPACE pg_default", in: name)
    try await bench.resume()
    #expect(try bench.found() == bench.expected())
    #expect(try bench.ledgerTotals().sourceRows == 60_000)
  }
}
