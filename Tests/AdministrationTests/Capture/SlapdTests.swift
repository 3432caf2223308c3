import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// A real slapd with the overlay: what is done to it over LDAP is the history afterwards.
@Suite struct SlapdTests {
  private struct Password: SecretProvider {
    func secret(for name: String) throws -> SecretBytes? {
      let bytes = Array(PrivateSlapd.password.utf8)
      return SecretBytes(copying: bytes.span)
    }
  }

  private static func directory(_ slapd: PrivateSlapd) -> SourceKind {
    .accesslogDirectory(
      SourceKind.AccesslogDirectory(
        url: slapd.socketURL, base: PrivateSlapd.logSuffix, bind: PrivateSlapd.administrator,
        password: .file("not asked"), ca: nil))
  }

  private static let ada = "uid=ada,ou=people,dc=example,dc=org"

  /// Adds, changes of every kind, renames, a move, a deletion.
  private static func live(_ slapd: PrivateSlapd) throws {
    try slapd.change(
      """
      dn: ou=people,dc=example,dc=org
      changetype: add
      objectClass: organizationalUnit
      ou: people

      dn: ou=left,dc=example,dc=org
      changetype: add
      objectClass: organizationalUnit
      ou: left

      dn: \(ada)
      changetype: add
      objectClass: inetOrgPerson
      objectClass: posixAccount
      cn: Ada Löwe
      sn: Löwe
      uid: ada
      uidNumber: 41
      gidNumber: 41
      homeDirectory: /home/ada
      userPassword: never to be seen
      title: Analyst
      description: first
      description: second
      jpegPhoto:: /9j/4AAQSkZJRgABAQ==

      dn: \(ada)
      changetype: modify
      replace: title
      title: Countess

      dn: \(ada)
      changetype: modify
      replace: description
      description: second
      description: third

      dn: \(ada)
      changetype: modify
      delete: description
      description: third
      -
      add: description
      description: fourth
      -
      delete: jpegPhoto

      dn: \(ada)
      changetype: modify
      increment: uidNumber
      uidNumber: 1

      dn: \(ada)
      changetype: modify
      replace: userPassword
      userPassword: nor this one

      dn: cn=crew,ou=people,dc=example,dc=org
      changetype: add
      objectClass: groupOfNames
      cn: crew
      member: \(ada)

      dn: cn=crew,ou=people,dc=example,dc=org
      changetype: modify
      add: member
      member: cn=one,dc=example,dc=org
      member: cn=two,dc=example,dc=org

      dn: cn=crew,ou=people,dc=example,dc=org
      changetype: modify
      delete: member
      member: cn=one,dc=example,dc=org

      dn: \(ada)
      changetype: modrdn
      newrdn: uid=ada.king
      deleteoldrdn: 1

      dn: uid=ada.king,ou=people,dc=example,dc=org
      changetype: moddn
      newrdn: uid=ada.king
      deleteoldrdn: 0
      newsuperior: ou=left,dc=example,dc=org

      dn: uid=ada.king,ou=left,dc=example,dc=org
      changetype: delete
      """)
  }

  private static let history = """
    select r.operation, r.object_dn, p.name, p.old_value, p.new_value
    from change_request r left join property_change p on p.request_id = r.id
    order by r.requested_at, r.source_key, p.ordinal
    """

  @Test func `what is done to a directory is its history, live and by LDIF alike`() async throws {
    let slapd = try PrivateSlapd()
    try SlapdTests.live(slapd)
    let folder = try TestFolder()
    let live = try Workbench(
      folder: folder, logs: ["ldap": SlapdTests.directory(slapd)], secrets: Password())
    #expect(try await live.importHistory().verified == true)

    let rows = try live.rows(SlapdTests.history, columns: 5)
    func changes(_ operation: String) -> [[String]] {
      rows.filter { $0[0] == operation }.map { Array($0.dropFirst()) }
    }
    let crew = "cn=crew,ou=people,dc=example,dc=org"
    let (king, gone) = ("uid=ada.king,ou=people,dc=example,dc=org", "uid=ada.king,ou=left,dc=example,dc=org")
    #expect(
      changes("modify") == [
        [SlapdTests.ada, "title", "Analyst", "Countess"],
        [SlapdTests.ada, "description", "first", "third"],
        [SlapdTests.ada, "description", "third", "fourth"],
        [SlapdTests.ada, "jpegPhoto", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}\u{2400}\u{10}JFIF\u{2400}\u{1}\u{1}", "~"],
        [SlapdTests.ada, "uidNumber", "41", "42"],
      ])
    let mask = AttributeTable.mask
    #expect(changes("reset-password") == [[SlapdTests.ada, "userPassword", mask, mask]])
    #expect(
      changes("add-member") == [
        [crew, "member", "~", "cn=one,dc=example,dc=org"], [crew, "member", "~", "cn=two,dc=example,dc=org"],
      ])
    #expect(changes("remove-member") == [[crew, "member", "cn=one,dc=example,dc=org", "~"]])
    #expect(changes("rename").first == [SlapdTests.ada, "distinguishedName", SlapdTests.ada, king])
    #expect(changes("move") == [[king, "distinguishedName", king, gone]])
    #expect(changes("delete").contains([gone, "title", "Countess", "~"]))
    #expect(changes("delete").contains([gone, "userPassword", mask, "~"]))
    #expect(changes("create").filter { $0[0] == SlapdTests.ada && $0[1] == "description" }.count == 2)
    let photo = try live.rows(
      "select hex(value) from original_value where field = 'property.old_value'", columns: 1)
    #expect(photo == [["FFD8FFE000104A464946000101"]])

    // The same by LDIF: the same rows, keys and all.
    let path = try folder.write(slapd.search(base: PrivateSlapd.logSuffix), to: "log.ldif")
    let file = try Workbench(
      folder: folder, logs: ["ldif": .accesslogFile(ldif: path)], destination: "sqlite:\(folder.path)/other.db")
    #expect(try await file.importHistory().verified == true)
    let everything = """
      select hex(r.id), r.operation, r.object_dn, p.name, p.old_value, p.new_value, r.source_key, hex(r.object_guid)
      from change_request r left join property_change p on p.request_id = r.id
      order by r.id, p.ordinal
      """
    let left = try live.rows(everything, columns: 8)
    let right = try file.rows(everything, columns: 8)
    #expect(left == right)
    #expect(left.count > 40)
  }

  @Test func `an object is followed through a rename and a move by its id`() async throws {
    let slapd = try PrivateSlapd()
    try SlapdTests.live(slapd)
    let folder = try TestFolder()
    let bench = try Workbench(
      folder: folder, logs: ["ldap": SlapdTests.directory(slapd)], secrets: Password())
    _ = try await bench.importHistory()
    let id = try bench.rows(
      "select distinct hex(object_guid) from change_request where object_dn = '\(SlapdTests.ada)'", columns: 1)
    #expect(id.count == 1)
    let history = try bench.rows(
      """
      select operation, object_dn from change_request where hex(object_guid) = '\(id[0][0])'
      order by requested_at, source_key
      """, columns: 2)
    #expect(
      history.map { $0[0] } == [
        "create", "modify", "modify", "modify", "modify", "reset-password", "rename", "move", "delete",
      ])
    #expect(history.last?[1] == "uid=ada.king,ou=left,dc=example,dc=org")
  }

  @Test func `a log stays the same source while it grows, and is another one than another server's`() async throws {
    let folder = try TestFolder()
    let place = try Workbench(folder: folder, logs: [:]).place
    func identity(_ slapd: PrivateSlapd) throws -> UniqueID {
      let path = try folder.write(slapd.search(base: PrivateSlapd.logSuffix), to: "log.ldif")
      return try AccesslogSource(name: "ldap", origin: .file(path), backups: place, state: folder.path).examine()
        .identity
    }
    let first = try PrivateSlapd()
    let before = try identity(first)
    try SlapdTests.live(first)
    #expect(try identity(first) == before)
    #expect(try identity(PrivateSlapd()) != before)
  }

  @Test func `a log that was pruned is the source that it was, until nothing captured is left in it`() async throws
  {
    let folder = try TestFolder()
    let records = try PrivateSlapd.records(of: TestSupport.Files.text(of: Fixture.path("accesslog-kinds.ldif")))
    func write(_ kept: ArraySlice<String>) throws {
      try folder.write(([records[0]] + kept).joined(separator: "\n\n") + "\n", to: "log.ldif")
    }
    let kind = SourceKind.accesslogFile(ldif: folder / "log.ldif")
    try write(records[1...8])
    let bench = try Workbench(folder: folder, logs: ["ldap": kind])
    _ = try await bench.importHistory()
    func identity() async throws -> Fact? {
      try await bench.engine.discover(Workbench.part, PlanRequest()).first { $0.key == "source.ldap.identity" }
    }
    let before = try await identity()
    try write(records[6...12])
    #expect(try await identity() == before)
    try write(records[9...12])
    #expect(try await identity() != before)
  }

  @Test func `checks of a directory tell what it records and refuse what is no log`() async throws {
    let slapd = try PrivateSlapd()
    try SlapdTests.live(slapd)
    let folder = try TestFolder()
    let bench = try Workbench(
      folder: folder, logs: ["ldap": SlapdTests.directory(slapd)], secrets: Password())
    let findings = try await bench.engine.check(Workbench.part, PlanRequest())
    let unsure = findings.filter { $0.severity != .pass && $0.subject.hasPrefix("source") }
    #expect(unsure.map(\.message) == [])
    #expect(findings.contains { $0.check == "source.old-values" && $0.severity == .pass })
    #expect(findings.contains { $0.check == "accesslog.operations" })

    let wrong = try Workbench(
      folder: folder,
      logs: [
        "data": .accesslogDirectory(
          .init(
            url: slapd.socketURL, base: PrivateSlapd.suffix, bind: PrivateSlapd.administrator,
            password: .file("not asked"), ca: nil)),
        "nobody": .accesslogDirectory(
          .init(
            url: slapd.url, base: PrivateSlapd.logSuffix, bind: "cn=nobody,dc=example,dc=org",
            password: .file("not asked"), ca: nil)),
      ], secrets: Password())
    let refused = try await wrong.engine.check(Workbench.part, PlanRequest()).filter {
      $0.severity == .block && $0.subject.hasPrefix("source")
    }
    #expect(refused.map(\.check) == ["source.product", "source.readable"])
    #expect(refused.allSatisfy { $0.remedy != nil })
  }
}

extension PrivateSlapd {
  /// The entries of an LDIF text.
  fileprivate static func records(of text: String) -> [String] {
    text.components("\n\n").filter { !$0.isEmpty }
  }
}
