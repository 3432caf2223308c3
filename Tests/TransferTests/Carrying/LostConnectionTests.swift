import Base
import Cryptography
import Database
import Migration
import Synchronization
import TestSupport
import Testing

@testable import Transfer

/// Connections that break, servers that go away, commits whose answer is lost.
@Suite(.startsServers) struct LostConnectionTests {
  private struct Scene {
    let server: PrivatePostgres
    let database: String
    let proxyFolder: TestFolder
    let proxy: FaultProxy
    let bench: CarryBench
    let through: Destination

    init(own: Bool = false, workers: Int = 1, rows: Int = 12_000) throws {
      server = own ? try PrivatePostgres(.init(isDurable: false)) : try PrivatePostgres.shared()
      database = try server.createDatabase()
      proxyFolder = try TestFolder()
      proxy = try FaultProxy(before: server, in: proxyFolder)
      bench = try CarryBench(
        destination: DatabaseLocation(server.location(database: database)), workers: workers,
        retry: RetryPolicy(firstDelay: 0.2, longestDelay: 2))
      try bench.fill(1...rows)
      let proxy = proxy
      bench.events.whenRetried { proxy.set(nil) }
      through = CarryBench.destination(
        try DatabaseLocation(
          "postgresql://\(PrivatePostgres.user)@:\(server.port)/\(database)?host=\(proxyFolder.path)"))
    }

    func expectWhole(sourceLocation: SourceLocation = #_sourceLocation) throws {
      #expect(try bench.found() == bench.expected(), sourceLocation: sourceLocation)
      let totals = try bench.ledgerTotals()
      #expect(totals.sourceRows == (try bench.expected().count), sourceLocation: sourceLocation)
      #expect(totals.tables["copied"]?.count == UInt64(totals.sourceRows), sourceLocation: sourceLocation)
    }
  }

  @Test func `a connection that is cut in the middle of COPY is made again`() async throws {
    try await seededRun(count: 6) { _, random in
      let scene = try Scene()
      scene.proxy.set(.cut(after: Int.random(in: 2_000...400_000, using: &random), .toServer))
      try await scene.bench.step(scene.through).act(scene.bench.context)
      try scene.expectWhole()
    }
  }

  /// The bytes of the answer are cut off: sometimes it is the commit's.
  @Test func `a commit whose answer is lost is neither lost nor doubled`() async throws {
    try await seededRun(count: 12) { _, random in
      let scene = try Scene(rows: 6_000)
      scene.proxy.set(.cut(after: Int.random(in: 0...9_000, using: &random), .toClient))
      try await scene.bench.step(scene.through).act(scene.bench.context)
      try scene.expectWhole()
    }
  }

  @Test func `an ended session is replaced, and the batch tried again`() async throws {
    let scene = try Scene(workers: 2, rows: 30_000)
    let server = scene.server
    let name = scene.database
    let done = Mutex(0)
    let meddling: CopyTransform.Meddling = { id throws(RowRejection) in
      guard id % 9_000 == 0 else { return }
      done.withLock { $0 += 1 }
      do {
        try server.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '\(name)'", in: "postgres")
      } catch {
        throw RowRejection("the test could not end the sessions")
      }
    }
    try await scene.bench.step(meddling: meddling).act(scene.bench.context)
    #expect(done.withLock { $0 } >= 3)
    #expect(scene.bench.events.retries >= 1)
    try scene.expectWhole()
  }

  @Test func `a restarted server is waited for`() async throws {
    let scene = try Scene(own: true, workers: 2, rows: 20_000)
    let server = scene.server
    let restarted = Mutex(false)
    let meddling: CopyTransform.Meddling = { id throws(RowRejection) in
      guard id == 15_000, !restarted.withLock({ $0 }) else { return }
      restarted.withLock { $0 = true }
      do { try server.restart(.immediate) } catch { throw RowRejection("the test could not restart the server") }
    }
    try await scene.bench.step(meddling: meddling).act(scene.bench.context)
    try scene.expectWhole()
  }

  @Test func `a server that stays away fails the step after three retries, and what is in stays`() async throws {
    let scene = try Scene()
    let proxy = scene.proxy
    scene.bench.events.whenRetried {}
    let started = ContinuousClock.now
    let meddling: CopyTransform.Meddling = { id throws(RowRejection) in
      if id == 9_000 {
        proxy.set(.refuse)
        proxy.cutAll()
      }
    }
    let step = scene.bench.step(scene.through, meddling: meddling)
    let error = await #expect(throws: DatabaseError.self) { try await step.act(scene.bench.context) }
    #expect(error?.isTransient == true && error?.advice != nil)
    #expect(scene.bench.events.retries == 3)
    #expect(ContinuousClock.now - started > .milliseconds(1_000))
    let found = try scene.bench.found().count
    #expect(found == (try scene.bench.ledgerTotals().sourceRows))
    #expect((1..<12_000).contains(found))
    scene.proxy.set(nil)
    try await scene.bench.resume()
    try scene.expectWhole()
  }

  @Test func `an error that is not transient is tried once more and no oftener`() async throws {
    let scene = try Scene()
    let location = scene.bench.location
    let renamed = Mutex(false)
    let meddling: CopyTransform.Meddling = { id throws(RowRejection) in
      guard id == 9_000, !renamed.withLock({ $0 }) else { return }
      renamed.withLock { $0 = true }
      do {
        try Connection.open(location, options: .readWrite).execute("ALTER TABLE copied RENAME TO elsewhere")
      } catch {
        throw RowRejection("the test could not rename the table")
      }
    }
    let step = scene.bench.step(meddling: meddling)
    await #expect(throws: DatabaseError.self) { try await step.act(scene.bench.context) }
    #expect(scene.bench.events.retries == 1)
    try Connection.open(location, options: .readWrite).execute("ALTER TABLE elsewhere RENAME TO copied")
    try await scene.bench.resume()
    try scene.expectWhole()
  }

  @Test func `a source that goes away for a moment is read on from where it stood`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    let folder = try TestFolder()
    let proxy = try FaultProxy(before: server, in: folder)
    let bench = try CarryBench(
      source: DatabaseLocation(server.location(database: name)), retry: RetryPolicy(firstDelay: 0.05))
    try bench.fill(1...60_000)
    let pooled = try DatabaseLocation(
      "postgresql://\(PrivatePostgres.user)@:\(server.port)/\(name)?host=\(folder.path)")
    proxy.set(.cut(after: 900_000, .toClient))
    bench.events.whenRetried { proxy.set(nil) }
    try await bench.step(opening: { try Connection.open(pooled, options: .readOnly) }).act(bench.context)
    #expect(proxy.accepted > 3)
    #expect(try bench.found() == bench.expected())
    #expect(try bench.ledgerTotals().sourceRows == 60_000)
    #expect(bench.events.retries >= 1)
  }
}
