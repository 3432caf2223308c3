import Base
import Database
import Glibc
import Migration
import Subprocess
import TestSupport
import Testing

@testable import Administration

/// Disks that are full, files that are locked, folders that may not be written to.
@Suite(.serialized) struct DiskTests {
  /// Lets a run begin a step, fills the disk while it stands still, and lets it go on.
  private func apply(_ bench: FaultBench, filling disk: Tmpfs, leaving bytes: Int, at step: String) throws {
    var child = try bench.program.start(["apply", "--plan", bench.program.plan()])
    while try child.isRunning() {
      if bench.program.log.contains("\"id\":\"\(step)\"") { break }
      blockThread(seconds: 0.0005)
    }
    kill(child.pid, SIGSTOP)
    try disk.fill(leaving: bytes)
    kill(child.pid, SIGCONT)
    #expect(try child.wait(timeout: .seconds(120)) == .exited(1), "\(bench.program.talk)")
    expectDiskFull(Program.Outcome(status: 1, output: "", errors: bench.program.talk))
  }

  private func expectDiskFull(_ outcome: Program.Outcome, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(outcome.status == 1, "\(outcome.errors)", sourceLocation: sourceLocation)
    let lower = outcome.sentence.lowercased()
    #expect(
      lower.contains("space") || lower.contains("disk"), "\(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.advice != nil, "\(outcome.errors)", sourceLocation: sourceLocation)
  }

  @Test func `a full disk under the destination stops the run, which goes on when there is room`() async throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 24_000)
    let bench = try await FaultBench(destination: .sqlite(path: disk / "new.db"))
    try apply(bench, filling: disk, leaving: 100_000, at: "prepare")
    #expect(try bench.program.state() == "failed")
    try Base.Files.remove(disk / "filler")
    let resumed = try bench.program("resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    try bench.expectWhole(try await FaultBench.undisturbed())
  }

  /// Before the disk is full: nothing fails in the middle of a commit.
  @Test func `a disk that fills up stops the run while there is room left`() async throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 24_000)
    let bench = try await FaultBench(destination: .sqlite(path: disk / "new.db"))
    try apply(bench, filling: disk, leaving: 3_000_000, at: "prepare")
    #expect(bench.program.talk.contains("are to stay free"), "\(bench.program.talk)")
    #expect(disk.free > 1_000_000)
    #expect(try bench.program.state() == "failed")
    try Base.Files.remove(disk / "filler")
    let resumed = try bench.program("resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    try bench.expectWhole(try await FaultBench.undisturbed())
  }

  @Test func `a full disk under the backups stops before anything is written`() async throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 24_000)
    let bench = try await FaultBench()
    try bench.writePlatform(backups: disk / "backups")
    let hash = try bench.program.plan()
    try disk.fill(leaving: 100_000)
    let blocked = try bench.program("apply", "--plan", hash)
    #expect(blocked.status == 3 && blocked.advice != nil, "\(blocked.errors)")
    #expect(blocked.sentence.contains("free"))
    #expect(try bench.isUntouched())
    try Base.Files.remove(disk / "filler")
    let resumed = try bench.program("resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    try bench.expectWhole(try await FaultBench.undisturbed())
  }

  /// The folder of the platform file, where plans, journals and copies are kept.
  @Test func `a full disk under the run's folder stops it, and it goes on when there is room`() async throws {
    let disk = try Tmpfs.mountedOrSkipped(kilobytes: 24_000)
    let bench = try await FaultBench()
    try Base.Files.createFolder(disk / "state")
    try Tool.check("ln", ["-s", disk / "state", bench.folder / ".locktender"])
    try apply(bench, filling: disk, leaving: 0, at: "secure.main")
    try Base.Files.remove(disk / "filler")
    let resumed = try bench.program("resume")
    #expect(resumed.status == 0, "\(resumed.errors)")
    try bench.expectWhole(try await FaultBench.undisturbed())
  }

  @Test func `a source that somebody else has locked is waited for`() async throws {
    let bench = try await FaultBench()
    let hash = try bench.program.plan()
    let locker = try Connection.open(bench.source, options: .readWrite)
    try locker.execute("BEGIN EXCLUSIVE")
    var child = try bench.program.start(["apply", "--plan", hash])
    #expect(throws: SubprocessError.self) { try child.wait(timeout: .seconds(1)) }
    #expect(try bench.isUntouched())
    try locker.execute("COMMIT")
    #expect(try child.wait(timeout: .seconds(60)) == .exited(0), "\(bench.program.talk)")
    try bench.expectWhole(try await FaultBench.undisturbed())
  }

  @Test func `a folder that may not be written to is told before anything begins`() async throws {
    guard let account = Account.forServers else { try skipLoudly("only root can run as another user") }
    let bench = try await FaultBench()
    try Tool.check("chmod", ["755", bench.folder.path])
    try Tool.check("chmod", ["644", bench.folder / "old.db", bench.folder / "platform.json5"])
    func asOther(_ words: [String]) throws -> Program.Outcome {
      let result = try Tool.run(
        Program.path, words + ["--platform", bench.folder / "platform.json5"], as: account)
      return Program.Outcome(status: result.status, output: result.text, errors: result.errorText)
    }
    try requireReadable(account)
    let check = try asOther(["check", "administration/history"])
    #expect(check.status == 3, "\(check.output)\(check.errors)")
    #expect(check.output.contains("may not write into the folder"), "\(check.output)")
    let plan = try asOther(["plan", "administration/history"])
    #expect(plan.status == 1 || plan.status == 3, "\(plan.errors)")
    #expect(plan.status == 3 || plan.advice != nil, "\(plan.errors)")
    #expect(try bench.isUntouched())
  }

  /// The build folder may be closed to other users; then the program cannot be started as one.
  private func requireReadable(_ account: Account) throws {
    let probe = try Tool.run("test", ["-x", Program.path], as: account)
    if probe.status != 0 { try skipLoudly("\(account.name) may not run \(Program.path)") }
  }
}
