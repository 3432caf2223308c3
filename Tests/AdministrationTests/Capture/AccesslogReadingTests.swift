import Base
import TestSupport
import Testing

@testable import Administration

/// What becomes of an accesslog's entries, told by the import's reader and by the verifier's.
@Suite struct AccesslogReadingTests {
  private let folder: TestFolder

  init() throws { folder = try TestFolder() }

  /// Reads one change, given its own attributes, both ways.
  private func read(
    _ type: String, _ attributes: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> (parts: [String], tally: CaptureTally) {
    let path = try folder.write(
      """
      dn: reqStart=20261120150545.000001Z,cn=accesslog
      objectClass: audit\(type)
      reqStart: 20261120150545.000001Z
      reqEnd: 20261120150545.000002Z
      reqType: \(type)
      reqSession: 7
      reqAuthzID: cn=admin,dc=example
      reqDN: uid=ada,dc=example
      \(attributes)

      """, to: "log.ldif")
    let (lines, tally) = try Readings.imported(ldif: path)
    let verified = try Readings.verified(ldif: path)
    #expect(lines.filter { !$0.hasPrefix("!") } == verified, sourceLocation: sourceLocation)
    return (try #require(lines.first, sourceLocation: sourceLocation).components(" | "), tally)
  }

  @Test func `an added entry is created with its class, its id and its values`() throws {
    let (parts, tally) = try read(
      "add",
      """
      reqResult: 0
      reqMod: objectClass:+ top
      reqMod: objectClass:+ inetOrgPerson
      reqMod: mail:+ ada@example
      reqMod: mail:+ countess@example
      reqMod: userPassword:+ s3cret
      reqMod: structuralObjectClass:+ inetOrgPerson
      reqMod: entryUUID:+ 9ae857c6-793f-1041-8ef3-93a44194f4b6
      """)
    #expect(parts[0...3] == ["create", "completed", "uid=ada,dc=example", "inetOrgPerson"])
    #expect(parts[10] == "9ae857c6-793f-1041-8ef3-93a44194f4b6")
    #expect(
      parts[12...] == [
        "objectClass: ~ → top", "objectClass: ~ → inetOrgPerson", "mail: ~ → ada@example",
        "mail: ~ → countess@example", "userPassword: ~ → \(AttributeTable.mask)", "[session] ~ / 7",
      ])
    #expect((tally.maskedValues, tally.bookkeepingValues) == (1, 2))
  }

  @Test func `a replacement tells what went and what came, not what stayed`() throws {
    let (parts, tally) = try read(
      "modify",
      """
      reqResult: 0
      reqMod: title:= Countess
      reqMod: phone:= 2
      reqMod: phone:= 3
      reqMod: phone:= 4
      reqMod: room:=
      reqMod: gone:=
      reqOld: title: Analyst
      reqOld: phone: 1
      reqOld: phone: 2
      reqOld: room: 12
      """)
    #expect(parts[0] == "modify")
    #expect(
      parts[12...] == [
        "title: Analyst → Countess", "phone: 1 → 3", "phone: ~ → 4", "room: 12 → ~", "gone: ~ → ~",
        "[session] ~ / 7",
      ])
    #expect(tally.unchangedValues == 1)
  }

  @Test func `deletions tell what was deleted, where anything tells it`() throws {
    let (parts, _) = try read(
      "modify",
      """
      reqResult: 0
      reqMod: mail:- a@example
      reqMod: mail:- b@example
      reqMod: photo:-
      reqMod: blank:-
      reqMod: title:- Analyst
      reqMod: title:+ Countess
      reqMod: phone:- 1
      reqMod: phone:- 2
      reqMod: phone:+ 3
      reqOld: photo: old
      """)
    #expect(
      parts[12...] == [
        "mail: a@example → ~", "mail: b@example → ~", "photo: old → ~", "blank: ~ → ~", "title: Analyst → Countess",
        "phone: 1 → ~", "phone: 2 → ~", "phone: ~ → 3", "[session] ~ / 7",
      ])
  }

  @Test(arguments: [
    ("uidNumber:# 2", "uidNumber: 40", "uidNumber: 40 → 42"),
    ("uidNumber:# -1", "uidNumber: 40", "uidNumber: 40 → 39"),
    ("uidNumber:# 2", "other: 40", "uidNumber: ~ → +2"),
    ("uidNumber:# 2", "uidNumber: many", "uidNumber: many → +2"),
    ("uidNumber:# 9223372036854775807", "uidNumber: 1", "uidNumber: 1 → +9223372036854775807"),
  ])
  func `an increment tells its result where it can`(_ mod: String, _ old: String, _ row: String) throws {
    let (parts, _) = try read("modify", "reqResult: 0\nreqMod: \(mod)\nreqOld: \(old)")
    #expect(parts[12] == row)
  }

  @Test(arguments: [
    (["member:+ a", "member:+ b"], "add-member"), (["memberUid:- a"], "remove-member"),
    (["uniqueMember:-"], "remove-member"), (["member:+ a", "member:- b"], "modify"), (["member:= a"], "modify"),
    (["member:+ a", "description:+ b"], "modify"),
    (["member:+ a", "entryCSN:= x", "modifyTimestamp:= y"], "add-member"),
    (["userPassword:= x"], "reset-password"), (["userPassword;x-a:= x", "pwdChangedTime:= y"], "reset-password"),
    (["userPassword:= x", "title:= y"], "modify"), (["pwdChangedTime:= y"], "modify"), (["entryCSN:= y"], "modify"),
    (["member:+ a", ":", "member:+ b"], "add-member"), ([], "modify"),
  ])
  func `a modification is called by what it can only mean`(_ mods: [String], _ operation: String) throws {
    let (parts, _) = try read("modify", (["reqResult: 0"] + mods.map { "reqMod: \($0)" }).joined(separator: "\n"))
    #expect(parts[0] == operation)
  }

  @Test(arguments: [
    ("reqNewRDN: uid=king", "rename", "uid=king,dc=example"),
    ("reqNewRDN: uid=king\nreqNewSuperior: DC=Example", "rename", "uid=king,DC=Example"),
    ("reqNewRDN: uid=ada\nreqNewSuperior: ou=left,dc=example", "move", "uid=ada,ou=left,dc=example"),
    ("reqNewRDN: uid=x\nreqNewDN: uid=x,dc=told", "rename", "uid=x,dc=told"),
  ])
  func `a renaming tells both names`(_ attributes: String, _ operation: String, _ name: String) throws {
    let (parts, _) = try read("modrdn", "reqResult: 0\nreqDeleteOldRDN: TRUE\n" + attributes)
    #expect(parts[0] == operation)
    #expect(parts[12] == "distinguishedName: uid=ada,dc=example → \(name)")
  }

  @Test func `a request that failed says how`() throws {
    let (parts, _) = try read("delete", "reqResult: 66\nreqMessage: subordinate objects must be deleted first")
    #expect(parts[0...1] == ["delete", "failed"])
    #expect(parts.last == "[result] 66 notAllowedOnNonLeaf / subordinate objects must be deleted first")
  }

  @Test(arguments: [
    ("add", "reqResult: 0\nreqMod: no operator", "modification.unreadable"),
    ("add", "reqResult: 0\nreqMod: mail:- a", "modification.unreadable"),
    ("modify", "reqResult: 0\nreqMod: mail:+", "modification.unreadable"),
    ("modify", "reqResult: 0\nreqMod: mail:=value", "modification.unreadable"),
    ("modrdn", "reqResult: 0", "modification.unreadable"), ("delete", "reqResult: none", "result.unreadable"),
  ])
  func `what cannot be read is named, with its line`(_ type: String, _ attributes: String, _ fault: String) throws {
    let (parts, tally) = try read(type, attributes)
    #expect(parts == ["! \(fault), line 1"])
    #expect(tally.damaged == 1)
  }

  @Test func `what changes nothing is counted by its kind`() throws {
    let path = try folder.write(
      """
      dn: cn=accesslog
      objectClass: auditContainer
      cn: accesslog

      dn: reqStart=20261120150545.000001Z,cn=accesslog
      objectClass: auditBind
      reqStart: 20261120150545.000001Z
      reqType: bind
      reqMethod: SIMPLE
      reqDN: cn=admin

      dn: reqStart=20261120150545.000002Z,cn=accesslog
      objectClass: auditExtended
      reqStart: 20261120150545.000002Z
      reqType: extended1.3.6.1.4.1.4203.1.11.1
      reqData:: c2VjcmV0

      dn: uid=ada,dc=example
      objectClass: person
      cn: Ada

      """, to: "log.ldif")
    let (lines, tally) = try Readings.imported(ldif: path)
    #expect(lines.isEmpty)
    #expect(
      tally.leftOut == ["container": 1, "bind": 1, "extended1.3.6.1.4.1.4203.1.11.1": 1, "other entries": 1])
    #expect(tally.otherValues == ["reqMethod": 1, "reqData": 1])
  }

  @Test func `a file without an accesslog is not taken for one`() throws {
    let path = try folder.write("dn: uid=ada,dc=example\nobjectClass: person\ncn: Ada\n", to: "log.ldif")
    #expect { try AccesslogReading.read(path) } throws: { error in
      (error as? AdministrationError)?.code == .foreignDatabase && advice(for: error) != nil
    }
  }

  @Test(arguments: ["20261120150545Z", "20261120150545.5Z", "20261120150545,000001Z", "20241229235959.1234567Z"])
  func `times are read alike by both readers`(_ text: String) throws {
    let bytes = Array(text.utf8)
    let read = GeneralizedTime.read(bytes.span)
    #expect(read != nil)
    #expect(read?.microseconds == LogValues.generalizedTime(bytes))
  }

  @Test(arguments: [
    "", "Z", "20261120150545", "20261320150545Z", "20260230150545Z", "20261120240545Z", "2026112015054.Z",
  ])
  func `what is no time is none to either reader`(_ text: String) throws {
    let bytes = Array(text.utf8)
    #expect(GeneralizedTime.read(bytes.span) == nil)
    #expect(LogValues.generalizedTime(bytes) == nil)
  }
}

extension String {
  /// The pieces between separators.
  func components(_ separator: String) -> [String] {
    var pieces: [String] = []
    var rest = self[...]
    while let place = rest.indices.first(where: { rest[$0...].hasPrefix(separator) }) {
      pieces.append(String(rest[..<place]))
      rest = rest[rest.index(place, offsetBy: separator.count)...]
    }
    return pieces + [String(rest)]
  }
}
