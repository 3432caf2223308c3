import Directory
import Subprocess
import Testing

@Suite(.serialized)
struct LDAPSearchTests {
  private func person(_ number: Int) -> String {
    """
    dn: uid=p\(number),dc=example,dc=org
    changetype: add
    objectClass: inetOrgPerson
    uid: p\(number)
    cn: Person \(number)
    sn: \(number)
    mail: p\(number)@example.org
    mail: \(number)@example.org

    """
  }

  @Test func `hundreds of entries come page by page, with the attributes that were asked for`() throws {
    let server = try TestSlapd()
    try server.change((0..<730).map(person).joined(separator: "\n"))
    var connection = try server.connectAsAdmin()
    var seen = Set<String>()
    var search = LDAPSearch(
      base: "dc=example,dc=org", filter: "(uid=*)", attributes: ["mail", "entryUUID"], pageSize: 100)
    let summary = try connection.search(search) { entry in
      seen.insert(entry.name)
      #expect(entry.strings("MAIL").count == 2)
      #expect(entry.string("entryuuid")?.count == 36)
      #expect(entry.count == 3 && entry.string("cn") == nil)
    }
    #expect(summary == LDAPSearchSummary(entries: 730, pages: 8, references: 0))
    #expect(seen.count == 730 && seen.contains("uid=p729,dc=example,dc=org"))
    search.pageSize = nil
    let whole = try connection.search(search) { _ in }
    #expect(whole == LDAPSearchSummary(entries: 730, pages: 1, references: 0))
  }

  @Test func `refusals are told apart`() throws {
    let server = try TestSlapd()
    try server.change((0..<20).map(person).joined(separator: "\n"))
    var connection = try server.connect()
    var count = 0
    func attempt(_ search: LDAPSearch) -> DirectoryError.Code? {
      failure { () throws(DirectoryError) in _ = try connection.search(search) { _ in count += 1 } }
    }
    #expect(attempt(LDAPSearch(base: "dc=example,dc=org", pageSize: nil)) == .limitExceeded)
    #expect(count == 7)
    #expect(attempt(LDAPSearch(base: "ou=none,dc=example,dc=org")) == .noSuchObject)
    #expect(attempt(LDAPSearch(base: "dc=example,dc=org", filter: "(uid=")) == .invalidName)
    #expect(attempt(LDAPSearch(base: "no name")) == .invalidName)
    #expect(attempt(LDAPSearch(base: "dc=elsewhere")) == .noSuchObject)
  }

  @Test func `a consumer that stops leaves a connection that can be used on`() throws {
    struct Enough: Error {}
    let server = try TestSlapd()
    try server.change((0..<50).map(person).joined(separator: "\n"))
    var connection = try server.connectAsAdmin()
    var seen = 0
    let search = LDAPSearch(base: "dc=example,dc=org", pageSize: 10)
    let code = failure { () throws(DirectoryError) in
      _ = try connection.search(search) { _ in
        seen += 1
        if seen == 13 { throw Enough() }
      }
    }
    #expect(code == .interrupted && seen == 13)
    #expect(try connection.search(search) { _ in }.entries == 51)
  }

  @Test func `bytes and strange names come as they are`() throws {
    let server = try TestSlapd()
    // Base64 of the bytes 0 to 255, and a name that needs every kind of escape.
    let photo = try Command(
      "sh", ["-c", "for i in $(seq 0 255); do printf \"\\\\$(printf %03o $i)\"; done | base64 -w0"]
    )
    .run().requireSuccess().text
    try server.change(
      """
      dn: cn=M\u{FC}ller\\, (A*) \\\\,dc=example,dc=org
      changetype: add
      objectClass: inetOrgPerson
      sn: M
      jpegPhoto:: \(photo)

      """)
    var connection = try server.connectAsAdmin()
    var found = 0
    let filter = "(cn=\(LDAPSearch.escaped("müller, (a*) \\")))"
    try connection.search(LDAPSearch(base: "dc=example,dc=org", filter: filter)) { entry in
      found += 1
      #expect(entry.bytes("jpegPhoto") == [Array(0...255)])
      let name = try DistinguishedName(entry.name)
      #expect(name.first?.parts.first?.text == "Müller, (A*) \\")
    }
    #expect(found == 1)
    let summary = try connection.search(LDAPSearch(base: "dc=example,dc=org", filter: "(cn=nobody)")) { _ in }
    #expect(summary.entries == 0)
  }

  @Test func `the access log tells each change with the old values`() throws {
    let server = try TestSlapd()
    let status = try server.change(
      """
      dn: ou=people,dc=example,dc=org
      changetype: add
      objectClass: organizationalUnit
      ou: people

      dn: uid=ann,dc=example,dc=org
      changetype: add
      objectClass: inetOrgPerson
      uid: ann
      cn: Ann
      sn: Old

      dn: uid=ann,dc=example,dc=org
      changetype: modify
      replace: sn
      sn: New
      -
      add: mail
      mail: ann@example.org

      dn: uid=nobody,dc=example,dc=org
      changetype: delete

      dn: uid=ann,dc=example,dc=org
      changetype: modrdn
      newrdn: uid=anna
      deleteoldrdn: 1
      newsuperior: ou=people,dc=example,dc=org

      dn: uid=anna,ou=people,dc=example,dc=org
      changetype: delete

      """)
    #expect(status == .exited(32))
    var connection = try server.connectAsAdmin()
    var records = [[String]]()
    var mods = [String: [String]]()
    let search = LDAPSearch(
      base: "cn=accesslog", scope: .oneLevel, filter: "(reqStart>=00000101000000Z)", attributes: ["*", "+"],
      pageSize: 3)
    try connection.search(search) { entry in
      let type = entry.string("reqType") ?? "none"
      records.append([type, entry.string("reqDN") ?? "", entry.string("reqResult") ?? ""])
      mods[type] = entry.strings("reqMod").filter { !$0.contains("entryCSN") && !$0.contains("odif") }
      if type == "modify" { #expect(entry.strings("reqOld").contains("sn: Old")) }
      if type == "delete", entry.string("reqResult") == "0" {
        #expect(entry.strings("reqOld").contains("mail: ann@example.org"))
      }
      if type == "modrdn" {
        #expect(entry.string("reqNewRDN") == "uid=anna" && entry.string("reqDeleteOldRDN") == "TRUE")
        #expect(entry.string("reqNewSuperior") == "ou=people,dc=example,dc=org")
      }
      #expect(entry.string("reqAuthzID") == TestSlapd.admin)
    }
    #expect(
      records == [
        ["add", "dc=example,dc=org", "0"],
        ["add", "ou=people,dc=example,dc=org", "0"],
        ["add", "uid=ann,dc=example,dc=org", "0"],
        ["modify", "uid=ann,dc=example,dc=org", "0"],
        ["delete", "uid=nobody,dc=example,dc=org", "32"],
        ["modrdn", "uid=ann,dc=example,dc=org", "0"],
        ["delete", "uid=anna,ou=people,dc=example,dc=org", "0"],
      ])
    #expect(mods["modify"] == ["sn:= New", "mail:+ ann@example.org"])
  }
}
