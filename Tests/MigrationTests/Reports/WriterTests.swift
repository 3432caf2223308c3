import Base
import TestSupport
import Testing

@testable import Migration

struct WriterTests {
  @Test func `a run that ends well leaves a report of its steps, rows and states`() async throws {
    let platform = try SmallPlatform()
    let run = try await platform.run()
    let report = try platform.engine.report(run)
    #expect(report.verdict == .verified && report.shortfalls.isEmpty)
    #expect(report.stepsDone == ["first", "second"] && Set(report.stepSeconds.keys) == ["first", "second"])
    #expect(report.counts == [TableCount(table: "t", sourceRows: 80)])
    #expect(report.history.map(\.to) == [.running, .applied, .verifying, .verified])
    #expect(report.verification?.lines.first?.foundRows == 80)
    #expect(report.planHash == (try platform.engine.summary(of: run).plan))
  }

  @Test func `a run whose sides differ leaves a report that says so`() async throws {
    let platform = try SmallPlatform(.init(differs: true))
    let run = try await platform.run()
    let report = try platform.engine.report(run)
    #expect(report.verdict == .differs)
    #expect(report.shortfalls == ["Both sides differ in t."])
    // Mended and compared again, the report is written anew.
    platform.part.change { $0.differs = false }
    try await platform.engine.verify(run)
    #expect(try platform.engine.report(run).verdict == .verified)
    #expect(try platform.engine.report(run).history.map(\.to).suffix(3) == [.differing, .verifying, .verified])
  }

  @Test func `waivers, rollback and finalize stand in the report`() async throws {
    let finding = Finding("space", .block, about: "destination", "too little", remedy: "free some", waivable: true)
    let platform = try SmallPlatform(.init(findings: [finding]))
    let waiver = Waiver(check: "space", by: "Keller", reason: "it grows", at: SystemClock().now())
    let first = try await platform.run(waivers: [waiver])
    #expect(try platform.engine.report(first).findings.first?.waiver?.by == "Keller")
    try await platform.engine.rollback(first)
    #expect(try platform.engine.report(first).verdict == .rolledBack)
    let second = try await platform.run(waivers: [waiver])
    try await platform.engine.finalize(second)
    #expect(try platform.engine.report(second).verdict == .finalized)
  }

  @Test func `a run that stands still leaves a report of why and of how far it got`() async throws {
    let failing = try SmallPlatform(.init(failsAt: "second"))
    let failed = try failing.engine.report(try await failing.run())
    #expect(failed.verdict == .failed && failed.stepsDone == ["first"])
    #expect(failed.failure?.error.contains("the far end refused") == true)
    #expect(failed.failure?.advice == "ask the far end")
    #expect(failed.shortfalls.count == 2)
    // Resumed, it is a success like any other.
    failing.part.change { $0.failsAt = nil }
    try await failing.engine.resume(failed.run)
    let mended = try failing.engine.report(failed.run)
    #expect(mended.verdict == .verified && mended.failure == nil && mended.history.map(\.to).contains(.failed))

    let platform = try SmallPlatform()
    let (_, hash) = try await platform.engine.plan(platform.part.address, PlanRequest())
    let flag = CancellationFlag()
    flag.set()
    let run = UniqueID.random()
    let error = await #expect(throws: MigrationError.self) {
      try await platform.engine.apply(hash, run: run, cancellation: flag)
    }
    #expect(error?.code == .cancelled)
    #expect(try platform.engine.report(run).verdict == .cancelled)

    let blocking = try SmallPlatform()
    let (_, accepted) = try await blocking.engine.plan(blocking.part.address, PlanRequest())
    blocking.part.change {
      $0.findings = [Finding("space", .block, about: "destination", "too little", remedy: "free")]
    }
    let second = UniqueID.random()
    await #expect(throws: MigrationError.self) { try await blocking.engine.apply(accepted, run: second) }
    let blocked = try blocking.engine.report(second)
    #expect(blocked.verdict == .blocked && blocked.failure?.error.contains("too little") == true)
  }

  @Test func `what a long run told adds up when its log is read again`() throws {
    let folder = try TestFolder()
    let run = RunFolder(
      run: SampleReport.run,
      in: Workplace(
        folder: folder.path, clock: SystemClock(), program: "p", secrets: NoSecrets()))
    try Base.Files.createFolder(run.path, withParents: true)
    let write = try EventLog.writer(run)
    let count = 5000
    for number in 0..<count {
      write(
        Event(
          at: SampleReport.start.advanced(seconds: Double(number) / 4), run: SampleReport.run,
          kind: number.isMultiple(of: 2)
            ? .progress(Progress(step: "carry", current: "t", rowsDone: number * 250, rowsTotal: count * 250))
            : .batchCommitted(
              stream: "t", range: number, rows: 500, digest: SampleReport.digest(number % 7), seconds: 0.2)))
    }
    var chronicle = RunChronicle()
    try EventLog.each(run) { chronicle.take($0) }
    #expect(chronicle.carried == ["t": count / 2 * 500])
  }

  @Test func `a run without a report says how to get one`() async throws {
    let platform = try SmallPlatform()
    let error = #expect(throws: MigrationError.self) { _ = try platform.engine.report(.random()) }
    #expect(error?.code == .notFound && error?.advice?.contains("locktender verify") == true)
  }
}
