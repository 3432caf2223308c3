import Base
import Testing

@testable import Migration

struct VerdictTests {
  private static func report(_ state: RunState, _ change: (inout SampleReport) -> Void = { _ in }) throws -> Report
  {
    var sample = SampleReport.verified()
    sample.history.append(Report.StateChange(at: sample.end, from: .verifying, to: state))
    change(&sample)
    return try sample.report()
  }

  @Test func `only a run that lacks nothing is a success`() throws {
    for state in RunState.allCases {
      let report = try VerdictTests.report(state)
      #expect(report.verdict.isSuccess == [.verified, .finalized, .rolledBack].contains(state), "\(state)")
      #expect(report.shortfalls.isEmpty == report.verdict.isSuccess, "\(state): \(report.shortfalls)")
    }
  }

  @Test func `rejected rows make a verified run incomplete`() throws {
    let report = try VerdictTests.report(.verified) { sample in
      sample.sections = []
      sample.events.append(
        Event(at: sample.end, run: SampleReport.run, kind: .rejected(stream: "t", rows: 1, reason: "r")))
    }
    #expect(report.verdict == .incomplete && report.shortfalls == ["One row was rejected."])
  }

  @Test func `what the destination counts outweighs what was told twice`() throws {
    let report = try VerdictTests.report(.verified) { sample in
      for _ in 0..<2 {
        sample.events.append(
          Event(at: sample.end, run: SampleReport.run, kind: .rejected(stream: "t", rows: 1, reason: "r")))
      }
      sample.sections = [ReportSection(heading: "", counts: [TableCount(table: "t", written: 9, rejected: 1)])]
    }
    #expect(report.rejects == 1)
  }

  @Test func `a state that says verified does not hide a comparison that differs`() throws {
    let report = try VerdictTests.report(.verified) { sample in
      sample.verification!.invariants = [Finding("rows.untouched", .block, about: "destination", "2 rows changed")]
    }
    #expect(report.verdict == .differs && report.shortfalls == ["destination: 2 rows changed"])
    #expect(try VerdictTests.report(.finalized) { $0.verification = nil }.verdict == .incomplete)
  }

  @Test func `a run that was taken back shows no comparison of what is gone`() throws {
    let report = try VerdictTests.report(.rolledBack)
    #expect(report.verification == nil && report.verdict == .rolledBack)
  }

  @Test func `each state names what can follow, with the run's id where it needs one`() throws {
    for state in RunState.allCases {
      let report = try VerdictTests.report(state)
      #expect(!report.nextCommands.isEmpty)
      for next in report.nextCommands {
        #expect(next.command.hasPrefix("locktender ") && !next.why.isEmpty)
        #expect(next.command.contains(report.run.description) || next.command.hasSuffix(report.part.description))
      }
    }
  }

  @Test func `a report that is read again is the one that was written`() throws {
    for (name, sample) in PageTests.samples {
      let report = try sample.report()
      let isSame = try Report.read(encodeJSON(report, pretty: true)) == report
      #expect(isSame, "\(name)")
    }
  }
}
