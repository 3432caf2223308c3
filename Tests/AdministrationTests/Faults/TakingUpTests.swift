import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// A run whose folder is lost, or that goes on where that never was: by what the destination keeps of it.
@Suite(.startsServers) struct TakingUpTests {
  private enum Loss {
    /// Plans and runs; the keys of the backups were kept elsewhere, too.
    case runs
    case everything
  }

  private func lose(_ loss: Loss, _ bench: FaultBench) throws {
    switch loss {
    case .runs: try Tool.check("rm", ["-r", bench.folder / ".locktender/runs", bench.folder / ".locktender/plans"])
    case .everything: try Tool.check("rm", ["-r", bench.folder / ".locktender"])
    }
  }

  /// As the command line does once the plan is accepted.
  private func takeUp(_ run: UniqueID, expecting hash: String, _ bench: FaultBench) async throws {
    let engine = try bench.workbench().engine
    let before = try bench.digest()
    let stray = try #require(try await engine.strayRun(String(run.description.prefix(8))))
    #expect(stray.run == run && stray.hash.description == hash)
    #expect(try engine.runs().isEmpty)
    try await engine.takeUp(stray)
    #expect(try engine.summary(of: run).state == .failed)
    #expect(try bench.digest() == before)
  }

  @Test(arguments: [Route.sqliteToSQLite, .postgresToPostgres], ["tasks", "history", "keys", "settle"])
  func `a run whose folder is lost is brought to its end in another one`(_ route: Route, _ step: String)
    async throws
  {
    let (bench, run, hash) = try await FaultBench.stopped(route, in: step)
    try lose(.runs, bench)
    try await takeUp(run, expecting: hash, bench)
    let workbench = try bench.workbench()
    #expect(try await workbench.engine.resume(run).state == .verified)
    try bench.expectWhole(try await FaultBench.undisturbed(route))
    #expect(try workbench.engine.summary(of: run).plan == hash)
    // What was found right is taken up by nobody any more.
    #expect(try await workbench.engine.strayRun(run.description) == nil)
    #expect(try await workbench.engine.finalize(run).state == .finalized)
  }

  @Test func `what was carried came out of a backup, and the rest comes out of the same one`() async throws {
    let (bench, run, hash) = try await FaultBench.stopped(in: "history")
    try lose(.runs, bench)
    let other = try Connection.open(bench.source, options: .readWrite)
    try other.execute("UPDATE request SET host = 'elsewhere'")
    try other.close()
    try await takeUp(run, expecting: hash, bench)
    #expect(try await bench.workbench().engine.resume(run).state == .verified)
    try bench.expectWhole(try await FaultBench.undisturbed())
  }

  @Test func `without the backup's key a source that has changed since is found out, and one that has not is not`()
    async throws
  {
    for changes in [false, true] {
      let (bench, run, hash) = try await FaultBench.stopped(in: "keys")
      try lose(.everything, bench)
      if changes {
        let other = try Connection.open(bench.source, options: .readWrite)
        try other.execute("UPDATE request SET host = 'elsewhere'")
        try other.close()
      }
      try await takeUp(run, expecting: hash, bench)
      let engine = try bench.workbench().engine
      var warned = false
      try engine.events(of: run) { event in
        if case .warned(let text) = event.kind, text.contains("cannot be opened here") { warned = true }
      }
      #expect(warned)
      if changes {
        let error = await #expect(throws: MigrationError.self) { try await engine.resume(run) }
        #expect(error?.code == .verificationFailed)
        #expect(try await engine.rollback(run).state == .rolledBack)
        #expect(try bench.holdsNothing())
      } else {
        #expect(try await engine.resume(run).state == .verified)
        try bench.expectWhole(try await FaultBench.undisturbed())
      }
    }
  }

  @Test(arguments: ["tasks", "history", "settle"])
  func `it can be rolled back at once, though its source is gone, too`(_ step: String) async throws {
    let (bench, run, hash) = try await FaultBench.stopped(in: step)
    try lose(.everything, bench)
    try Base.Files.remove(try #require(bench.source.path))
    try await takeUp(run, expecting: hash, bench)
    let engine = try bench.workbench().engine
    #expect(try await engine.rollback(run).state == .rolledBack)
    #expect(try bench.holdsNothing())
    #expect(try await engine.strayRun(run.description) == nil)
  }

  @Test func `a folder that comes back when another one has brought its run to its end harms nothing`() async throws
  {
    let (bench, run, hash) = try await FaultBench.stopped(in: "history")
    try Tool.check("cp", ["-a", bench.folder / ".locktender", bench.folder / "aside"])
    try lose(.runs, bench)
    try await takeUp(run, expecting: hash, bench)
    #expect(try await bench.workbench().engine.resume(run).state == .verified)
    #expect(try await bench.workbench().engine.finalize(run).state == .finalized)
    let before = try bench.digest()
    try lose(.everything, bench)
    try Base.Files.move(bench.folder / "aside", to: bench.folder / ".locktender")
    let engine = try bench.workbench().engine
    let resumed = await #expect(throws: MigrationError.self) { try await engine.resume(run) }
    let undone = await #expect(throws: MigrationError.self) { try await engine.rollback(run) }
    for error in [resumed, undone] {
      #expect(error?.code == .stalePlan && error?.reason.contains("taken up elsewhere") == true)
    }
    #expect(try bench.digest() == before)
  }

  @Test func `of a history in use only the run's rows go, and its proof is told to come late`() async throws {
    // With tasks, which come whatever the range, requests of the second import would have to stay for them.
    let (bench, run, hash) = try await FaultBench.stopped(
      in: "history", ["until": ["2020-01-01"], "without-tasks": ["yes"]])
    let engine = try bench.workbench().engine
    #expect(try await engine.resume(run).state == .verified)
    #expect(try await engine.finalize(run).state == .finalized)
    let before = try bench.digest()
    let flag = CancellationFlag()
    let second = UniqueID.random()
    let (plan, later) = try await engine.plan(Workbench.part, PlanRequest(choices: ["mode": ["live"]]))
    #expect(later.description != hash && plan.steps.contains { $0.id == "secure.destination" })
    await #expect(throws: MigrationError.self) {
      try await engine.apply(
        later, run: second, cancellation: flag,
        listeners: [
          { event in
            if case .batchCommitted = event.kind { flag.set() }
          }
        ])
    }
    try lose(.runs, bench)
    try await takeUp(second, expecting: later.description, bench)
    let again = try bench.workbench().engine
    #expect(try await again.resume(second).state == .verified)
    let finding = try #require(try again.verification(of: second)?.invariants.of("history.prior"))
    #expect(finding.severity == .warn && finding.remedy?.contains("backup of the destination") == true)
    #expect(try await again.rollback(second).state == .rolledBack)
    #expect(try bench.digest() == before)
  }

  @Test func `the program takes it up once its plan is accepted, and not before`() async throws {
    let (bench, run, hash) = try await FaultBench.stopped(.sqliteToPostgres, in: "history")
    let elsewhere = try TestFolder()
    try Tool.check("cp", ["-a", bench.folder / "platform.json5", elsewhere.path])
    try Tool.check("cp", ["-a", bench.folder / "backups", elsewhere.path])
    try Tool.check("mkdir", ["-p", elsewhere / ".locktender"])
    try Tool.check("cp", ["-a", bench.folder / ".locktender/keys", elsewhere / ".locktender"])
    let program = Program(folder: elsewhere)
    let before = try bench.digest()
    let id = String(run.description.prefix(8))

    let refused = try program("resume", id)
    #expect(refused.status == 2 && refused.output.contains(hash), "\(refused.errors)")
    #expect(refused.advice?.contains("resume \(id) --plan \(hash)") == true, "\(refused.errors)")
    let wrong = try program("resume", id, "--plan", String(hash.prefix(8)))
    #expect(wrong.status == 2 && wrong.errors.contains("the plan of the run is"), "\(wrong.errors)")
    let unknown = try program("rollback", "0123abcd", "--yes")
    #expect(unknown.status == 2 && unknown.errors.contains("there is none"), "\(unknown.errors)")
    #expect(try bench.digest() == before)
    #expect(try !Base.Files.exists(elsewhere / ".locktender/runs"))

    let resumed = try program("resume", id, "--plan", hash)
    #expect(resumed.status == 0, "\(resumed.errors)")
    try bench.expectWhole(try await FaultBench.undisturbed(.sqliteToPostgres))
  }
}
