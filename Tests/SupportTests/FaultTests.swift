internal import Glibc
internal import TestSupport
internal import Testing

@Suite(.startsServers) struct FaultTests {
  /// A row of 10,000 bytes asked for through the proxy.
  private func ask(_ folder: TestFolder, atMost limit: Duration = .seconds(20)) throws -> Tool.Outcome {
    try Tool.run(
      "psql",
      [
        "-X", "-At", "-c", "SELECT repeat('x', 10000)",
        "host=\(folder.path) port=5432 user=\(PrivatePostgres.user) dbname=postgres",
      ], atMost: limit)
  }

  @Test func `bytes are carried faithfully where no fault is set`() throws {
    let folder = try TestFolder()
    let proxy = try FaultProxy(before: try PrivatePostgres.shared(), in: folder)
    #expect(try ask(folder).text.utf8.count == 10_001)
    #expect(proxy.accepted == 1)
    #expect(proxy.carried(.toClient) > 10_000)
    #expect(proxy.carried(.toServer) > 20)
  }

  @Test func `a connection is cut after exactly the bytes asked for`() throws {
    let folder = try TestFolder()
    let proxy = try FaultProxy(before: try PrivatePostgres.shared(), in: folder)
    proxy.set(.cut(after: 5_000, .toClient))
    let outcome = try ask(folder)
    #expect(outcome.status == 2)
    #expect(outcome.errorText.contains("server closed the connection unexpectedly"))
    #expect(proxy.carried(.toClient) == 5_000)
    proxy.set(nil)
    #expect(try ask(folder).status == 0)
  }

  @Test func `a stalled connection stays open and goes on when the fault is lifted`() throws {
    let folder = try TestFolder()
    let proxy = try FaultProxy(before: try PrivatePostgres.shared(), in: folder)
    proxy.set(.stall(after: 5_000, .toClient))
    #expect(throws: SupportError.self) { try ask(folder, atMost: .milliseconds(300)) }
    #expect(proxy.carried(.toClient) == 5_000)
    proxy.set(nil)
    #expect(try ask(folder).status == 0)
  }

  @Test func `a delay is felt and new connections can be refused`() throws {
    let server = try PrivatePostgres(.init(listening: .loopback, isDurable: false))
    let folder = try TestFolder()
    let proxy = try FaultProxy(before: server, in: folder)
    let database = "host=127.0.0.1 port=\(proxy.port) user=\(PrivatePostgres.user) dbname=postgres"
    proxy.set(.delay(.milliseconds(100)))
    let start = ContinuousClock.now
    #expect(try Tool.run("psql", ["-X", "-At", "-c", "SELECT 1", database]).text == "1\n")
    #expect(ContinuousClock.now - start > .milliseconds(300))
    proxy.set(.refuse)
    #expect(try Tool.run("psql", ["-X", "-At", "-c", "SELECT 1", database]).status == 2)
  }

  @Test func `all open connections are cut at once, and new ones are served`() async throws {
    let folder = try TestFolder()
    let proxy = try FaultProxy(before: try PrivatePostgres.shared(), in: folder)
    let database = "host=\(folder.path) port=5432 user=\(PrivatePostgres.user) dbname=postgres"
    async let sleeping = Tool.run("psql", ["-X", "-c", "SELECT 'asleep', pg_sleep(100)", database])
    while proxy.carried(.toServer) < 90 { try await Task.sleep(for: .milliseconds(2)) }  // start-up and the query
    proxy.cutAll()
    #expect(try await sleeping.errorText.contains("server closed the connection unexpectedly"))
    #expect(try ask(folder).status == 0)
  }

  @Test func `a full disk is met by a table on it`() throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 4_096, .servers)
    #expect(disk.free > 3_000_000)
    let server = try PrivatePostgres(.init(isDurable: false))
    try server.execute("CREATE TABLESPACE small LOCATION '\(disk.path)'", in: "postgres")
    let error = #expect(throws: SupportError.self) {
      try server.execute(
        "CREATE TABLE t TABLESPACE small AS SELECT repeat('x', 100) FROM generate_series(1, 100000)",
        in: "postgres")
    }
    #expect(error?.reason.contains("No space left on device") == true)
  }

  @Test(.enabled(if: Account.forServers != nil, "needs root"))
  func `a small disk vanishes with its last reference`() throws {
    let path: String
    do {
      let disk = try Tmpfs(kilobytes: 64)
      path = disk.path
      #expect(throws: SupportError.self) { try Files.write([UInt8](repeating: 1, count: 100_000), to: disk / "f") }
      #expect(try Files.text(of: "/proc/mounts").contains(path))
    }
    #expect(try !Files.text(of: "/proc/mounts").contains(path))
    #expect(!Files.exists(path))
  }
}
