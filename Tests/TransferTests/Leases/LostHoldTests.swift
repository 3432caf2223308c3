import Base
import Database
import Glibc
import Migration
import TestSupport
import Testing

@testable import Transfer

/// What becomes of a hold when its session breaks and the next one cannot be had at once.
@Suite(.startsServers) struct LostHoldTests {
  private struct Scene {
    let server: PrivatePostgres
    let database: String
    let folder: TestFolder
    let proxy: FaultProxy
    /// Reached through the proxy.
    let destination: Destination

    init() throws {
      server = try PrivatePostgres.shared()
      database = try server.createDatabase()
      folder = try TestFolder()
      proxy = try FaultProxy(before: server, in: folder)
      destination = CarryBench.destination(
        try DatabaseLocation(
          "postgresql://\(PrivatePostgres.user)@:\(server.port)/\(database)?host=\(folder.path)"))
    }

    func holder() throws -> String {
      try server.execute(
        """
        SELECT pid FROM pg_locks WHERE locktype = 'advisory'
          AND database = (SELECT oid FROM pg_database WHERE datname = '\(database)')
        """, in: "postgres")
    }
  }

  /// Workers that have begun go on with the number that they read.
  @Test func `a server that does not answer meanwhile leaves the token as it is`() throws {
    let scene = try Scene()
    let token = try scene.destination.hold.take()
    scene.proxy.set(.refuse)
    scene.proxy.cutAll()
    #expect(throws: DatabaseError.self) { try scene.destination.hold.take() }
    #expect(throws: DatabaseError.self) { try scene.destination.hold.take() }
    scene.proxy.set(nil)
    #expect(try scene.destination.hold.take() == token)
    try DestinationHold.confirm(token, on: scene.destination.open())
  }

  /// The server's process of the lost session stands still with its lock until a new session asks for it.
  @Test func `the lock of a session that is being cleared away is waited for`() async throws {
    let scene = try Scene()
    let token = try scene.destination.hold.take()
    let backend = try #require(Int32(scene.holder()))
    try #require(kill(backend, SIGSTOP) == 0)
    defer { kill(backend, SIGCONT) }
    scene.proxy.cutAll()
    let accepted = scene.proxy.accepted
    let proxy = scene.proxy
    async let woken: Void = BlockingThread(name: "waker").run {
      while proxy.accepted == accepted { blockThread(seconds: 0.005) }
      // Long enough for several tries, and nothing that the outcome hangs on.
      blockThread(seconds: 0.2)
      kill(backend, SIGCONT)
    }
    let again = try await BlockingThread(name: "taker").run { try scene.destination.hold.take() }
    try await woken
    #expect(again == token)
    #expect(try scene.holder() != String(backend))
  }

  @Test func `somebody else who has the lock is not waited for`() throws {
    let scene = try Scene()
    try scene.destination.hold.take()
    try scene.server.execute(
      "SELECT pg_terminate_backend(\(scene.holder()), 5000)", in: "postgres")
    let other = try Connection.open(
      DatabaseLocation(scene.server.location(database: scene.database)), options: .readWrite)
    try #require(try other.tryAdvisoryLock(key: DestinationHold.lockNumber))
    let error = #expect(throws: MigrationError.self) { try scene.destination.hold.take() }
    #expect(error?.code == .inUse)
    try other.close()
    try scene.destination.hold.take()
  }
}
