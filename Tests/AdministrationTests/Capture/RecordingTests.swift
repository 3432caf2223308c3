import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// What real servers have written under load arrives whole.
@Suite struct RecordingTests {
  @Test func `every change of a recorded accesslog is in the history or counted`() async throws {
    let folder = try TestFolder()
    let path = try SharedData.unpack("slapd-accesslog.ldif", into: folder)
    let bench = try Workbench(folder: folder, logs: ["ldap": .accesslogFile(ldif: path)])
    let run = try await bench.importHistory()
    #expect(run.state == .verified)
    #expect(run.verified == true)
    #expect(try bench.count("change_request") == 12_480)
    let states = try bench.rows(
      "select operation, state, cast(count(*) as text) from change_request group by 1, 2 order by 1, 2", columns: 3)
    #expect(
      states == [["create", "completed", "6737"], ["modify", "completed", "4995"], ["modify", "failed", "748"]])
    // 256,006 values of additions, seven of each of them the directory's own; one value of each modification.
    #expect(try bench.count("property_change") == 256_006 - 7 * 6_737 + 5_743)
    #expect(
      try bench.rows("select distinct new_value from property_change where name = 'userPassword'", columns: 1)
        == [[AttributeTable.mask]])
    let old = try bench.rows(
      "select cast(count(*) as text) from property_change where old_value is not null", columns: 1)
    #expect(old == [["4995"]])
  }

  @Test func `every change of recorded audit logs is in the history or counted`() async throws {
    let folder = try TestFolder()
    let path = try SharedData.unpack("samba-audit.jsonl", into: folder)
    let bench = try Workbench(
      folder: folder, logs: ["corp": .sambaAudit(files: [path], domain: "corp.example.com")])
    let run = try await bench.importHistory()
    #expect(run.state == .verified)
    #expect(run.verified == true)
    // 16,325 lines, of which 236 only continue a long record. Members come twice: as the modification of the group,
    // and as a change of the group for each of them.
    #expect(try bench.count("change_request") == 16_089)
    let operations = try bench.rows(
      "select operation, cast(count(*) as text) from change_request group by 1 order by 1", columns: 2)
    #expect(operations == [["add-member", "11287"], ["create", "2802"], ["modify", "2000"]])
    #expect(
      try bench.rows("select distinct new_value from property_change where name = 'unicodePwd'", columns: 1)
        == [[AttributeTable.mask]])
  }
}
