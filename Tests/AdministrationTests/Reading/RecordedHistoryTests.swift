import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Histories that real directory servers have written.
@Suite struct RecordedHistoryTests {
  @Test func `every renaming of a recorded directory is found by the old name and by the new one`() async throws {
    let bench = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    _ = try await bench.importHistory()
    let connection = try bench.openDestination()
    var renames: [(id: UniqueID, guid: UniqueID?, old: String, new: String)] = []
    try connection.rows(
      """
      SELECT c.id, c.object_guid, c.object_dn, p.new_value FROM change_request c
      JOIN property_change p ON p.request_id = c.id
      WHERE c.operation IN ('rename', 'move') AND c.state = 'completed' AND p.name = 'distinguishedName'
      """, [.uuid, .uuid, .text, .text]
    ) { row in
      if let id = row.uuid(0), let old = row.string(2), let new = row.string(3) {
        renames.append((id, row.uuid(1), old, new))
      }
    }
    #expect(renames.count > 1)
    for rename in renames {
      for typed in [rename.old, rename.new, rename.new.uppercased()] + (rename.guid.map { [$0.description] } ?? [])
      {
        let told = try ReadingBench.ask(.object(typed), at: bench.destination, bench.folder.path)
        // A name that another object had, too, is asked back, with this one among those it may be.
        if !told.candidates.isEmpty {
          #expect(
            told.candidates.contains { $0.key == rename.guid?.description || $0.key == rename.old }, "\(typed)")
          continue
        }
        #expect(told.entries.contains { $0.id == rename.id }, "\(typed)")
        #expect(told.heading?.subject.names.contains { $0.name == rename.old } == true, "\(typed)")
        #expect(told.heading?.subject.names.contains { $0.name == rename.new } == true, "\(typed)")
        #expect(Set(told.entries.map(\.id)).count == told.entries.count, "nothing twice")
      }
    }
  }

  @Test func `everything that a recorded user did is told, whatever the source`() async throws {
    let bench = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    _ = try await bench.importHistory()
    let connection = try bench.openDestination()
    var users: [(name: String, count: Int64)] = []
    try connection.rows(
      "SELECT initiator, count(*) FROM change_request GROUP BY initiator", [.text, .integer]
    ) { users.append(($0.string(0) ?? "", $0.integer(1) ?? 0)) }
    #expect(users.count > 2)
    for user in users {
      let told = try ReadingBench.ask(.user(user.name), at: bench.destination, bench.folder.path)
      #expect(told.entries.count == Int(user.count))
      #expect(told.entries.allSatisfy { $0.initiator == user.name && $0.source.name != nil })
    }
  }
}
