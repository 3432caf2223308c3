internal import Glibc

/// A server as a child process: its output goes to a log file, and it ends with its owner.
final class ServerProcess: Sendable {
  let process: ChildProcess
  private let program: String
  private let log: String
  private let keeping: Guardian.Keeping
  private let ending: Int32

  /// Starts a server and waits until it is ready.
  ///
  /// `ending` is the signal that ends it quickly and cleanly, by name and number.
  /// - Throws: ``SupportError`` with the tail of the log where it ends or is not ready in time.
  init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], as account: Account?,
    log: String, ending: (name: String, number: Int32), atMost limit: Duration = .seconds(60),
    untilReady isReady: (ChildProcess) -> Bool
  ) throws(SupportError) {
    let path = try Tool.required(program)
    let output = unsafe open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard output >= 0 else { throw .system(doing: "open \(log)", number: errno) }
    defer { close(output) }
    process = try ChildProcess(
      path, arguments, environment: environment, as: account, output: output, errors: output)
    keeping = Guardian.shared.keep(process, endedBy: ending.name)
    self.program = program
    self.log = log
    self.ending = ending.number
    let deadline = ContinuousClock.now + limit
    while !isReady(process) {
      if let code = process.exitCode {
        keeping.drop()
        throw SupportError(.failed, doing: "start \(program)", reason: "exit \(code): \(Self.tail(of: log))")
      }
      if ContinuousClock.now >= deadline {
        stop()
        throw SupportError(.timedOut, doing: "start \(program)", reason: Self.tail(of: log))
      }
      usleep(5_000)
    }
  }

  deinit { stop() }

  /// Ends the server, with `KILL` if it does not end within 20 s, and waits. Ending twice is harmless.
  func stop(_ signal: Int32? = nil) {
    process.signal(SIGCONT)
    process.signal(signal ?? ending)
    if process.wait(atMost: .seconds(20)) == nil {
      process.signal(SIGKILL)
      _ = process.wait(atMost: .seconds(20))
    }
    keeping.drop()
  }

  /// The last lines of the log.
  static func tail(of log: String) -> String {
    guard let text = try? Files.text(of: log) else { return "no log" }  // the error at hand says more
    return text.split(separator: "\n").suffix(8).joined(separator: " | ")
  }
}
