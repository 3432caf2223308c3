import Glibc
import Network
import Subprocess
import Testing

/// The code of what a call throws; nil when it does not throw.
func failure(_ body: () throws(NetworkError) -> Void) -> NetworkError.Code? {
  do {
    try body()
    return nil
  } catch {
    return error.code
  }
}

/// A server of Debian's Python, stopped when the value ends: it prints the port that it was given, then whatever it
/// received. Its folder holds an authority (`ca.pem`), a certificate of it for 127.0.0.1 alone (`server.pem`,
/// `server.key`), and an authority that made nothing (`other.pem`).
final class TestServer {
  let folder: String
  let port: Int
  private var process: ChildProcess

  var authority: String { folder + "/ca.pem" }

  init(_ program: String, arguments: [String] = []) throws {
    folder =
      try Command("mktemp", ["-d", "/tmp/locktender-test-XXXXXX"]).run().requireSuccess().text
      .split(separator: "\n").first.map(String.init) ?? ""
    try Command("sh", ["-e", "-c", certificates, folder]).run(timeout: .seconds(60)).requireSuccess()
    process = try ChildProcess(
      Command("/usr/bin/python3", ["-u", "-c", program] + arguments, folder: folder),
      output: .appended(to: folder + "/output"), errors: .appended(to: folder + "/errors"))
    let deadline = ContinuousClock.now.advanced(by: .seconds(30))
    var first: Int?
    while first == nil, ContinuousClock.now < deadline, try process.isRunning() {
      let output = try Command("cat", [folder + "/output"]).run().text
      if let end = output.firstIndex(of: "\n") { first = Int(output[..<end]) } else { usleep(10_000) }
    }
    guard let first else {
      Issue.record("the server does not start: \(try Command("cat", [folder + "/errors"]).run().text)")
      throw NoServer()
    }
    port = first
  }

  struct NoServer: Error {}

  deinit {
    do {
      try process.terminate(grace: .milliseconds(200))
      try Command("rm", ["-rf", folder]).run().requireSuccess()
    } catch {
      Issue.record("the server could not be stopped: \(error)")
    }
  }

  /// What the server printed behind its port.
  func received() throws -> String {
    let output = try Command("cat", [folder + "/output"]).run().text
    return output.firstIndex(of: "\n").map { String(output[output.index(after: $0)...]) } ?? ""
  }

  /// Limits under which this server is trusted.
  var limits: TransferLimits {
    var limits = TransferLimits()
    limits.authorityFile = authority
    return limits
  }

  /// Limits for servers that will not answer.
  var impatientLimits: TransferLimits {
    var limits = limits
    limits.connectTimeout = .seconds(1)
    limits.timeout = .seconds(1)
    return limits
  }
}

private let certificates = """
  cd "$0"
  for name in ca other; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout $name.key -out $name.pem \
      -subj "/CN=Test authority $name" -days 2 -addext basicConstraints=critical,CA:TRUE \
      -addext keyUsage=critical,keyCertSign
  done
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout server.key -out server.csr -subj /CN=server
  printf 'subjectAltName=IP:127.0.0.1\\nbasicConstraints=CA:FALSE\\n' > extensions
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 -extfile extensions
  """

/// A port of this machine on which nobody listens any more.
func closedPort() throws -> Int {
  let program = """
    import socket, time
    server = socket.create_server(("127.0.0.1", 0))
    port = server.getsockname()[1]
    server.close()
    print(port)
    while True: time.sleep(1)
    """
  return try TestServer(program).port
}

/// A server that takes connections and never says anything.
let silentProgram = """
  import socket, time
  server = socket.create_server(("127.0.0.1", 0))
  print(server.getsockname()[1])
  while True: time.sleep(1)
  """
