import Base
import Database
import Migration
import TestSupport
import Testing
import Transfer

@testable import Administration

@Suite(.serialized) struct `Invariants of an import` {
  @Test(arguments: Release.allCases, [Engine.sqlite, .postgresql])
  func `hold of a good one`(_ release: Release, _ engine: Engine) throws {
    let databases = try SampleDatabases(release, engine == .sqlite ? .damaged : .plain, on: engine)
    let findings = try findings(databases, orphans: SourceOrphans.count(release, on: try databases.openSource()))
    #expect(findings.count == 9)
    #expect(findings.allSatisfy { $0.severity == .pass }, "\(findings.filter(\.blocks).map(\.message))")
  }

  @Test(arguments: [
    ("history.import.known", "delete from history_import"),
    (
      "history.keys.version",
      """
      update change_request set id = cast(substr(id, 1, 6) || x'70' || substr(id, 8) as blob)
      where source_key = '24'
      """
    ),
    (
      "history.keys.version",
      """
      update approval_task set id = cast(substr(id, 1, 6) || x'70' || substr(id, 8) as blob)
      where source_key = '2'
      """
    ),
    ("history.range", "update change_request set requested_at = 4102444800000000 where source_key = '24'"),
    ("history.orphans.property_change", "delete from change_request where source_key = '2'"),
    ("history.orphans.property_change", "update change_request set import_id = 1 where source_key = '2'"),
    ("history.orphans.request_section", "delete from change_request where source_key = '103'"),
    (
      "history.orphans.request_section",
      """
      delete from request_section where not exists (select 1 from change_request r where r.id = request_id)
      """
    ),
    ("history.tasks.held", "update deprovisioning_task set state = 'running' where source_key = '5'"),
    ("history.tasks.unused", "update approval_task set revision = 1 where source_key = '2'"),
    ("history.originals", "update original_value set row_id = zeroblob(16) where field = 'object_dn'"),
    ("history.counts", "delete from property_change where ordinal = 5"),
  ])
  func `bite where they do not hold`(_ check: String, _ script: String) throws {
    let databases = try SampleDatabases(.v7_6, .damaged)
    let rows = try databases.openTarget().integer("select count(*) from property_change").map { Int($0) }
    try databases.tamper(script)
    let findings = try findings(databases, orphans: SourceOrphans(sections: 1), rows: rows ?? 0)
    let blocking = findings.filter(\.blocks)
    #expect(blocking.map(\.check).contains(check))
    #expect(blocking.allSatisfy { $0.remedy != nil && !$0.waivable })
  }

  @Test func `let tasks be used once services were handed over`() throws {
    let databases = try SampleDatabases(.v7_6, .damaged)
    try databases.tamper("update approval_task set revision = 1, state = 'completed' where state = 'held'")
    let findings = try HistoryInvariants(
      importID: SampleDatabases.importID, source: "main", on: try databases.openTarget()
    ).findings(.init(orphanSections: 1, tasksMayBeUsed: true), range: .all)
    #expect(findings.filter { $0.severity != .pass }.map(\.severity) == [.warn])
  }

  @Test func `count orphans of the source with those of rejected requests`() throws {
    let packed = try SampleDatabases(.v8_0, .damaged)
    let source = try packed.openSource()
    #expect(try SourceOrphans.count(.v8_0, on: source) == SourceOrphans(sections: 1))
    // Request 1 has three sections, of which the first is rejected too.
    let orphan = try #require(try source.integer("select id from request_section where request_id = 23"))
    let rejected = RejectedRows(requests: [.integer(1)], sections: [.integer(100), .integer(orphan)])
    #expect(try SourceOrphans.count(.v8_0, rejected: rejected, on: source) == SourceOrphans(sections: 2))
    let divided = try SampleDatabases(.v8_1, .damaged)
    #expect(
      try SourceOrphans.count(.v8_1, on: try divided.openSource()) == SourceOrphans(properties: 1, sections: 1))
    let refused = RejectedRows(
      requests: [divided.key("r", 1)],
      properties: [.init(divided.key("r", 1), 0), .init(divided.key("r", 23), nil)],
      dividedSections: [.init(divided.key("r", 1), nil)])
    #expect(
      try SourceOrphans.count(.v8_1, rejected: refused, on: try divided.openSource())
        == SourceOrphans(properties: 5, sections: 1))
  }

  private func findings(
    _ databases: SampleDatabases, orphans: SourceOrphans, rows: Int? = nil
  ) throws -> [Finding] {
    let target = try databases.openTarget()
    let count = try rows ?? Int(target.integer("select count(*) from property_change") ?? 0)
    return try HistoryInvariants(importID: SampleDatabases.importID, source: "main", on: target).findings(
      .init(
        rows: ["property_change": count], orphanProperties: orphans.properties, orphanSections: orphans.sections),
      range: HistoryRange(intervals: [.init(from: nil, until: Timestamp(rfc3339: "2050-01-01"))]))
  }
}
