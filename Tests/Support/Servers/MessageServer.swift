internal import Glibc
internal import Testing

/// A small server of Debian's Python on loopback, which prints its port and then one JSON object for each message that
/// came in. Its certificate is that of ``TestCertificates`` for `localhost` and 127.0.0.1.
public final class MessageServer: Sendable {
  public let port: Int
  private let folder: TestFolder
  private let process: ServerProcess

  static let python = "/usr/bin/python3"

  private init(_ program: String, _ arguments: [String] = []) throws {
    let folder = try TestFolder()
    let certificates = try TestCertificates.made()
    let log = folder / "output"
    func lines() -> [Substring] {
      // Not there before the server has said a word.
      ((try? Files.text(of: log)) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    }
    process = try ServerProcess(
      MessageServer.python,
      ["-u", "-c", program, certificates.good.certificate, certificates.good.key] + arguments, as: nil, log: log,
      ending: ("TERM", SIGTERM)
    ) { _ in lines().count > 1 }
    guard let port = lines().first.flatMap({ Int($0) }) else {
      throw SupportError(.failed, doing: "start a server of messages", reason: ServerProcess.tail(of: log))
    }
    self.port = port
    self.folder = folder
  }

  /// What came in so far, one line of JSON each.
  public func received() throws -> [String] {
    try Files.text(of: folder / "output").split(separator: "\n").filter { $0.hasPrefix("{") }.map(String.init)
  }

  /// Answers with the statuses that it is given, one after the other, the last one for ever.
  public static func webhook(answering statuses: [Int] = [200]) throws -> MessageServer {
    try MessageServer(
      """
      import http.server, json, ssl, sys
      statuses = [int(text) for text in sys.argv[3:]]
      class Handler(http.server.BaseHTTPRequestHandler):
          def log_message(self, *arguments): pass
          def do_POST(self):
              body = self.rfile.read(int(self.headers["Content-Length"]))
              status = statuses.pop(0) if len(statuses) > 1 else statuses[0]
              print(json.dumps({"path": self.path, "status": status, "headers": dict(self.headers),
                                "body": json.loads(body)}))
              self.send_response(status)
              self.send_header("Content-Length", "0")
              self.end_headers()
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain(sys.argv[1], sys.argv[2])
      server.socket = context.wrap_socket(server.socket, server_side=True)
      print(server.server_address[1])
      server.serve_forever()
      """, statuses.map(String.init))
  }

  /// A mail server with STARTTLS and login, or one without either.
  public static func mail(protected: Bool) throws -> MessageServer {
    guard try Tool.run(python, ["-c", "import aiosmtpd"]).status == 0 else {
      try skipLoudly("python3-aiosmtpd is not installed")
    }
    return try MessageServer(
      """
      import asyncio, email, email.policy, json, ssl, sys
      from aiosmtpd.smtp import SMTP, AuthResult
      protected = sys.argv[3] == "protected"
      context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
      context.load_cert_chain(sys.argv[1], sys.argv[2])
      class Handler:
          async def handle_DATA(self, server, session, envelope):
              message = email.message_from_bytes(envelope.content, policy=email.policy.default)
              print(json.dumps({"to": envelope.rcpt_tos, "subject": message["Subject"], "body": message.get_content(),
                                "tls": server.transport.get_extra_info("ssl_object") is not None}))
              return "250 OK"
      def authenticate(server, session, envelope, mechanism, data):
          return AuthResult(handled=False, success=data.login == b"sender" and data.password == b"open sesame")
      def make():
          if not protected: return SMTP(Handler(), hostname="test")
          return SMTP(Handler(), hostname="test", authenticator=authenticate, auth_required=True,
                      require_starttls=True, tls_context=context)
      async def main():
          server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", 0)
          print(server.sockets[0].getsockname()[1])
          await server.serve_forever()
      asyncio.run(main())
      """, [protected ? "protected" : "open"])
  }
}
