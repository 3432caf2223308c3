import Directory
import Testing

struct DistinguishedNameTests {
  @Test(arguments: [
    ("UID=jsmith,DC=example,DC=net", "uid=jsmith,dc=example,dc=net"),
    ("OU=Sales+CN=J.  Smith,DC=example,DC=net", "cn=j. smith+ou=sales,dc=example,dc=net"),
    (#"CN=James \"Jim\" Smith\, III,DC=example,DC=net"#, #"cn=james \"jim\" smith\, iii,dc=example,dc=net"#),
    (#"CN=Before\0dAfter,DC=example"#, "cn=before\rafter,dc=example"),
    ("1.3.6.1.4.1.1466.0=#04024869", "1.3.6.1.4.1.1466.0=\\#04024869"),
    (#"CN=Lu\C4\8Di\C4\87"#, "cn=lučić"),
    ("cn=Ärger , dc = Example", "cn=ärger,dc=example"),
    ("2.5.4.3=x,0.9.2342.19200300.100.1.25=Y", "cn=x,dc=y"),
    (#"cn=\ a\ ,o=b"#, "cn=a,o=b"),
    (#"cn=a\,b\+c\=d"#, #"cn=a\,b\+c=d"#),
    ("cn=,o=b", "cn=,o=b"),
    ("", ""),
  ])
  func `names come in one form`(text: String, expected: String) throws {
    let name = try DistinguishedName(text)
    #expect(name.description == expected)
    #expect(try DistinguishedName(name.description) == name || text.contains("#"))
  }

  @Test(arguments: [
    ",", "cn", "cn=a,", "cn=a,,o=b", "=a", "cn=a;o=b", #"cn=a\"#, #"cn=a\x"#, #"cn=a\4"#, "cn=\"a\"", "cn=#0",
    "cn=#", "cn=#04x", "cn=a<b", "-cn=a", "c n=a", "cn=a+", "cn=#0402 x",
  ])
  func `what is no name is refused`(text: String) {
    #expect(failure { () throws(DirectoryError) in _ = try DistinguishedName(text) } == .invalidName)
  }

  @Test func `a refusal does not quote the name`() throws {
    do {
      _ = try DistinguishedName("cn=Secret Person,x")
      Issue.record("a name without an equals sign was read")
    } catch {
      #expect(!"\(error)".contains("Secret"))
    }
  }

  @Test func `parents, first parts and places in the tree`() throws {
    let name = try DistinguishedName(#"CN=Smith\, J+UID=1,OU=People,DC=example,DC=com"#)
    #expect(name.first?.parts.map(\.type) == ["CN", "UID"])
    #expect(name.first?.parts.map(\.text) == ["Smith, J", "1"])
    let parent = try #require(name.parent)
    #expect(parent == (try DistinguishedName("ou=people, dc=EXAMPLE, dc=com")))
    #expect(name.isWithin(parent) && name.isWithin(name) && !parent.isWithin(name))
    #expect(name.isWithin(try DistinguishedName("")))
    #expect(!name.isWithin(try DistinguishedName("dc=org")))
    #expect(!(try DistinguishedName("dc=xexample,dc=com").isWithin(try DistinguishedName("dc=example,dc=com"))))
    #expect(parent.parent?.parent?.parent == (try DistinguishedName("")))
    #expect(try DistinguishedName("").parent == nil)
  }

  @Test func `equal names have equal hashes, other names are not equal`() throws {
    let one = try DistinguishedName("cn=A B+ou=c,dc=d")
    let same = try DistinguishedName("OU=C + CN=a   b , DC=D")
    let other = try DistinguishedName("cn=AB+ou=c,dc=d")
    #expect(Set([one, same]).count == 1)
    #expect(one != other)
    #expect(try DistinguishedName(#"cn=\ff\fe"#) != (try DistinguishedName("cn=ff fe")))
  }
}
