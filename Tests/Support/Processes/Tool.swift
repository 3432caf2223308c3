internal import Glibc

/// A program of the system run to its end: `psql`, `openssl`, `pg_dump`.
public enum Tool {
  /// What a program left behind.
  public struct Outcome: Sendable {
    /// The exit code, or 128 plus the signal that ended it.
    public let status: Int32
    public let output: [UInt8]
    public let errors: [UInt8]
    /// The output as text.
    public var text: String { String(decoding: output, as: UTF8.self) }
    /// The errors as text.
    public var errorText: String { String(decoding: errors, as: UTF8.self) }
  }

  /// Where a program is installed: in the path, or among the server binaries of PostgreSQL 15; nil where it is not.
  public static func path(of program: String) -> String? {
    if program.contains("/") { return unsafe access(program, X_OK) == 0 ? program : nil }
    for folder in Environment.inherited["PATH"]!.split(separator: ":") {
      let candidate = "\(folder)/\(program)"
      if unsafe access(candidate, X_OK) == 0 { return candidate }
    }
    return nil
  }

  /// Like ``path(of:)``, but throws where the program is missing.
  public static func required(_ program: String) throws(SupportError) -> String {
    guard let path = path(of: program) else {
      throw SupportError(
        .unavailable, doing: "find \(program)", reason: "not installed", advice: "make setup")
    }
    return path
  }

  /// Runs a program and waits for it, blocking; any exit code is an outcome.
  ///
  /// The program sees a fixed path, UTF-8, UTC and `environment`, nothing else of the caller's variables.
  /// - Throws: ``SupportError`` where it cannot be started or takes longer than `limit` (it is then killed).
  public static func run(
    _ program: String, _ arguments: [String] = [], input: [UInt8] = [], environment: [String: String] = [:],
    as account: Account? = nil, atMost limit: Duration = .seconds(120)
  ) throws(SupportError) -> Outcome {
    let path = try required(program)
    let (inputEnd, inputStart) = try channel()
    let (outputEnd, outputStart) = try channel()
    let (errorsEnd, errorsStart) = try channel()
    var open = [inputEnd, inputStart, outputEnd, outputStart, errorsEnd, errorsStart]
    func shut(_ descriptor: Int32) {
      close(descriptor)
      open.removeAll { $0 == descriptor }
    }
    defer { for descriptor in open { close(descriptor) } }

    let child = try ChildProcess(
      path, arguments, environment: environment, as: account, input: inputEnd, output: outputStart,
      errors: errorsStart)
    let keeping = Guardian.shared.keep(child, endedBy: "KILL")
    defer { keeping.drop() }
    for descriptor in [inputEnd, outputStart, errorsStart] { shut(descriptor) }
    _ = fcntl(inputStart, F_SETFL, O_NONBLOCK)

    let deadline = ContinuousClock.now + limit
    var rest = input[...]
    var output: [UInt8] = []
    var errors: [UInt8] = []
    if rest.isEmpty { shut(inputStart) }
    while open.contains(outputEnd) || open.contains(errorsEnd) {
      guard ContinuousClock.now < deadline else {
        child.signal(SIGKILL)
        _ = child.wait(atMost: .seconds(10))
        throw SupportError(.timedOut, doing: "run \(program)", reason: "took longer than \(limit)")
      }
      var waits = open.map { pollfd(fd: $0, events: Int16($0 == inputStart ? POLLOUT : POLLIN), revents: 0) }
      _ = unsafe poll(&waits, nfds_t(waits.count), 100)
      for wait in waits where wait.revents != 0 {
        switch wait.fd {
        case inputStart:
          let count = unsafe rest.withUnsafeBytes {
            unsafe send(inputStart, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
          }
          if count > 0 { rest.removeFirst(count) }
          if rest.isEmpty || (count < 0 && errno != EAGAIN) { shut(inputStart) }
        case outputEnd: if !drain(outputEnd, into: &output) { shut(outputEnd) }
        default: if !drain(errorsEnd, into: &errors) { shut(errorsEnd) }
        }
      }
    }
    guard let status = child.wait(atMost: deadline - .now) else {
      child.signal(SIGKILL)
      throw SupportError(.timedOut, doing: "run \(program)", reason: "closed its output and went on")
    }
    return Outcome(status: status, output: output, errors: errors)
  }

  /// Like ``run(_:_:input:environment:as:atMost:)``, but throws with what the program said where it fails.
  @discardableResult
  public static func check(
    _ program: String, _ arguments: [String] = [], input: [UInt8] = [], environment: [String: String] = [:],
    as account: Account? = nil, atMost limit: Duration = .seconds(120)
  ) throws(SupportError) -> Outcome {
    let outcome = try run(
      program, arguments, input: input, environment: environment, as: account, atMost: limit)
    guard outcome.status == 0 else {
      throw SupportError(
        .failed, doing: "run \(program)", reason: "exit \(outcome.status): \(outcome.errorText)\(outcome.text)")
    }
    return outcome
  }

  /// A socket pair and not a pipe: close-on-exec from the start, so that no server started at the same moment
  /// inherits an end and keeps it open; and writing to it raises no SIGPIPE.
  private static func channel() throws(SupportError) -> (Int32, Int32) {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
      throw .system(doing: "make a channel", number: errno)
    }
    return (ends[0], ends[1])
  }

  /// Reads what is there; false at the end.
  private static func drain(_ descriptor: Int32, into bytes: inout [UInt8]) -> Bool {
    let count = unsafe withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
      let count = unsafe read(descriptor, buffer.baseAddress, buffer.count)
      if count > 0 { unsafe bytes.append(contentsOf: buffer[..<count]) }
      return count
    }
    return count > 0 || (count < 0 && errno == EINTR)
  }
}
