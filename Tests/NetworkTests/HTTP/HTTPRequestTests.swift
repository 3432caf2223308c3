import Network
import Testing

struct HTTPRequestTests {
  /// Python's own HTTP server under TLS. It prints each request as it came.
  private static let program = """
    import http.server, ssl, sys
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        def log_message(self, *arguments): pass
        def answer(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            print(self.command, self.path, sorted((k, v) for k, v in self.headers.items()), body)
            status, content = 200, b"thanks"
            if self.path == "/elsewhere": status = 302
            if self.path == "/broken": status = 503
            if self.path.startswith("/large/"): content = b"x" * int(self.path[7:])
            if self.path == "/slow":
                import time; time.sleep(20)
            self.send_response(status)
            if status == 302: self.send_header("Location", "https://127.0.0.1:%d/moved" % port)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        do_GET = do_POST = answer
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if sys.argv[1:] == ["old"]:
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.load_cert_chain("server.pem", "server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    print(port)
    server.serve_forever()
    """

  private func url(_ server: TestServer, _ path: String) -> String { "https://127.0.0.1:\(server.port)\(path)" }

  @Test func `a web hook gets its JSON, and the answer comes back`() throws {
    let server = try TestServer(HTTPRequestTests.program)
    let json = Array(#"{"text":"Läuft ✓"}"#.utf8)
    let request = HTTPRequest.post(json: json, to: url(server, "/hook?key=1"), fields: [.init("X-Run", "a b")])
    let answer = try request.send(server.limits)
    #expect(answer.status == 200 && answer.isSuccess && answer.text == "thanks")
    let received = try server.received()
    #expect(received.hasPrefix("POST /hook?key=1 "))
    #expect(received.contains("('Content-Type', 'application/json')"))
    #expect(received.contains("('Content-Length', '\(json.count)')"))
    #expect(received.contains("('X-Run', 'a b')"))
    #expect(received.contains(#"b'{"text":"L\xc3\xa4uft \xe2\x9c\x93"}'"#))
  }

  @Test func `an empty body, and one of megabytes, arrive whole`() throws {
    let server = try TestServer(HTTPRequestTests.program)
    #expect(try HTTPRequest.post(json: [], to: url(server, "/")).send(server.limits).status == 200)
    #expect(try server.received().hasSuffix(" b''\n"))
    let large = [UInt8](repeating: UInt8(ascii: "y"), count: 3_000_000)
    #expect(try HTTPRequest.post(json: large, to: url(server, "/")).send(server.limits).status == 200)
    #expect(try server.received().contains("'\(large.count)'"))
  }

  @Test func `statuses are answers, and a redirect is not followed`() throws {
    let server = try TestServer(HTTPRequestTests.program)
    let broken = try HTTPRequest(.get, url(server, "/broken")).send(server.limits)
    #expect(broken.status == 503 && !broken.isSuccess)
    #expect(try HTTPRequest(.get, url(server, "/elsewhere")).send(server.limits).status == 302)
    #expect(try !server.received().contains("/moved"))
  }

  @Test func `an answer above the limit is given up, one at the limit is not`() throws {
    let server = try TestServer(HTTPRequestTests.program)
    var limits = server.limits
    limits.answerLimit = 1000
    #expect(try HTTPRequest(.get, url(server, "/large/1000")).send(limits).body.count == 1000)
    for size in [1001, 5_000_000] {
      let code = failure { () throws(NetworkError) in
        _ = try HTTPRequest(.get, url(server, "/large/\(size)")).send(limits)
      }
      #expect(code == .tooLarge)
    }
  }

  @Test func `an unknown authority, another name and old TLS are not trusted`() throws {
    let server = try TestServer(HTTPRequestTests.program)
    var limits = server.limits
    func attempt(_ url: String) -> NetworkError.Code? {
      failure { () throws(NetworkError) in _ = try HTTPRequest(.get, url).send(limits) }
    }
    #expect(attempt("https://localhost:\(server.port)/") == .untrusted)
    limits.authorityFile = nil
    #expect(attempt(url(server, "/")) == .untrusted)
    limits.authorityFile = server.folder + "/other.pem"
    #expect(attempt(url(server, "/")) == .untrusted)
    limits.authorityFile = server.folder + "/server.key"
    #expect(attempt(url(server, "/")) == .untrusted)
    limits.authorityFile = server.folder + "/nothing"
    #expect(attempt(url(server, "/")) == .invalidInput)
    #expect(try server.received().isEmpty)

    let old = try TestServer(HTTPRequestTests.program, arguments: ["old"])
    limits = old.limits
    #expect(attempt(url(old, "/")) == .untrusted)
  }

  @Test func `an absent server is unreachable, a slow or silent one times out`() throws {
    let server = try TestServer(HTTPRequestTests.program)
    let silent = try TestServer(silentProgram)
    let closed = try closedPort()
    let limits = server.impatientLimits
    func attempt(_ url: String) -> NetworkError.Code? {
      failure { () throws(NetworkError) in _ = try HTTPRequest(.get, url).send(limits) }
    }
    #expect(attempt("https://127.0.0.1:\(closed)/") == .unreachable)
    #expect(attempt("https://no-such-host.invalid/") == .unreachable)
    #expect(attempt(url(silent, "/")) == .timedOut)
    #expect(attempt(url(server, "/slow")) == .timedOut)
  }

  @Test(arguments: [
    "http://127.0.0.1/", "ftp://127.0.0.1/", "file:///etc/passwd", "https://", "no address",
    "https://user:pw@host/",
    "https://user@host/", "",
  ])
  func `other addresses than plain HTTPS ones are refused`(url: String) {
    #expect(failure { () throws(NetworkError) in _ = try HTTPRequest(.get, url).send() } == .invalidInput)
  }

  @Test func `a header field cannot smuggle in another, nor an error the address of the hook`() throws {
    for field in [HTTPRequest.Field("A", "b\r\nC: d"), .init("A: b", "c"), .init("", "x"), .init("A", "ü")] {
      let request = HTTPRequest(.get, "https://127.0.0.1/secret-path", fields: [field])
      do {
        _ = try request.send()
        Issue.record("a field with forbidden characters was sent")
      } catch {
        #expect(error.code == .invalidInput)
        #expect(!"\(error)".contains("secret"))
      }
    }
  }
}
