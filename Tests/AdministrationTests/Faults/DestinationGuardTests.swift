import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// What stands between a run and a database that is not, or no longer, the one that it was planned for or wrote to.
@Suite struct DestinationGuardTests {
  /// An empty history of the newest release as the destination.
  private func empty() async throws -> FaultBench {
    let bench = try await FaultBench(history: 200)
    try await FaultLabs.shared.copy(.v8_2, history: 0, to: bench.folder / "new.db")
    return bench
  }

  private func hash(_ workbench: Workbench, _ choices: [String: [String]] = [:]) async throws -> Digest256 {
    try await workbench.engine.plan(Workbench.part, PlanRequest(choices: choices)).hash
  }

  private func keys(_ bench: FaultBench) throws -> Bool { try HistoryKeys.areComplete(on: bench.openDestination()) }

  /// A row that the service writes by itself.
  private func record(_ place: DatabaseLocation) throws {
    let service = try Connection.open(place, options: .readWrite)
    try service.execute(
      """
      INSERT INTO change_request (id, operation, object_dn, object_class, initiator, account_used, host, requested_at,
        requested_offset, zone, ambiguous, state, import_id, source_key)
      VALUES (\(UniqueID.random()), 'modify', 'CN=x', 'user', 'x', 'x', 'x', \(SystemClock().now()), 0, 'UTC', 0,
        'completed', 0, '')
      """)
    try service.close()
  }

  /// Stops a run when a step begins.
  private func stopped(_ workbench: Workbench, in step: String) async throws -> UniqueID {
    let flag = CancellationFlag()
    let run = UniqueID.random()
    let hash = try await hash(workbench)
    await #expect(throws: MigrationError.self) {
      try await workbench.engine.apply(
        hash, run: run, cancellation: flag,
        listeners: [{ if case .stepStarted(step, _, _, _) = $0.kind { flag.set() } }])
    }
    return run
  }

  // MARK: Before the first row

  @Test func `the same plan applied twice is refused, and what it brought first stays whole`() async throws {
    let bench = try await empty()
    let workbench = try bench.workbench()
    let plan = try await hash(workbench)
    let run = UniqueID.random()
    #expect(try await workbench.engine.apply(plan, run: run).state == .verified)
    #expect(try await workbench.engine.finalize(run).state == .finalized)
    let before = try bench.digest()
    let error = await #expect(throws: MigrationError.self) { try await workbench.engine.apply(plan) }
    #expect(error?.code == .stalePlan && error?.reason.contains("holds rows now") == true, "\(error?.reason ?? "")")
    #expect(try bench.digest() == before && keys(bench))
  }

  @Test(arguments: [nil, "secure.main", "prepare"])
  func `a bulk plan meets rows that the service has written since, and leaves them their keys`(
    _ step: String?
  ) async throws {
    let bench = try await empty()
    let workbench = try bench.workbench()
    let place = bench.destination
    let plan = try await hash(workbench)
    if step == nil { try record(place) }
    let run = UniqueID.random()
    let error = await #expect(throws: MigrationError.self) {
      try await workbench.engine.apply(
        plan, run: run,
        listeners: [
          { event in
            guard case .stepStarted(let id, _, _, _) = event.kind, id == step else { return }
            do { try record(place) } catch { Issue.record("the service failed: \(explain(error))") }
          }
        ])
    }
    #expect(error.map { explain($0) }?.contains("holds rows now") == true, "\(error.map { explain($0) } ?? "")")
    #expect(try keys(bench))
    #expect(try bench.openDestination().integer("SELECT count(*) FROM change_request") == 1)
    #expect(try bench.openDestination().integer("SELECT count(*) FROM history_import") == 0)
    guard step != nil else { return }
    // There is nothing to take back, and nothing is.
    #expect(try await workbench.engine.rollback(run).state == .rolledBack)
    #expect(try bench.openDestination().integer("SELECT count(*) FROM change_request") == 1)
  }

  @Test(arguments: ["history", "keys"])
  func `beside an unfinished bulk import no other begins, until that is brought to its end or taken back`(
    _ step: String
  ) async throws {
    let bench = try await FaultBench(history: 200)
    let early = try await hash(bench.workbench(), ["workers": ["1"]])
    let first = try await stopped(bench.workbench(), in: step)
    let workbench = try bench.workbench()
    let findings = try await workbench.engine.check(Workbench.part, PlanRequest())
    let finding = try #require(findings.of("destination.unfinished"))
    #expect(finding.blocks && finding.remedy?.contains("locktender resume \(first)") == true)
    #expect(finding.message.contains(first.description))
    // Neither a plan from before nor one of now gets by.
    for plan in [early, try await hash(workbench)] {
      let error = await #expect(throws: MigrationError.self) { try await workbench.engine.apply(plan) }
      #expect(error?.code == .inUse || error?.code == .stalePlan, "\(error.map { explain($0) } ?? "")")
    }
    #expect(try await bench.workbench().engine.resume(first).state == .verified)
    try bench.expectWhole(try await FaultBench.undisturbed(history: 200))
    #expect(try await workbench.importHistory().state == .verified)
    try #require(try keys(bench))
  }

  @Test func `an empty history belongs to one run until its import is in`() async throws {
    let bench = try await empty()
    let early = try await hash(bench.workbench(), ["workers": ["1"]])
    let run = try await stopped(bench.workbench(), in: "history")
    #expect(try DestinationClaim.holder(on: bench.openDestination())?.run == run.description)
    let error = await #expect(throws: MigrationError.self) { try await bench.workbench().engine.apply(early) }
    #expect(error?.code == .inUse && error?.advice?.contains("locktender resume \(run)") == true)
    #expect(try await bench.workbench().engine.resume(run).state == .verified)
    #expect(try DestinationClaim.holder(on: bench.openDestination()) == nil)
    #expect(try keys(bench))
  }

  @Test func `a history that lacks a key is not added to, and one without it does not pass the comparison`()
    async throws
  {
    let bench = try await FaultBench(history: 200)
    let workbench = try bench.workbench()
    let run = try await workbench.importHistory()
    let other = try bench.openDestination(.readWrite)
    let statement = try #require(HistoryKeys.statements(.sqlite).first)
    try other.execute("DROP INDEX \(identifier: HistoryKeys.name(in: statement))")
    try other.close()
    let finding = try #require(
      try await workbench.engine.check(Workbench.part, PlanRequest()).of("destination.keys"))
    #expect(finding.blocks && finding.remedy == statement + ";")
    let error = await #expect(throws: MigrationError.self) { try await workbench.engine.verify(run.run) }
    #expect(error?.code == .verificationFailed)
    #expect(
      try workbench.engine.verification(of: run.run)?.invariants.of("history.keys.complete")?.blocks == true)
  }

  // MARK: Afterwards

  /// Another history in the place of the one that a run has made.
  private func replaced(_ bench: FaultBench, by other: Release?) async throws {
    try Base.Files.move(bench.folder / "new.db", to: bench.folder / "moved.db")
    for suffix in ["-wal", "-shm"] where try Base.Files.exists(bench.folder / "new.db" + suffix) {
      try Base.Files.move(bench.folder / "new.db" + suffix, to: bench.folder / "moved.db" + suffix)
    }
    if let other { try await FaultLabs.shared.copy(other, history: 60, to: bench.folder / "new.db") }
  }

  @Test(arguments: [Release.v8_2, nil])
  func `a run is not taken back, compared or finalized where its database is not`(_ other: Release?) async throws {
    let bench = try await FaultBench(history: 200)
    let workbench = try bench.workbench()
    let run = try await workbench.importHistory().run
    let before = try bench.digest()
    try await replaced(bench, by: other)
    let there = try other.map { _ in try bench.digest() }
    for act in [workbench.engine.rollback, workbench.engine.verify, workbench.engine.finalize] {
      let error = await #expect(throws: MigrationError.self) { try await act(run, CancellationFlag(), []) }
      #expect(error?.code == .stalePlan)
      #expect(error?.reason.contains(run.description) == true && error?.advice?.contains("connection set") == true)
      if other != nil {
        let identity = try DatabaseIdentity.read(from: bench.openDestination()).id
        #expect(error?.reason.contains(identity.description) == true)
      }
    }
    #expect(try workbench.engine.summary(of: run).state == .verified)
    if let there { #expect(try bench.digest() == there) }
    // Where the platform file names the place that it has moved to, the run goes on there.
    let moved = try Workbench(
      folder: bench.folder, sources: ["main": bench.source.description],
      destination: "sqlite:\(bench.folder.path)/moved.db")
    #expect(try HistoryDigest.of(on: moved.openDestination()) == before)
    #expect(try await moved.engine.verify(run).state == .verified)
    #expect(try await moved.engine.rollback(run).state == .rolledBack)
    #expect(try moved.openDestination().catalogue()["change_request"] == nil)
  }

  @Test func `a rollback leaves alone what another run has brought under the same number`() async throws {
    let bench = try await FaultBench(history: 200)
    let first = try await stopped(bench.workbench(), in: "keys")
    for suffix in ["", "-wal", "-shm"] where try Base.Files.exists(bench.folder / "new.db" + suffix) {
      try Base.Files.remove(bench.folder / "new.db" + suffix)
    }
    let second = try await bench.workbench().importHistory()
    #expect(second.state == .verified)
    let before = try bench.digest()
    let error = await #expect(throws: MigrationError.self) { try await bench.workbench().engine.rollback(first) }
    #expect(error?.code == .stalePlan)
    // Nor would the step itself, were it asked.
    let details = try HistoryPlan.of(bench.workbench().engine.plan(of: first))
    let folder = RunFolder(run: first, in: try bench.workbench().workplace)
    let context = StepContext(
      run: first, folder: folder.path, workplace: try bench.workbench().workplace,
      journal: try Journal(path: folder.journal), events: EventSink(run: first, clock: SystemClock()),
      cancellation: CancellationFlag())
    #expect(try PrepareStep.importID(of: "main", context) == 1)
    for step in try bench.workbench().importer.steps(
      of: bench.workbench().engine.plan(of: first), in: context.workplace)
    where ["tasks", "history", "prepare"].contains(step.id) {
      try await step.undo(context)
    }
    #expect(details.destination == nil)
    #expect(try bench.digest() == before)
  }

  @Test(arguments: [true, false])
  func `a rollback that was cut off behind the removal of what it made goes on`(_ isNoted: Bool) async throws {
    let bench = try await FaultBench(history: 200)
    let workbench = try bench.workbench()
    let run = try await workbench.importHistory().run
    let folder = RunFolder(run: run, in: workbench.workplace)
    let journal = try Journal(path: folder.journal)
    for step in ["tasks", "history", "keys", "settle"] { try journal.undo(step: step, at: SystemClock().now()) }
    if isNoted { try journal.note(PrepareStep.removedNote, "yes") }
    for suffix in ["", "-wal", "-shm"] where try Base.Files.exists(bench.folder / "new.db" + suffix) {
      try Base.Files.remove(bench.folder / "new.db" + suffix)
    }
    if isNoted {
      #expect(try await workbench.engine.rollback(run).state == .rolledBack)
    } else {
      await #expect(throws: MigrationError.self) { try await workbench.engine.rollback(run) }
    }
  }

  @Test func `a run that was stopped before it wrote is taken back wherever its destination is`() async throws {
    let bench = try await FaultBench(history: 200)
    let run = try await stopped(bench.workbench(), in: "secure.main")
    #expect(try !Base.Files.exists(bench.folder / "new.db"))
    try await FaultLabs.shared.copy(.v8_2, history: 60, to: bench.folder / "new.db")
    let before = try bench.digest()
    #expect(try await bench.workbench().engine.rollback(run).state == .rolledBack)
    #expect(try bench.digest() == before)
  }

  @Test func `a file is known as the run's before it is made`() async throws {
    let bench = try await FaultBench(history: 200)
    let workbench = try bench.workbench()
    let run = try await stopped(workbench, in: "prepare")
    let journal = try Journal(path: RunFolder(run: run, in: workbench.workplace).journal)
    #expect(try journal.note(PrepareStep.createdNote) == bench.destination.canonical)
    // As a process leaves it that was killed between the file and its first transaction.
    for suffix in ["", "-wal", "-shm"] where try Base.Files.exists(bench.folder / "new.db" + suffix) {
      try Base.Files.remove(bench.folder / "new.db" + suffix)
    }
    try Connection.open(bench.destination, options: .create).close()
    try journal.note(PrepareStep.removedNote, "yes")
    #expect(try await bench.workbench().engine.rollback(run).state == .rolledBack)
    #expect(try !Base.Files.exists(bench.folder / "new.db"))
  }
}

extension Workbench {
  var importer: HistoryImport {
    get throws { try #require(engine.parts.first as? HistoryImport) }
  }
}
