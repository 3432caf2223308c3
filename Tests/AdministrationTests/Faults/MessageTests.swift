import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Word of a run to people who are not there, sent by the program itself.
@Suite(.serialized) struct MessageTests {
  private func write(_ messages: String, to bench: FaultBench) throws {
    let secret = try bench.folder.write("open sesame\n", to: "mail-password", mode: 0o600)
    let token = try bench.folder.write("t0ken-of-tests\n", to: "hook-token", mode: 0o600)
    try bench.folder.write(
      """
      { version: 1, name: "faults",
        messages: \(messages.replacing("SECRET", with: secret).replacing("TOKEN", with: token)),
        administration: {
          sources: { main: { kind: "database", location: "\(bench.source.description)" } },
          destination: { history: "\(bench.destination.description)" } } }
      """, to: "platform.json5", mode: 0o600)
  }

  /// Names of people and things that the old service knows.
  private func values(_ bench: FaultBench) throws -> [String] {
    var values: [String] = []
    try Connection.open(bench.source, options: .readOnly).rows(
      "SELECT DISTINCT object_dn, initiator, host FROM request WHERE length(object_dn) > 12 LIMIT 400",
      [.text, .text, .text]
    ) { row in
      for index in 0..<3 { if let text = row.string(index), text.count > 6 { values.append(text) } }
    }
    return values
  }

  @Test func `a web hook and a mailbox hear of a run's end, and of nothing that is in it`() async throws {
    let hook = try MessageServer.webhook()
    let mail = try MessageServer.mail(protected: true)
    let authority = try TestCertificates.made().authority
    let bench = try await FaultBench()
    try write(
      """
      {
        webhook: { url: "https://127.0.0.1:\(hook.port)/hook", ca: "\(authority)", token: { file: "TOKEN" } },
        mail: { server: "smtp://localhost:\(mail.port)", ca: "\(authority)", from: "locktender@example.org",
                to: ["ops@example.org"], user: "sender", password: { file: "SECRET" } },
      }
      """, to: bench)
    let applied = try bench.program("apply", "--plan", bench.program.plan())
    #expect(applied.status == 0, "\(applied.errors)")
    let back = try bench.program("rollback", "--yes")
    #expect(back.status == 0, "\(back.errors)")
    let posted = try hook.received()
    let mailed = try mail.received()
    #expect(posted.count == 2 && mailed.count == 2, "\(posted)\n\(mailed)\n\(applied.errors)\(back.errors)")
    for (message, words) in zip(mailed, ["verified", "rolled back"]) {
      #expect(message.contains("administration/history: \(words)"), "\(message)")
      #expect(message.contains("\"tls\": true"))
    }
    for (message, kind) in zip(posted, ["verified", "rolledBack"]) {
      #expect(message.contains("\"kind\": \"\(kind)\"") && message.contains("Bearer t0ken-of-tests"), "\(message)")
    }
    let bodies = (posted.map { $0.replacing("Bearer t0ken-of-tests", with: "") } + mailed).joined(separator: "\n")
    let secrets = ["open sesame", "t0ken-of-tests"]
    for value in try values(bench) + secrets where bodies.contains(value) {
      Issue.record("a message tells a value: \(value)")
    }
    #expect(!(applied.errors + back.errors + bench.program.log).contains("open sesame"))
  }

  /// Nobody listens on either port: the run does not care.
  @Test func `servers that are not there stop no run, and are warned of`() async throws {
    let bench = try await FaultBench()
    try write(
      """
      {
        webhook: { url: "https://127.0.0.1:\(try Ports.free())/hook" },
        mail: { server: "smtp://127.0.0.1:\(try Ports.free())", from: "a@example.org", to: ["b@example.org"] },
      }
      """, to: bench)
    let applied = try bench.program("apply", "--plan", bench.program.plan())
    #expect(applied.status == 0, "\(applied.errors)")
    #expect(applied.errors.contains("could not be sent by mail"), "\(applied.errors)")
    #expect(bench.program.log.contains("could not be sent by web hook"))
    try bench.expectWhole(try await FaultBench.undisturbed())
  }
}
