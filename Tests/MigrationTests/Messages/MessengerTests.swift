import Base
import Network
import Synchronization
import TestSupport
import Testing

@testable import Migration

struct MessengerTests {
  private static let quick = RetryPolicy(transientRetries: 3, otherRetries: 0, firstDelay: 0.01, longestDelay: 0.02)

  private static func settings(webhook: MessageServer? = nil, mail: MessageServer? = nil) throws -> MessageSettings
  {
    let authority = try TestCertificates.made().authority
    return MessageSettings(
      webhook: webhook.map {
        .init(url: "https://127.0.0.1:\($0.port)/hook?key=1", ca: authority, token: .environment("TOKEN"))
      },
      mail: mail.map {
        .init(
          server: "smtp://localhost:\($0.port)", ca: authority, from: "locktender@example.org",
          to: ["ops@example.org", "boss@example.org"], user: "sender", password: .environment("PASSWORD"))
      })
  }

  private static let secrets = KnownSecrets(texts: ["messages.webhook": "t0ken", "messages.mail": "open sesame"])

  /// Runs a small part to its end with a messenger that listens, and hands back what it warned of.
  private static func run(
    _ settings: MessageSettings, _ behaviour: SmallPart.Behaviour = .init(), secrets: KnownSecrets = secrets
  ) async throws -> (run: UniqueID, platform: SmallPlatform, warnings: [String]) {
    let platform = try SmallPlatform(behaviour)
    let place = platform.engine.workplace
    let (plan, hash) = try await platform.engine.plan(platform.part.address, PlanRequest())
    let run = UniqueID.random()
    let warnings = Mutex<[String]>([])
    let messenger = try Messenger(
      settings, MessageDecision(run: run, part: plan.part), of: run,
      in: Workplace(folder: place.folder, clock: place.clock, program: place.program, secrets: secrets),
      warned: [
        { event in
          if case .warned(let text) = event.kind { warnings.withLock { $0.append(text) } }
        }
      ], retry: quick)
    do {
      try await messenger.whileDelivering {
        _ = try await platform.engine.apply(hash, run: run, listeners: [messenger.listener])
      }
    } catch let error as MigrationError where error.code == .verificationFailed || error.code == .stepFailed {
      // The messages tell of it.
    }
    return (run, platform, warnings.withLock { $0 })
  }

  private static func fields(_ line: String) throws -> [String: PlainValue] {
    guard case .record(let members) = try decodeJSON(PlainValue.self, from: Array(line.utf8)) else { return [:] }
    return members
  }

  @Test func `a web hook gets one message with the token and an id`() async throws {
    let server = try MessageServer.webhook()
    let (run, _, warnings) = try await MessengerTests.run(MessengerTests.settings(webhook: server))
    #expect(warnings.isEmpty)
    let received = try server.received().map(MessengerTests.fields)
    #expect(received.count == 1)
    #expect(received[0]["path"] == .text("/hook?key=1"))
    guard case .record(let headers) = received[0]["headers"], case .record(let body) = received[0]["body"] else {
      Issue.record("no message")
      return
    }
    #expect(headers["Authorization"] == .text("Bearer t0ken"))
    #expect(headers["Idempotency-Key"] == body["id"] && headers["Content-Type"] == .text("application/json"))
    #expect(body["kind"] == .text("verified") && body["run"] == .text(run.description))
  }

  @Test func `a web hook that is busy is asked again until it takes the message, with the same id`() async throws {
    let server = try MessageServer.webhook(answering: [503, 429, 200])
    let (_, _, warnings) = try await MessengerTests.run(MessengerTests.settings(webhook: server))
    #expect(warnings.isEmpty)
    let received = try server.received().map(MessengerTests.fields)
    #expect(received.map { $0["status"] } == [.integer(503), .integer(429), .integer(200)])
    #expect(received.allSatisfy { $0["body"] == received[0]["body"] })
  }

  @Test(arguments: [(500, 4), (403, 1)])
  func `a message that cannot be sent is a warning in the events, and the run is as good as ever`(
    _ status: Int, _ tries: Int
  ) async throws {
    let server = try MessageServer.webhook(answering: [status])
    let (run, platform, warnings) = try await MessengerTests.run(MessengerTests.settings(webhook: server))
    #expect(try server.received().count == tries)
    #expect(warnings.count == 1 && warnings[0].contains("answer \(status)") && !warnings[0].contains("key=1"))
    var logged: [String] = []
    try EventLog.each(platform.files(of: run)) { event in
      if case .warned(let text) = event.kind { logged.append(text) }
    }
    #expect(logged == warnings)
    #expect(try platform.engine.summary(of: run).state == .verified)
  }

  @Test func `a run that fails is told by mail, with login and STARTTLS`() async throws {
    let server = try MessageServer.mail(protected: true)
    let (run, _, warnings) = try await MessengerTests.run(
      MessengerTests.settings(mail: server), .init(failsAt: "second"))
    #expect(warnings.isEmpty)
    let received = try server.received().map(MessengerTests.fields)
    #expect(received.count == 1)
    #expect(received[0]["tls"] == .flag(true))
    #expect(received[0]["to"] == .list([.text("ops@example.org"), .text("boss@example.org")]))
    #expect(received[0]["subject"] == .text("small/numbers: failed (run \(run.description.prefix(8)))"))
    guard case .text(let body) = received[0]["body"] else { return }
    #expect(body.contains("the far end refused") && body.contains("locktender resume \(run)"))
  }

  @Test func `a mail server on this machine may do without TLS`() async throws {
    let server = try MessageServer.mail(protected: false)
    var settings = try MessengerTests.settings(mail: server)
    let mail = try #require(settings.mail)
    settings.mail = .init(server: mail.server, ca: nil, from: mail.from, to: mail.to, user: nil, password: nil)
    let (_, _, warnings) = try await MessengerTests.run(settings, .init(differs: true))
    #expect(warnings.isEmpty, "\(warnings)")
    let received = try server.received().map(MessengerTests.fields)
    #expect(received.count == 1 && received[0]["tls"] == .flag(false))
    #expect(received[0]["subject"].map { "\($0)".contains("both sides differ") } == true)
  }

  @Test func `a wrong password is told once and not tried again`() async throws {
    let server = try MessageServer.mail(protected: true)
    let (_, _, warnings) = try await MessengerTests.run(
      MessengerTests.settings(mail: server), secrets: KnownSecrets(texts: ["messages.mail": "guess"]))
    #expect(warnings.count == 1 && !warnings[0].contains("guess"))
    #expect(try server.received().isEmpty)
  }

  @Test(arguments: [
    ("smtps://mail.example.org", "mail.example.org", 465), ("smtp://mail.example.org:25", "mail.example.org", 25),
    ("smtp://[::1]", "[::1]", 587), ("smtp://[::1]:2525/", "[::1]", 2525),
  ])
  func `addresses of mail servers are read`(_ text: String, _ host: String, _ port: Int) throws {
    let mail = MessageSettings.Mail(server: text, ca: nil, from: "a@b", to: ["a@b"], user: nil, password: nil)
    let server = try MessageChannel.server(mail)
    #expect(server.host == host && server.port == port)
  }

  @Test(arguments: ["http://a", "smtp://", "smtp://a:b", "smtp://a:70000", "smtp://a/b"])
  func `other addresses are refused`(_ text: String) {
    let mail = MessageSettings.Mail(server: text, ca: nil, from: "a@b", to: ["a@b"], user: nil, password: nil)
    #expect(throws: NetworkError.self) { try MessageChannel.server(mail) }
  }
}
