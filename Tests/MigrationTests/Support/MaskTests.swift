import Testing

@testable import Migration

struct MaskTests {
  private static func masked(_ text: String) -> String {
    var mask = TextMask(showingHosts: false)
    return mask.masked(text)
  }

  @Test(arguments: [
    "carry change_request: the connection ended <- commit: server closed the connection unexpectedly",
    "1,212,000 rows in 12:41, 97% done, 3.5 s to go", "could not extend file: No space left on device",
    "read the report: its signature does not fit",
    "opened read-only at 2026-11-20T15:05:45.25Z, range 417000…418000",
    "destination.space (D44): 4.1 GB are free", "report.json, events.jsonl, rejectedRows", "SQLSTATE 57014",
    "The password is wrong", "retry 2 of 3: database is locked", "from 2019-01-01 until 2026-11-20", "7.5 → 8.2",
  ])
  func `what the program itself says stays as it is`(_ text: String) {
    #expect(MaskTests.masked(text) == text)
  }

  @Test(arguments: [
    "Müller", "anna.mueller", "Anna", "anna@example.org", "hunter2", "s3cr3t", "pA55w0rd!", "10.20.30.40",
    "2001:db8::1", "fe80:1:2:3:4:5:6:7", "+49", "db1.example.org", "db7.intern", "/home/akeller/old.db",
    "C:\\Users\\akeller",
    "CN=Keller,OU=Vertrieb", "3f9a1c028d4b4f6e9b1a20c4d7e8a951", "eyJhbGciOiJIUzI1NiJ9", "4711081234567",
    "00491234",
    "https://hooks.example.org/T0/B1", "Иванов", "山田", "O'Brien-Smythe", "Rose", "Will",
  ])
  func `what nobody of us wrote is masked, wherever it stands`(_ text: String) {
    for sentence in ["the account of \(text) is locked", "the value (\(text)) is refused", "it is \(text)."] {
      let masked = MaskTests.masked(sentence)
      for part in text.split(whereSeparator: { ",'-".contains($0) }) where part.count > 1 {
        let isGone = !masked.contains(part)
        #expect(isGone, "\(part) in \(masked)")
      }
    }
  }

  @Test func `a telephone number goes as a whole`() {
    #expect(MaskTests.masked("call +49 89 1234567 or 12 rows") == "call ‹1› ‹2› ‹3› or 12 rows")
  }

  @Test func `the same thing gets the same mark, and marks do not run out`() {
    var mask = TextMask(showingHosts: false)
    #expect(
      mask.masked("Keller") == "‹1›" && mask.masked("Brandt") == "‹2›" && mask.masked("for Keller.") == "for ‹1›.")
    for number in 0..<TextMask.markLimit { _ = mask.mark("n\(number)") }
    #expect(mask.masked("Lindqvist") == "‹…›" && mask.masked("Keller") == "‹1›")
  }

  @Test func `hosts of the plan are shown only where that was asked for`() {
    for shows in [false, true] {
      var mask = TextMask(showingHosts: shows)
      mask.add(host: "db1.example.org")
      for name in ["db1.example.org", "DB1", "db1"] {
        #expect(mask.masked("connect to \(name): unreachable").contains(name) == shows)
      }
      #expect(!mask.masked("connect to db2.example.org").contains("db2"))
    }
  }

  @Test(arguments: [
    ("sqlite:/srv/akeller/history.db", "sqlite:‹1›", "sqlite:‹1›"),
    (
      "postgresql://anna@db1.example.org:5432/people?sslmode=verify-full&sslcert=/home/anna/c.pem",
      "postgresql://‹1›@‹2›:5432/‹3›?sslmode=verify-full&sslcert=‹4›",
      "postgresql://‹1›@db1.example.org:5432/‹2›?sslmode=verify-full&sslcert=‹3›"
    ),
    ("postgresql://[2001:db8::1]/people", "postgresql://‹1›/‹2›", "postgresql://[2001:db8::1]/‹1›"),
    ("odbc:DSN=hr;Server=db1", "‹1›", "‹1›"), ("something else", "‹1›", "‹1›"),
  ])
  func `places keep their kind and settings`(_ location: String, _ hidden: String, _ named: String) {
    for (shows, expected) in [(false, hidden), (true, named)] {
      var mask = TextMask(showingHosts: shows)
      if let host = LocationMask.host(of: location) { mask.add(host: host) }
      #expect(LocationMask.masked(location, &mask) == expected)
    }
  }

  @Test func `members are masked by what they are`() {
    var mask = TreeMask(texts: TextMask(showingHosts: false))
    let digest = SampleReport.digest(1)
    let masked = mask.masked(
      .record([
        "by": .text("operations"), "password": .record(["x": .text("rows")]), "token": .text("rows"),
        "planHash": .text(digest), "text": .text(digest), "state": .text("rolledBack"), "rowsDone": .integer(4711),
        "Brandt": .list([.text("rows of Brandt"), .null, .flag(true)]), "to": .text("verified"),
      ]))
    guard case .record(let members) = masked else {
      Issue.record("no record")
      return
    }
    #expect(members["token"] == .text("‹masked›") && members["planHash"] == .text(digest))
    #expect(members["password"] == .text("‹masked›"))
    #expect(members["state"] == .text("rolledBack") && members["rowsDone"] == .integer(4711))
    #expect(members["to"] == .text("verified"))
    #expect(members["by"] != .text("operations") && members["text"] != .text(digest))
    #expect(members["Brandt"] == nil && members["‹1›"] == .list([.text("rows of ‹1›"), .null, .flag(true)]))
  }
}
