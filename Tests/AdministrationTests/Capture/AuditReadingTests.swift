import Base
import Migration
import TestSupport
import Testing

@testable import Administration

/// What becomes of the lines of Samba's audit logs, told by the import's reader and by the verifier's.
@Suite struct AuditReadingTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  private func read(
    _ texts: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (lines: [String], tally: CaptureTally) {
    let paths = try texts.enumerated().map { try folder.write($1, to: "audit.\($0)") }
    let (lines, tally) = try Readings.imported(audit: paths)
    let raw = folder / "raw"
    if TestSupport.Files.exists(raw) { try Base.Files.remove(raw) }
    try SambaAuditLog(files: paths).fetch(into: raw) { _ in }
    #expect(
      lines.filter { !$0.hasPrefix("!") } == (try Readings.verified(bundle: raw)), sourceLocation: sourceLocation)
    return (lines, tally)
  }

  /// A change of an object with the given members.
  private static func change(_ operation: String, _ members: String, time: Int = 1) -> String {
    """
    {"timestamp": "2026-11-20T15:08:0\(time).380598+0100", "type": "dsdbChange", "dsdbChange": {"version": \
    {"major": 1, "minor": 0}, "statusCode": 0, "status": "Success", "operation": "\(operation)", \
    "remoteAddress": "ipv4:10.0.0.1:389", "performedAsSystem": true, "userSid": "S-1-5-18", "dn": "CN=Ada,DC=corp", \
    "transactionId": "t\(time)", "sessionId": "s", \(members)}}

    """
  }

  private static func attribute(_ name: String, _ actions: String) -> String {
    "\"attributes\": {\"\(name)\": {\"actions\": [\(actions)]}}"
  }

  private func parts(_ text: String) throws -> [String] {
    try #require(try read([text]).lines.first).components(" | ")
  }

  @Test func `a change tells who, from where, in which transaction`() throws {
    let parts = try parts(
      AuditReadingTests.change(
        "Add",
        AuditReadingTests.attribute(
          "objectClass", #"{"action": "add", "values": [{"value": "top"}, {"value": "user"}]}"#)))
    #expect(
      parts[0...8] == [
        "create", "completed", "CN=Ada,DC=corp", "user", "S-1-5-18", "SYSTEM", "ipv4:10.0.0.1:389", "UTC+01:00",
        "2026-11-20T14:08:01.380598Z",
      ])
    #expect(
      parts[12...] == [
        "objectClass: ~ → top", "objectClass: ~ → user", "[transaction] ~ / t1", "[session] ~ / s",
      ])
  }

  @Test(arguments: [
    (
      #"{"action": "delete", "values": [{"value": "546"}]}, {"action": "add", "values": [{"value": "512"}]}"#,
      "enable"
    ),
    (
      #"{"action": "delete", "values": [{"value": "512"}]}, {"action": "add", "values": [{"value": "514"}]}"#,
      "disable"
    ),
    (
      #"{"action": "delete", "values": [{"value": "512"}]}, {"action": "add", "values": [{"value": "544"}]}"#,
      "modify"
    ),
    (#"{"action": "replace", "values": [{"value": "514"}]}"#, "modify"),
  ])
  func `switching an account off and on is told from other changes`(_ actions: String, _ operation: String) throws {
    let parts = try parts(
      AuditReadingTests.change("Modify", AuditReadingTests.attribute("userAccountControl", actions)))
    #expect(parts[0] == operation)
  }

  @Test func `hidden, encoded and cut values keep what is known of them`() throws {
    let parts = try parts(
      AuditReadingTests.change(
        "Modify",
        """
        "attributes": {"unicodePwd": {"actions": [{"action": "replace", "redacted": true}]}, \
        "sn": {"actions": [{"action": "replace", "values": [{"base64": true, "value": "TMO2d2U="}]}]}, \
        "info": {"actions": [{"action": "replace", "values": [{"truncated": true, "value": "abc"}]}]}, \
        "ms-Mcs-AdmPwd": {"actions": [{"action": "add", "values": [{"value": "in clear"}]}]}}
        """))
    #expect(
      parts[12...] == [
        "unicodePwd: ~ → \(AttributeTable.mask)", "sn: ~ → Löwe", "info: ~ → abc",
        "ms-Mcs-AdmPwd: ~ → \(AttributeTable.mask)", "[transaction] ~ / t1", "[session] ~ / s",
        "[truncated values] ~ / info",
      ])
  }

  @Test func `members of groups come and go, and what is told otherwise stays told`() throws {
    func change(_ action: String, _ time: Int) -> String {
      """
      {"timestamp": "2026-11-20T15:08:0\(time).1+0000", "type": "groupChange", "groupChange": {"version": \
      {"major": 1, "minor": 1}, "eventId": 4728, "statusCode": 0, "status": "Success", "action": "\(action)", \
      "remoteAddress": null, "userSid": "S-1", "group": "CN=Crew", "transactionId": null, "sessionId": "s", \
      "user": "CN=Ada"}}

      """
    }
    let (lines, tally) = try read([
      change("Added", 1) + change("Removed", 2) + change("PrimaryGroup", 3) + change("Failure", 4)
    ])
    let parts = lines.map { $0.components(" | ") }
    #expect(parts.map { $0[0] } == ["add-member", "remove-member", "add-member", "modify"])
    #expect(
      parts.map { $0[12] } == [
        "member: ~ → CN=Ada", "member: CN=Ada → ~", "primaryGroupMember: ~ → CN=Ada", "member: ~ → CN=Ada",
      ])
    #expect(parts[2][13...] == ["[session] ~ / s", "[event] ~ / 4728", "[action] PrimaryGroup / ~"])
    #expect(tally.records["groupChange Removed"] == 1)
  }

  @Test func `damaged lines are rejected by their place and hurt nobody else`() throws {
    let good = { AuditReadingTests.change("Delete", #""x": 1"#, time: $0) }
    let (lines, tally) = try read([
      good(1) + #"{"timestamp": "2026-11-20T15"# + "\n" + good(2),
      "[2026/11/20 21:44:32.960092,  0] ../../source4/samba/server.c:621(binary_smbd_main)\n  samba started.\n"
        + good(3) + #"{"timestamp": "soon", "type": "dsdbChange", "dsdbChange": {}}"# + "\n"
        + #"{"type": "dsdbChange"}"# + "\n"
        + good(4).replacing("Delete", "Explode") + good(5).dropLast(3),
    ])
    #expect(
      lines.filter { $0.hasPrefix("!") } == [
        "! json.malformed, file 1, line 2", "! time.unreadable, file 2, line 4",
        "! record.malformed, file 2, line 5",
        "! record.malformed, file 2, line 6", "! json.unfinished, file 2, line 7",
      ])
    #expect(lines.filter { !$0.hasPrefix("!") }.count == 3)
    #expect(tally.leftOut == ["other lines": 2])
    #expect(tally.damaged == 5)
    #expect(tally.endsWithinLine)
  }

  @Test func `long records are joined again, indented or not`() throws {
    let value = String(repeating: "0123456789", count: 1_200)
    let whole = String(
      AuditReadingTests.change(
        "Modify",
        AuditReadingTests.attribute("info", "{\"action\": \"replace\", \"values\": [{\"value\": \"\(value)\"}]}")
      ).dropLast())
    for indent in ["", "  "] {
      var pieces: [String] = []
      var rest = whole[...]
      while !rest.isEmpty {
        pieces.append(indent + rest.prefix(4_095))
        rest = rest.dropFirst(4_095)
      }
      let (lines, _) = try read([pieces.joined(separator: " +>\n") + "\n"])
      #expect(lines.count == 1)
      #expect(lines.first?.contains(value) == true)
    }
  }

  @Test func `a record that continues in no file is rejected, and the next file is read`() throws {
    let (lines, _) = try read([
      #"{"timestamp": "2026-11-20T15:08:01+0000", "type": "dsdbCh +>"# + "\n",
      AuditReadingTests.change("Delete", #""x": 1"#),
    ])
    #expect(lines.first == "! json.unfinished, file 1, line 1")
    #expect(lines.count == 2)
  }

  @Test func `what a transaction took back has failed`() async throws {
    let path = try folder.write(
      AuditReadingTests.change("Delete", #""x": 1"#, time: 1)
        + AuditReadingTests.change("Delete", #""x": 1"#, time: 2)
          + """
          {"timestamp": "2026-11-20T15:08:03+0100", "type": "dsdbTransaction", "dsdbTransaction": {"action": "rollback", \
          "transactionId": "t1", "duration": 5}}

          """, to: "audit")
    let bench = try Workbench(folder: folder, logs: ["corp": .sambaAudit(files: [path], domain: "corp")])
    #expect(try await bench.importHistory().verified == true)
    let states = try bench.rows(
      """
      select r.state, s.outcome from change_request r
      left join request_section s on s.request_id = r.id and s.name = 'result' order by r.requested_at
      """, columns: 2)
    #expect(states == [["failed", "rolled back"], ["completed", "~"]])
  }

  @Test func `rejected lines leave a run that is verified, and stand in the reject file by their place`()
    async throws
  {
    let path = try folder.write(
      AuditReadingTests.change("Delete", #""x": 1"#) + "{\"never\": \"ends\n", to: "audit")
    let bench = try Workbench(folder: folder, logs: ["corp": .sambaAudit(files: [path], domain: "corp")])
    let run = try await bench.importHistory()
    #expect(run.verified == true)
    #expect(try bench.count("change_request") == 1)
    let rejects = try TestSupport.Files.text(of: "\(bench.runFolder)/rejects.jsonl")
    #expect(rejects.contains(#""reason":"json.malformed""#))
    #expect(rejects.contains(#""column":"file 1, line 2""#))
    #expect(!rejects.contains("never"))
  }

  @Test func `the same record in two files comes once`() async throws {
    let text = AuditReadingTests.change("Delete", #""x": 1"#)
    let paths = [try folder.write(text, to: "audit.1"), try folder.write(text, to: "audit")]
    let bench = try Workbench(folder: folder, logs: ["corp": .sambaAudit(files: paths, domain: "corp")])
    #expect(try await bench.importHistory().verified == true)
    #expect(try bench.count("change_request") == 1)
  }

  @Test func `a bundle gives its files back byte by byte`() throws {
    let paths = [
      try folder.write("one\ntwo", to: "a"), try folder.write("", to: "b"), try folder.write("three\n", to: "c"),
    ]
    let raw = folder / "raw"
    try SambaAuditLog(files: paths).fetch(into: raw) { _ in }
    let bytes = try TestSupport.Files.read(raw)
    let pieces = try LogSegment.bundle(raw).map {
      String(decoding: bytes[Int($0.start)..<Int($0.end)], as: UTF8.self)
    }
    #expect(pieces == ["one\ntwo", "", "three\n"])
  }
}

extension String {
  fileprivate func replacing(_ text: String, _ other: String) -> String {
    components(text).joined(separator: other)
  }
}
