import Base
import Cryptography
import Database
import TestSupport
import Testing

@testable import Administration

/// That an import only adds (D103).
@Suite(.serialized) struct `Digests of the rows that were there before` {
  private let moment = Timestamp(rfc3339: "2030-01-01T00:00:00Z")!

  private func digest(_ databases: SampleDatabases, before number: Int64 = 8) throws -> PriorRows {
    try PriorRows.digest(on: try databases.openTarget(), before: number, at: moment)
  }

  /// What the import under test adds: rows of another source under the number 8.
  private func importMore(_ databases: SampleDatabases) throws {
    let more = SampleHistory(
      requests: SampleHistory.plain.requests.map { $0.moved(by: 1000) },
      tasks: SampleHistory.plain.tasks.map { $0.moved(by: 1000) })
    let target = try databases.openTarget()
    try DividedTarget(.v8_2, more, .destination(8, from: .v7_6)).addRows(to: target)
    try target.execute(
      unsafeScript: """
        insert into history_source (id, identity, kind, name, first_seen_at)
        select 9, 'other', 'k', 'n', min(requested_at) from change_request;
        update history_import set source_id = 9 where id = 8
        """)
  }

  @Test(arguments: [Engine.sqlite, .postgresql])
  func `stay equal over an import and over work of the service`(_ engine: Engine) throws {
    let databases = try SampleDatabases(.v7_6, engine == .sqlite ? .damaged : .plain, on: engine)
    let folder = try TestSupport.TestFolder()
    let before = try digest(databases)
    #expect(before.tables["property_change"]?.count ?? 0 > 10)
    #expect(before.tables["change_request, not completed"]?.count == 6)
    try PriorTasks.record(to: folder / "tasks", on: try databases.openTarget(), before: 8)
    try importMore(databases)
    let late = Timestamp(rfc3339: "2031-01-01T00:00:00Z")!
    try databases.openTarget().execute(
      "update change_request set state = 'completed', completed_at = \(late), completed_offset = 0 where completed_at is null and state = 'pending'"
    )
    try databases.tamper(
      "update approval_task set state = 'open', revision = 1 where state = 'held' and import_id = 7")
    let after = try digest(databases)
    #expect(after.changedTables(since: before) == [])
    #expect(after == before)
    let tasks = try PriorTasks.compare(with: folder / "tasks", on: try databases.openTarget(), before: 8)
    #expect(tasks == PriorTasks.Outcome(unchanged: 8, revised: 1))
    #expect(tasks.agrees)
  }

  @Test(arguments: [
    ("change_request", "update change_request set host = 'x' where source_key = '101' and import_id = 7"),
    ("change_request, not completed", "update change_request set host = 'x' where source_key = '6'"),
    ("change_request", "delete from change_request where source_key = '101'"),
    ("property_change", "update property_change set ordinal = 77 where ordinal = 5"),
    ("request_section", "delete from request_section where ordinal = 2"),
    ("original_value", "delete from original_value where field = 'object_dn'"),
    ("original_value", "update original_value set value = x'00' where field = 'object_dn'"),
    ("history_import", "update history_import set state = 'finished' where id = 7"),
    (
      "property_change",
      """
      insert into property_change select request_id, 55, name, old_value, new_value, 7 from property_change
      where ordinal = 5 and import_id = 7
      """
    ),
  ])
  func `differ where something else was touched`(_ table: String, _ script: String) throws {
    let databases = try SampleDatabases(.v7_6, .damaged)
    let before = try digest(databases)
    try databases.tamper(script)
    let changed = try digest(databases).changedTables(since: before)
    #expect(changed.contains(table))
    #expect(changed.count <= (script.hasPrefix("delete from change_request") ? 3 : 1))
  }

  @Test func `tell a changed, a lost and a new task from a revised one`() throws {
    let databases = try SampleDatabases(.v7_6, .damaged)
    let folder = try TestSupport.TestFolder()
    try PriorTasks.record(to: folder / "tasks", on: try databases.openTarget(), before: 8)
    try databases.tamper(
      """
      update approval_task set decision = 'x' where source_key = '2';
      update approval_task set revision = 2, decision = 'x' where source_key = '7';
      delete from deprovisioning_task where source_key in ('6', '9');
      update temporal_membership_task set id = cast(substr(id, 1, 15) || x'00' as blob) where source_key = '4'
      """)
    let outcome = try PriorTasks.compare(with: folder / "tasks", on: try databases.openTarget(), before: 8)
    #expect(outcome == PriorTasks.Outcome(unchanged: 4, revised: 1, new: 1, changed: 1, missing: 3))
    #expect(!outcome.agrees)
  }

  @Test func `refuse a file of earlier tasks that is not whole`() throws {
    let databases = try SampleDatabases(.v7_6, .damaged)
    let folder = try TestSupport.TestFolder()
    try PriorTasks.record(to: folder / "tasks", on: try databases.openTarget(), before: 8)
    let bytes = try folder.read("tasks")
    try folder.write(bytes.dropLast(), to: "cut")
    try folder.write([0x4C] + bytes.dropFirst().reversed(), to: "other")
    for name in ["cut", "other"] {
      #expect(throws: FileError.self) {
        try PriorTasks.compare(with: folder / name, on: try databases.openTarget(), before: 8)
      }
    }
  }
}
