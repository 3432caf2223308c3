import Base
import Testing

@testable import Migration

struct WriterTests {
  @Test func `a run that ends well leaves a report of its steps, rows and states`() async throws {
    let platform = try SmallPlatform()
    let run = try await platform.run()
    let report = try platform.engine.report(run)
    #expect(report.verdict == .verified && report.shortfalls.isEmpty)
    #expect(report.stepsDone == ["first", "second"] && Set(report.stepSeconds.keys) == ["first", "second"])
    #expect(report.counts == [TableCount(table: "t", written: 80)])
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

  @Test func `a run without a report says how to get one`() async throws {
    let platform = try SmallPlatform()
    let error = #expect(throws: MigrationError.self) { _ = try platform.engine.report(.random()) }
    #expect(error?.code == .notFound && error?.advice?.contains("locktender verify") == true)
  }
}
