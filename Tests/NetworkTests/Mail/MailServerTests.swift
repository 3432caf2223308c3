import Base
import Network
import Subprocess
import Testing

struct MailServerTests {
  /// aiosmtpd: a mail server that prints each message as Python's own parser understands it.
  private static let program = """
    import asyncio, email, email.policy, ssl, sys
    from aiosmtpd.smtp import SMTP, AuthResult
    mode = sys.argv[1]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("server.pem", "server.key")
    class Handler:
        async def handle_RCPT(self, server, session, envelope, address, options):
            if address.startswith("nobody"): return "550 no such user"
            if address.startswith("later"): return "450 try again"
            envelope.rcpt_tos.append(address)
            return "250 OK"
        async def handle_DATA(self, server, session, envelope):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            print("TLS", server.transport.get_extra_info("ssl_object") is not None, "AUTH", bool(session.authenticated))
            print("ENVELOPE", envelope.mail_from, envelope.rcpt_tos)
            for name in ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "X-Evil"]:
                print(name, ascii(message[name]))
            print("BODY", ascii(message.get_content().replace(chr(13), "")))
            print("LONGEST", max(len(line) for line in envelope.content.split(b"\\r\\n")), b"\\n" in envelope.content.replace(b"\\r\\n", b""))
            print("END")
            return "250 OK"
    def authenticate(server, session, envelope, mechanism, data):
        return AuthResult(handled=False, success=(data.login == b"sender" and data.password == "p\\u00e4ss word".encode()))
    def make():
        return SMTP(Handler(), enable_SMTPUTF8=False, decode_data=False, hostname="test", authenticator=authenticate,
                    auth_required=mode != "plain", auth_require_tls=False,
                    require_starttls=mode == "starttls", tls_context=context if mode == "starttls" else None)
    async def main():
        server = await asyncio.get_running_loop().create_server(
            make, "127.0.0.1", 0, ssl=context if mode == "tls" else None)
        print(server.sockets[0].getsockname()[1])
        await server.serve_forever()
    asyncio.run(main())
    """

  private static let hasServer: Bool = {
    // A machine without Python lacks the server too.
    (try? Command("/usr/bin/python3", ["-c", "import aiosmtpd"]).run().status.isSuccess) ?? false
  }()

  private let password = Array("päss word".utf8)

  private func message(to recipients: [String] = ["ops@example.org"], subject: String = "Done") throws
    -> MailMessage
  {
    MailMessage(
      from: try MailAddress("locktender@example.org", name: "Locktender"),
      to: try recipients.map { try MailAddress($0) }, subject: subject, body: "All rows are there.\n",
      date: Timestamp(microseconds: 1_795_187_145_000_000), id: UniqueID(high: 1, low: 2))
  }

  private func received(_ server: TestServer) throws -> [String: String] {
    let lines = try server.received().split(separator: "\n").map(String.init)
    #expect(lines.last == "END")
    return Dictionary(
      lines.map { line in
        let end = line.firstIndex(of: " ") ?? line.endIndex
        return (String(line[..<end]), String(line[end...].dropFirst()))
      }, uniquingKeysWith: { first, _ in first })
  }

  @Test(.enabled(if: hasServer, "python3-aiosmtpd is not installed"), arguments: ["starttls", "tls", "plain"])
  func `a message arrives as it was meant, over each kind of connection`(mode: String) throws {
    let server = try TestServer(MailServerTests.program, arguments: [mode])
    var mail = MailServer(
      host: "127.0.0.1", port: server.port,
      protection: ["starttls": .startTLS, "tls": .tls, "plain": .noneOnLoopback][mode] ?? .startTLS, user: "sender")
    if mode == "plain" { mail.user = nil }
    var message = try message(to: ["ops@example.org", "boss@example.org"])
    message.subject = "Überprüfung der Übernahme abgeschlossen: 12 480 Einträge, 0 Abweichungen ✓✓✓"
    message.body = """
      Größe: 5 €

      .
      .a line with a dot
      From here on, a long line: \(String(repeating: "0123456789=", count: 40))
      trailing space \u{20}
      tab\t

      """
    try mail.send(message, password: password.span, server.limits)
    let got = try received(server)
    #expect(got["TLS"] == (mode == "plain" ? "False AUTH False" : "True AUTH True"))
    #expect(got["ENVELOPE"] == "locktender@example.org ['ops@example.org', 'boss@example.org']")
    #expect(got["From"] == "'Locktender <locktender@example.org>'")
    #expect(got["To"] == "'ops@example.org, boss@example.org'")
    let ascii = try Command(
      "/usr/bin/python3",
      ["-c", "import sys; print(ascii(sys.argv[1])); print(ascii(sys.argv[2]))", message.subject, message.body]
    )
    .run().requireSuccess().text.split(separator: "\n").map(String.init)
    #expect(got["Subject"] == ascii[0])
    #expect(got["BODY"] == ascii[1])
    #expect(got["Date"] == "'Fri, 20 Nov 2026 15:05:45 +0000'")
    #expect(got["Message-ID"] == "'<00000000-0000-0001-0000-000000000002@example.org>'")
    #expect(got["Auto-Submitted"] == "'auto-generated'")
    #expect(got["Content-Type"] == #"'text/plain; charset="utf-8"'"#)
    let longest = try #require(got["LONGEST"]).split(separator: " ")
    #expect(Int(longest[0]) ?? 999 <= 76 && longest[1] == "False")
  }

  @Test(.enabled(if: hasServer, "python3-aiosmtpd is not installed"))
  func `a subject or a name cannot add a field of its own`() throws {
    let server = try TestServer(MailServerTests.program, arguments: ["plain"])
    let mail = MailServer(host: "127.0.0.1", port: server.port, protection: .noneOnLoopback)
    var message = try message(subject: "a\r\nX-Evil: yes\r\n\r\nbody")
    message.from = try MailAddress("locktender@example.org", name: "x\r\nX-Evil: yes")
    try mail.send(message, server.limits)
    let got = try received(server)
    #expect(got["X-Evil"] == "None")
    #expect(got["BODY"] == #"'All rows are there.\n'"#)
  }

  @Test(.enabled(if: hasServer, "python3-aiosmtpd is not installed"))
  func `refusals are told apart, and nothing goes out unprotected`() throws {
    let server = try TestServer(MailServerTests.program, arguments: ["starttls"])
    let plain = try TestServer(MailServerTests.program, arguments: ["plain"])
    var mail = MailServer(host: "127.0.0.1", port: server.port, user: "sender")
    var limits = server.limits
    var word = password
    func attempt(_ recipient: String = "ops@example.org") throws -> NetworkError.Code? {
      let message = try message(to: [recipient])
      return failure { () throws(NetworkError) in try mail.send(message, password: word.span, limits) }
    }
    #expect(try attempt("nobody@example.org") == .refused)
    #expect(try attempt("later@example.org") == .busy)
    word = [1]
    #expect(try attempt() == .invalidCredentials)
    word = [1, 0, 2]
    #expect(try attempt() == .invalidInput)
    word = password
    mail.host = "localhost"
    #expect(try attempt() == .untrusted)
    mail.protection = .tls
    mail.host = "127.0.0.1"
    #expect(try attempt() == .untrusted)
    limits.authorityFile = server.folder + "/other.pem"
    mail.protection = .startTLS
    #expect(try attempt() == .untrusted)
    limits = plain.limits
    mail.port = plain.port
    #expect(try attempt() == .unprotected)
    mail.protection = .noneOnLoopback
    mail.host = "mail.example.org"
    #expect(try attempt() == .unprotected)
    let silentReceived = try server.received() + plain.received()
    #expect(silentReceived.isEmpty)
  }

  @Test func `an absent server is unreachable, a silent one times out`() throws {
    let silent = try TestServer(silentProgram)
    let closed = try closedPort()
    let message = try message()
    for protection in [MailServer.Protection.tls, .startTLS, .noneOnLoopback] {
      var mail = MailServer(host: "127.0.0.1", port: silent.port, protection: protection)
      #expect(failure { () throws(NetworkError) in try mail.send(message, silent.impatientLimits) } == .timedOut)
      mail.port = closed
      #expect(failure { () throws(NetworkError) in try mail.send(message, silent.impatientLimits) } == .unreachable)
    }
  }

  @Test(arguments: [
    "", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\r\n", "<a@b>", "ä@b", "a@.b", "a@b.", "a@b..c", "a,b@c", "a@-b",
  ])
  func `what is no mail address is refused`(text: String) {
    #expect(failure { () throws(NetworkError) in _ = try MailAddress(text) } == .invalidInput)
  }
}
