import Base
import Database
import Glibc
import Migration
import Subprocess
import TestSupport
import Testing

@testable import Administration

/// A server that goes away under the program's hands.
@Suite(.serialized, .startsServers) struct ServerFaultTests {
  private static let history = 20_000

  /// A server of its own, which a test may harm, with a database for the history.
  private func server() throws -> (PrivatePostgres, database: String) {
    let server = try PrivatePostgres(.init(isDurable: false))
    return (server, try server.createDatabase("history"))
  }

  private func bench(_ location: DatabaseLocation) async throws -> FaultBench {
    try await FaultBench(.sqliteToPostgres, history: ServerFaultTests.history, destination: location)
  }

  /// Lets a run carry its first batches, harms the server, and waits for the run's end.
  private func apply(_ bench: FaultBench, harm: () throws -> Void) throws -> CommandStatus {
    var child = try bench.program.start(["apply", "--plan", bench.program.plan("--workers", "2")])
    try wait(for: "\"batchCommitted\"", bench, &child)
    try harm()
    return try child.wait(timeout: .seconds(120))
  }

  private func wait(for words: String, _ bench: FaultBench, _ child: inout Subprocess.ChildProcess) throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while try child.isRunning(), !bench.program.log.contains(words) {
      try #require(ContinuousClock.now < deadline, "\(bench.program.talk)")
      blockThread(seconds: 0.001)
    }
  }

  private func expectWhole(_ bench: FaultBench) async throws {
    try bench.expectWhole(
      await FaultBench.undisturbed(.sqliteToPostgres, history: ServerFaultTests.history))
  }

  @Test func `sessions that are ended are replaced, and the run comes to its end`() async throws {
    let (server, name) = try server()
    let bench = try await bench(DatabaseLocation(server.location(database: name)))
    let status = try apply(bench) {
      try server.execute(
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = '\(name)' AND pid <> pg_backend_pid()
        """, in: "postgres")
    }
    #expect(status == .exited(0), "\(bench.program.talk)")
    try await expectWhole(bench)
  }

  @Test func `a server that is restarted is waited for, or the run goes on later`() async throws {
    let (server, name) = try server()
    let bench = try await bench(DatabaseLocation(server.location(database: name)))
    let status = try apply(bench) { try server.restart(.immediate) }
    if status != .exited(0) {
      // It stayed away for longer than three retries take.
      let outcome = Program.Outcome(status: 1, output: "", errors: bench.program.talk)
      #expect(status == .exited(1) && outcome.advice != nil, "\(bench.program.talk)")
      let resumed = try bench.program("resume")
      #expect(resumed.status == 0, "\(resumed.errors)")
    }
    try await expectWhole(bench)
  }

  @Test func `a connection that is cut in the middle of COPY loses and doubles nothing`() async throws {
    let (server, name) = try server()
    let folder = try TestFolder(.traversable)
    let proxy = try FaultProxy(before: server, in: folder)
    let direct = try DatabaseLocation(server.location(database: name))
    let bench = try await bench(
      DatabaseLocation("postgresql://\(PrivatePostgres.user)@/\(name)?host=\(folder.path)"))
    var child = try bench.program.start(["apply", "--plan", bench.program.plan("--workers", "2")])
    try wait(for: "\"batchCommitted\"", bench, &child)
    proxy.set(.cut(after: 150_000, .toServer))
    try wait(for: "\"retried\"", bench, &child)
    proxy.set(nil)
    #expect(try child.wait(timeout: .seconds(120)) == .exited(0), "\(bench.program.talk)")
    #expect(bench.program.log.contains("\"retried\""))
    let expected = try await FaultBench.undisturbed(.sqliteToPostgres, history: ServerFaultTests.history)
    #expect(try HistoryDigest.of(on: Connection.open(direct, options: .readOnly)) == expected)
  }

  @Test func `a server whose disk fills up stops the run, which goes on when there is room`() async throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 60_000, .servers)
    let (server, _) = try server()
    try server.execute("CREATE TABLESPACE small LOCATION '\(disk.path)'", in: "postgres")
    try server.execute("CREATE DATABASE cramped TABLESPACE small", in: "postgres")
    let bench = try await bench(DatabaseLocation(server.location(database: "cramped")))
    let status = try apply(bench) {
      try disk.fill(leaving: 1_000_000)
    }
    let outcome = Program.Outcome(status: 1, output: "", errors: bench.program.talk)
    #expect(status == .exited(1) && outcome.advice != nil, "\(bench.program.talk)")
    let sentence = outcome.sentence.lowercased()
    #expect(sentence.contains("space") || sentence.contains("disk"), "\(bench.program.talk)")
    #expect(try bench.program.state() == "failed")
    try Base.Files.remove(disk / "filler")
    let resumed = try bench.program("resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    try await expectWhole(bench)
  }

  /// The first process stands still and loses its session; another one, as if on another host, brings the run to its
  /// end. When the first wakes up, it can do no harm.
  @Test func `a process that wakes up when another has gone on with its run changes nothing`() async throws {
    let (server, name) = try server()
    let first = try await bench(DatabaseLocation(server.location(database: name)))
    var child = try first.program.start(["apply", "--plan", first.program.plan("--workers", "2")])
    try wait(for: "\"batchCommitted\"", first, &child)
    kill(child.pid, SIGSTOP)
    let elsewhere = try TestFolder()
    try Tool.check("cp", ["-a", first.folder / ".locktender", first.folder / "platform.json5", elsewhere.path])
    try Tool.check("cp", ["-a", first.folder / "backups", elsewhere.path])
    let second = Program(folder: elsewhere)
    let early = try second("resume")
    #expect([1, 3].contains(early.status) && early.errors.contains("another run is writing"), "\(early.errors)")
    try server.execute(
      """
      SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
      WHERE datname = '\(name)' AND pid <> pg_backend_pid()
      """, in: "postgres")
    let resumed = try second("resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    let whole = try first.digest()
    kill(child.pid, SIGCONT)
    let status = try child.wait(timeout: .seconds(120))
    // By its fence, or already by the session that was ended.
    let outcome = Program.Outcome(status: 1, output: "", errors: first.program.talk)
    #expect(status == .exited(1) && outcome.advice != nil, "\(first.program.talk)")
    #expect(try first.digest() == whole)
    try await expectWhole(first)
  }
}
