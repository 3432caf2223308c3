import Base
import Database
import Glibc
import Migration
import TestSupport
import Testing
import Transfer

@testable import Administration

private let isMeasuring = unsafe getenv("LOCKTENDER_SPEED") != nil

/// What the import itself makes of a lab, with all that is ugly there.
@Suite(.serialized) struct `The verification of a real import` {
  private func comparison(_ bench: Workbench, _ release: Release) throws -> HistoryComparison {
    let lab = bench.folder.path + "/old/" + (release.mayBeUndivided ? "administration.db" : "history.db")
    let target = bench.destination
    let importID = try #require(try bench.openDestination().integer("select max(id) from history_import"))
    return HistoryComparison(
      source: "main", release: release,
      openSource: { try Connection.open(.sqlite(path: lab), options: .readOnly) },
      openDestination: { try Connection.open(target, options: .readOnly) }, importID: importID, range: .all)
  }

  @Test(arguments: Release.allCases)
  func `finds it good, and every fault that is planted into it`(_ release: Release) async throws {
    let bench = try await Workbench(release, history: 1_500, seed: 7)
    _ = try await bench.importHistory()
    let comparison = try comparison(bench, release)
    try await comparison.expectAgreement()
    let orphans = try SourceOrphans.count(release, on: try comparison.openSource())
    let findings = try HistoryInvariants(
      importID: comparison.importID, source: "main", on: try bench.openDestination()
    ).findings(.init(orphanProperties: orphans.properties, orphanSections: orphans.sections), range: .all)
    #expect(findings.allSatisfy { $0.severity == .pass }, "\(findings.filter(\.blocks).map(\.message))")
    for fault in faults {
      let writer = try Connection.open(bench.destination, options: .readWrite)
      #expect(try writer.execute(SQL(unsafeSQL: fault.plant)) == 1, "\(fault.plant)")
      let lines = try await comparison.lines()
      #expect(lines.map(\.agrees) == [fault.rows == .tasks, fault.rows == .requests], "\(fault.plant)")
      #expect(lines.flatMap(\.differences).count == 1, "\(fault.plant)")
      try writer.execute(SQL(unsafeSQL: fault.remove))
    }
    try await comparison.expectAgreement()
  }

  private let faults: [(rows: ComparedRows, plant: String, remove: String)] = [
    ("change_request", 700, "requested_offset = requested_offset + 60", "requested_offset = requested_offset - 60"),
    ("change_request", 701, "account_used = account_used || '¿'", "account_used = replace(account_used, '¿', '')"),
    ("property_change", 702, "ordinal = ordinal + 500", "ordinal = ordinal - 500"),
    ("request_section", 5, "name = name || '¿'", "name = replace(name, '¿', '')"),
    ("approval_task", 3, "subject = subject || '¿'", "subject = replace(subject, '¿', '')"),
    ("temporal_membership_task", 2, "due_offset = due_offset + 60", "due_offset = due_offset - 60"),
  ].map { table, row, plant, remove in
    (
      table.hasSuffix("task") ? .tasks : .requests, "update \(table) set \(plant) where rowid = \(row)",
      "update \(table) set \(remove) where rowid = \(row)"
    )
  }

  /// Measures, and asserts nothing: `LOCKTENDER_SPEED=1 swift test -c release --filter real`.
  @Test(.enabled(if: isMeasuring), arguments: [Release.v7_5, .v8_1])
  func `takes less time than the import`(_ release: Release) async throws {
    let bench = try await Workbench(release, history: 200_000)
    let clock = ContinuousClock()
    let start = clock.now
    let run = try await bench.importHistory()
    let imported = clock.now - start
    print("import and verification of \(release): \(imported), \(run.state)")
    let comparison = try comparison(bench, release)
    let begin = clock.now
    let lines = try await comparison.lines()
    let seconds = (clock.now - begin) / .seconds(1)
    let rows = lines.reduce(0) { $0 + $1.expectedRows }
    print("  verification alone: \(rows) rows in \(seconds) s, \(Int(Double(rows) / seconds / 1000)) k rows/s")
  }
}
