import Base
import Database
import Glibc
import Testing

struct LocationTests {
  @Test(arguments: [
    ("sqlite:/var/lib/x.db", "sqlite:/var/lib/x.db"),
    ("sqlite:///var/lib/x.db", "sqlite:/var/lib/x.db"),
    ("sqlite://///var/lib/x.db", "sqlite:/var/lib/x.db"),
    ("postgresql://ann@db1.example.org/main", "postgresql://ann@db1.example.org/main"),
    ("postgres://db1:6543/main?schema=adm%20in", "postgresql://db1:6543/main?schema=adm%20in"),
    ("postgresql://ann@[::1]:5432/main?sslmode=require", "postgresql://ann@[::1]/main?sslmode=require"),
    ("postgresql:///main?host=/run/postgresql", "postgresql:///main?host=/run/postgresql"),
    ("postgresql://a%40b@h/d%2Fe", "postgresql://a%40b@h/d%2Fe"),
    ("postgresql://h/d?sslrootcert=/etc/ca.pem&sslmode=verify-full", "postgresql://h/d?sslrootcert=/etc/ca.pem"),
    ("odbc:DSN=old;UID=ann", "odbc:DSN=old;UID=ann"),
  ])
  func `a location is read and printed`(text: String, printed: String) throws {
    let location = try DatabaseLocation(text)
    #expect(location.description == printed)
    #expect(try DatabaseLocation(printed) == location)
  }

  @Test(arguments: [
    "postgresql://ann:secret@h/d", "postgresql://h/d?password=secret", "postgresql://h/d?sslpassword=secret",
    "odbc:DSN=x;PWD=secret", "odbc:DSN=x; Password = secret", "postgresql://ann:@h/d",
  ])
  func `a password in the address is refused and not repeated`(text: String) {
    let error = databaseError { _ = try DatabaseLocation(text) }
    #expect(error?.code == .unsupported)
    #expect(error?.reason.contains("password") == true)
    #expect(error?.advice != nil)
    #expect(error.map { explain($0) + ($0.advice ?? "") }?.contains("secret@") == false)
  }

  @Test(arguments: [
    "", "sqlite:", "postgresql://", "postgresql://h", "postgresql://h/", "postgresql:///d", "postgresql://h:0/d",
    "postgresql://h:x/d", "postgresql://h:70000/d", "postgresql://[::1/d", "postgresql://h/d?sslmode=maybe",
    "postgresql://h/d?unknown=1", "postgresql://h/d?host=other", "postgresql://h/%zz", "postgresql://h/%00",
    "odbc:", "postgresql://h\u{0}x/d", "postgresql://[::1]x/d", "postgresql://a:b]c:1/d", "postgresql://::1:5432/d",
    "mysql://h/d", "/no/such/file.db", "postgresql://h/a/b",
  ])
  func `what is malformed is refused with advice`(text: String) {
    let error = databaseError { _ = try DatabaseLocation(text) }
    #expect(error?.code == .unsupported)
    #expect(error?.advice?.isEmpty == false)
  }

  @Test func `TLS is verified in full unless the text says otherwise`() throws {
    #expect(try DatabaseLocation("postgresql://h/d").postgres?.tlsMode == .verifyFull)
    #expect(try DatabaseLocation("postgresql://h/d").weakTLS == nil)
    #expect(try DatabaseLocation("postgresql://h/d?sslmode=prefer").weakTLS == .prefer)
    #expect(try DatabaseLocation("postgresql:///d?host=/run/x&sslmode=disable").weakTLS == nil)
  }

  @Test func `the same data has one canonical form`() throws {
    let folder = temporaryFolder()
    defer { run("rm -rf \(folder)") }
    run("touch \(folder)/a.db; ln -s a.db \(folder)/b.db; ln -s . \(folder)/here")
    let direct = try DatabaseLocation("sqlite:\(folder)/a.db")
    #expect(try DatabaseLocation("\(folder)/here/b.db").canonical == direct.canonical)
    #expect(try DatabaseLocation("sqlite:\(folder)/here/new.db").canonical == "sqlite:\(folder)/new.db")
    #expect(
      try DatabaseLocation("postgresql://ann@DB/main").canonical
        == DatabaseLocation("postgresql://bob@db:5432/main?sslmode=require&schema=public").canonical)
    #expect(
      try DatabaseLocation("postgresql://db/main?schema=a").canonical
        != DatabaseLocation("postgresql://db/main?schema=b").canonical)
  }

  @Test func `a relative path is taken from the current folder`() throws {
    let location = try DatabaseLocation("sqlite:some/file.db")
    #expect(location.path?.hasPrefix("/") == true)
    #expect(location.path?.hasSuffix("/some/file.db") == true)
    #expect(try DatabaseLocation("sqlite:./some/file.db") == location)
  }
}
