import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Transfer

/// Two processes that want to write to the same destination: two holds on it.
@Suite(.startsServers) struct DestinationHoldTests {
  private func postgres() throws -> DatabaseLocation {
    let server = try PrivatePostgres.shared()
    return try DatabaseLocation(server.location(database: server.createDatabase()))
  }

  private func places() throws -> [CarryBench] { try [CarryBench(), CarryBench(destination: postgres())] }

  @Test func `one process at a time has it, and the token grows`() throws {
    for bench in try places() {
      let other = CarryBench.destination(bench.location)
      let first = try bench.destination.hold.take()
      #expect(try bench.destination.hold.take() == first)
      let error = #expect(throws: MigrationError.self) { try other.hold.take() }
      #expect(error?.code == .inUse && error?.advice != nil)
      #expect(try DestinationHold.isHeldElsewhere(bench.location, on: bench.destination.open()))
      bench.destination.hold.release()
      #expect(try !DestinationHold.isHeldElsewhere(bench.location, on: bench.destination.open()))
      #expect(try other.hold.take() > first)
    }
  }

  @Test func `whoever was refused has changed nothing`() throws {
    for bench in try places() {
      let token = try bench.destination.hold.take()
      for _ in 0..<3 {
        let other = CarryBench.destination(bench.location)
        #expect(throws: MigrationError.self) { try other.hold.take() }
      }
      try DestinationHold.confirm(token, on: bench.destination.open())
    }
  }

  @Test func `a process that lost its session to another cannot commit`() throws {
    let server = try PrivatePostgres.shared()
    let bench = try CarryBench(destination: postgres())
    try bench.fill(1...10)
    let writer = try bench.writer()
    let control = try bench.destination.open()
    try bench.ledger.plan("main", [KeyRange(above: nil, through: .integer(10))], on: control)
    let claimed = try control.transaction(.immediate) {
      try bench.ledger.claim("main", .integer, newestFirst: false, worker: "a", on: control)
    }
    var claim = try #require(claimed)
    let batch = try Batch(bench.stream())
    let source = try bench.stream().openSource()
    var rows = try source.stream(CarryBench.scan.query(.all), CarryBench.scan.kinds)
    _ = try batch.read(&rows, size: 100)

    try terminateLockHolder(server, bench)
    let other = CarryBench.destination(bench.location)
    try other.hold.take()
    let error = #expect(throws: MigrationError.self) {
      try writer.commit(batch, 0..<10, endsRange: true, &claim)
    }
    #expect(error?.code == .inUse && error?.advice != nil)
    #expect(try bench.found().isEmpty)
    // Nor may it begin another step.
    let later = #expect(throws: MigrationError.self) { try bench.destination.hold.take() }
    #expect(later?.code == .inUse)
  }

  @Test func `a process whose session broke, and whom nobody replaced, goes on with the hold`() throws {
    let server = try PrivatePostgres.shared()
    let bench = try CarryBench(destination: postgres())
    let token = try bench.destination.hold.take()
    try terminateLockHolder(server, bench)
    let control = try bench.destination.open()
    #expect(try !DestinationHold.isHeldElsewhere(bench.location, on: control))
    #expect(try bench.destination.hold.take() == token)
    // It is held indeed, and not only believed to be.
    #expect(try DestinationHold.isHeldElsewhere(bench.location, on: control))
    let other = CarryBench.destination(bench.location)
    #expect(throws: MigrationError.self) { try other.hold.take() }
  }

  @Test func `a pooler that shares sessions is refused`() throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    let bouncer = try PrivateBouncer(before: server)
    let location = try DatabaseLocation(
      "postgresql://\(PrivatePostgres.user)@:\(bouncer.port)/\(name)?host=\(bouncer.host)")
    let pooled = CarryBench.destination(location)
    let error = #expect(throws: MigrationError.self) { try pooled.hold.take() }
    #expect(error?.code == .blocked && error?.advice?.contains("pooler") == true)
    // Nothing was written on the way to the refusal.
    #expect(try server.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", in: name) == "0")
  }

  @Test func `a file that goes by two names has one hold`() throws {
    let bench = try CarryBench()
    let link = bench.folder / "link.db"
    try Tool.check("ln", ["-s", bench.location.path ?? "", link])
    try bench.destination.hold.take()
    let other = CarryBench.destination(.sqlite(path: link))
    #expect(throws: MigrationError.self) { try other.hold.take() }
    #expect(try DestinationHold.isHeldElsewhere(.sqlite(path: link), on: bench.destination.open()))
  }

  /// Ends the session that has the advisory lock on the bench's database, as an administrator would.
  private func terminateLockHolder(_ server: PrivatePostgres, _ bench: CarryBench) throws {
    let name = bench.location.postgres?.database ?? ""
    try server.execute(
      """
      SELECT pg_terminate_backend(pid, 5000) FROM pg_locks
      WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = '\(name)')
      """, in: "postgres")
  }
}
