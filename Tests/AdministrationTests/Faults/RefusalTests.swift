import Base
import Database
import TestSupport
import Testing

@testable import Administration

/// What cannot be imported from or into: refused in one sentence with advice, before anything is written.
@Suite struct RefusalTests {
  /// `check` finds it, `plan` either shows the finding or cannot be made, and nothing was written.
  private func expectRefused(
    _ bench: FaultBench, saying words: [String], plan codes: Set<Int32> = [1, 3], isUntouched: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let check = try bench.program("check", "administration/history", "--json")
    #expect(check.status == 3, "\(check.output)\(check.errors)", sourceLocation: sourceLocation)
    for word in words {
      #expect(check.output.contains(word), "\(word)?\n\(check.output)", sourceLocation: sourceLocation)
    }
    let plan = try bench.program("plan", "administration/history")
    #expect(codes.contains(plan.status), "\(plan.status) \(plan.errors)", sourceLocation: sourceLocation)
    if plan.status == 1 {
      #expect(!plan.sentence.isEmpty && plan.advice != nil, "\(plan.errors)", sourceLocation: sourceLocation)
    }
    if plan.status == 3 {
      let apply = try bench.program("apply", "--plan", "00000000")
      #expect(apply.status == 2, sourceLocation: sourceLocation)
    }
    if isUntouched { #expect(try bench.isUntouched(), sourceLocation: sourceLocation) }
    #expect(try bench.program.runs().isEmpty, sourceLocation: sourceLocation)
  }

  private func changeSource(_ bench: FaultBench, _ sql: String) throws {
    let connection = try Connection.open(bench.source, options: .readWrite)
    try connection.execute(SQL(unsafeSQL: sql))
    try connection.close()
  }

  @Test(arguments: [("7.4", "older"), ("6.9", "older"), ("8.3", "newer"), ("9.0", "newer"), ("7.99", "never")])
  func `a database of a version that cannot be read`(_ version: String, _ word: String) async throws {
    let bench = try await FaultBench(history: 50)
    try changeSource(bench, "UPDATE product_info SET value = '\(version)' WHERE name = 'version'")
    try expectRefused(bench, saying: word == "never" ? ["ever released"] : [version, word])
  }

  @Test func `a database of another product`() async throws {
    let bench = try await FaultBench(history: 50)
    try changeSource(bench, "UPDATE product_info SET value = 'Something else' WHERE name = 'product'")
    try expectRefused(bench, saying: ["another product"])
    try changeSource(bench, "DROP TABLE product_info")
    try expectRefused(bench, saying: ["product_info"])
  }

  @Test func `a file that is truncated, encrypted, empty, text, or not there`() async throws {
    let bench = try await FaultBench(history: 300)
    let path = try #require(bench.source.path)
    let bytes = try Base.Files.read(path, limit: 1 << 28)
    try Base.Files.write(Array(bytes[..<(bytes.count / 2)]), to: path)
    try expectRefused(bench, saying: ["truncated"])
    var random = TestSupport.SeededGenerator(seed: 5)
    try Base.Files.write(random.bytes(200_000...200_000), to: path)
    try expectRefused(bench, saying: ["encrypted"])
    try Base.Files.write([UInt8](), to: path)
    try expectRefused(bench, saying: ["source.readable"])
    try Base.Files.write(String(repeating: "some text\n", count: 500), to: path)
    try expectRefused(bench, saying: ["not a SQLite database"])
    try Base.Files.remove(path)
    try expectRefused(bench, saying: ["source.readable"])
    #expect(try !Base.Files.exists(path))
  }

  @Test func `a source whose tables are not those of its version`() async throws {
    let bench = try await FaultBench(history: 50)
    try changeSource(bench, "ALTER TABLE task DROP COLUMN party")
    try expectRefused(bench, saying: ["task.party"])
  }

  @Test func `a destination that belongs to something else, or is the source`() async throws {
    let bench = try await FaultBench(history: 50)
    let other = try Connection.open(bench.destination, options: .create)
    try other.execute("CREATE TABLE invoice (id integer)")
    try other.close()
    let before = try Base.Files.read(bench.destination.path ?? "", limit: 1 << 20)
    try expectRefused(bench, saying: ["destination"], plan: [3], isUntouched: false)
    #expect(try Base.Files.read(bench.destination.path ?? "", limit: 1 << 20) == before)
    try bench.writePlatform(destination: bench.source.description)
    try expectRefused(bench, saying: ["destination"], isUntouched: false)
  }

  @Test func `a bulk import into a history that holds rows`() async throws {
    let bench = try await FaultBench(history: 50)
    try await FaultLabs.shared.copy(.v8_2, history: 60, to: bench.folder / "new.db")
    let before = try bench.digest()
    let plan = try bench.program("plan", "administration/history", "--mode", "bulk")
    #expect(plan.status == 3 && plan.advice != nil, "\(plan.errors)")
    #expect(try bench.digest() == before)
  }

  @Test(arguments: [
    ["--until", "2999-01-01"], ["--from", "2999-01-01T00:00:00Z"], ["--from", "yesterday"],
    ["--from", "2024-02-30"], ["--from", "2025-01-01", "--until", "2024-01-01"],
  ])
  func `times that lie in the future or are none`(_ words: [String]) async throws {
    let bench = try await FaultBench(history: 50)
    let result = try Tool.run(
      Program.path,
      ["plan", "administration/history"] + words + ["--platform", bench.folder / "platform.json5"])
    #expect(result.status == 2, "\(result.errorText)")
    #expect(result.errorText.contains("locktender:") && result.errorText.split(separator: "\n").count == 2)
    #expect(try bench.isUntouched())
  }

  @Test(.startsServers) func `a wrong password, an unknown user or host, and a port where nobody listens`()
    async throws
  {
    let bench = try await FaultBench(history: 50)
    let server = try PrivatePostgres(.init(listening: .loopback, password: "right of tests"))
    try server.createDatabase("history")
    let wrong = try bench.folder.write("wrong of tests\n", to: "password", mode: 0o600)
    let certificates = "sslmode=disable"
    let place = "postgresql://\(PrivatePostgres.user)@127.0.0.1:\(server.port)/history?\(certificates)"
    try bench.writePlatform(source: place, password: wrong)
    try expectRefused(bench, saying: ["password is wrong"])
    try bench.writePlatform(source: place)
    try expectRefused(bench, saying: ["password"])
    try bench.writePlatform(
      source: "postgresql://nobody@127.0.0.1:\(server.port)/history?\(certificates)", password: wrong)
    try expectRefused(bench, saying: ["password is wrong"])
    try bench.writePlatform(source: "postgresql://u@no-such-host.invalid/history")
    try expectRefused(bench, saying: ["unknown host no-such-host.invalid"])
    try bench.writePlatform(source: "postgresql://u@127.0.0.1:\(try Ports.free())/history")
    try expectRefused(bench, saying: ["no server listens"])
    let right = try bench.folder.write("right of tests\n", to: "right", mode: 0o600)
    try bench.writePlatform(
      source: place.replacing("/history?", with: "/nothing?"), password: right)
    try expectRefused(bench, saying: ["no such database"])
    // Whatever is said, the secret is not.
    let talk = try bench.program("check", "administration/history", "--all", "--json")
    #expect(!talk.output.contains("of tests") && !talk.errors.contains("of tests"))
  }

  @Test(.startsServers) func `certificates that are self-signed, expired, or for another name`() async throws {
    let bench = try await FaultBench(history: 50)
    let made = try TestCertificates.made()
    for (certificate, words) in [
      (made.selfSigned, ["certificate"]), (made.expired, ["expired"]), (made.wrongName, ["another name"]),
    ] {
      let server = try PrivatePostgres(.init(listening: .tls(certificate), isDurable: false))
      try server.createDatabase("history")
      try bench.writePlatform(
        source:
          "postgresql://\(PrivatePostgres.user)@localhost:\(server.port)/history?sslrootcert=\(made.authority)")
      try expectRefused(bench, saying: words)
      // The destination is not trusted any sooner.
      try bench.writePlatform(
        destination:
          "postgresql://\(PrivatePostgres.user)@localhost:\(server.port)/history?sslrootcert=\(made.authority)")
      try expectRefused(bench, saying: words + ["destination"])
    }
  }
}
