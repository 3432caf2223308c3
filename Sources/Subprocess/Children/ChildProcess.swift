internal import Base
internal import CLinux
internal import Glibc

/// How a program is asked to end.
public enum StopSignal: Int32, Sendable {
  /// SIGTERM: the usual way; PostgreSQL waits for its sessions.
  case terminate = 15
  /// SIGINT: PostgreSQL ends its sessions and shuts down in order.
  case interrupt = 2
}

/// A program that runs beside this one and ends with it: stopped, if it still runs, when this value ends.
///
/// Holds a pidfd (pidfd_open(2)), so that waiting needs neither polling nor a signal handler. Leads a process group
/// of its own: what it started is stopped with it. Ending the value while the program runs kills it at once; call
/// ``terminate(signal:grace:)`` to let it end by itself.
public struct ChildProcess: ~Copyable, Sendable {
  /// Where an output of the program goes.
  public enum Output: Sendable {
    case discarded
    /// To the same place as that of this process.
    case inherited
    /// To the end of a file, made for its owner alone where there is none.
    case appended(to: String)
  }

  public let pid: Int32
  let watch: Int32
  private let name: String
  private var ended: CommandStatus?

  /// Starts a program whose standard input is empty.
  public init(
    _ command: Command, output: Output = .discarded, errors: Output = .inherited
  ) throws(SubprocessError) {
    let input = try Descriptor.open("/dev/null", O_RDONLY)
    let outputEnd = try Descriptor.open(output, inherited: 1)
    let errorEnd = try Descriptor.open(errors, inherited: 2)
    try self.init(
      spawning: command,
      SpawnPlan(input: input.number, output: outputEnd.number, errors: errorEnd.number))
  }

  init(spawning command: Command, _ plan: SpawnPlan) throws(SubprocessError) {
    let process = try command.spawn(plan)
    let descriptor = pidfd_open(process, 0)
    if descriptor < 0 {
      let error = SubprocessError.system("watch \(command.name)")
      kill(-process, SIGKILL)
      waitpid(process, nil, 0)
      throw error
    }
    pid = process
    watch = descriptor
    name = command.name
    ended = nil
  }

  deinit {
    if ended == nil {
      kill(-pid, SIGKILL)
      waitpid(pid, nil, 0)
    }
    close(watch)
  }

  /// How the program ended; nil while it runs. Does not block.
  public mutating func status() throws(SubprocessError) -> CommandStatus? {
    if let ended { return ended }
    var waitStatus: Int32 = 0
    let process = unsafe waitpid(pid, &waitStatus, WNOHANG)
    if process < 0 { throw .system("wait for \(name)") }
    if process == pid { ended = CommandStatus(waitStatus: waitStatus) }
    return ended
  }

  public mutating func isRunning() throws(SubprocessError) -> Bool { try status() == nil }

  /// Blocks until the program has ended.
  ///
  /// - Throws: `timedOut` when it has not; it goes on running.
  public mutating func wait(timeout: Duration? = nil) throws(SubprocessError) -> CommandStatus {
    let deadline = Deadline(after: timeout)
    while true {
      if let ended = try status() { return ended }
      if deadline.hasPassed {
        throw SubprocessError(.timedOut, doing: "wait for \(name)", reason: "it still runs")
      }
      var waits = [pollfd(fd: watch, events: Int16(POLLIN), revents: 0)]
      try waitUntilReady(&waits, deadline)
    }
  }

  /// Asks the program to end by a signal, and kills it when it still runs after the grace, in any case with what it
  /// started and left behind. Blocks until it has ended.
  @discardableResult
  public mutating func terminate(
    signal: StopSignal = .terminate, grace: Duration = .seconds(5)
  ) throws(SubprocessError) -> CommandStatus {
    if let ended = try status() { return ended }
    // The process is not reaped yet, so its number cannot be another's by now.
    kill(pid, signal.rawValue)
    let deadline = Deadline(after: grace)
    var waits = [pollfd(fd: watch, events: Int16(POLLIN), revents: 0)]
    while waits[0].revents == 0, !deadline.hasPassed { try waitUntilReady(&waits, deadline) }
    // Until it is reaped its group keeps its number.
    kill(-pid, SIGKILL)
    return try wait()
  }
}

extension Descriptor {
  static func open(_ output: ChildProcess.Output, inherited: Int32) throws(SubprocessError) -> Descriptor {
    switch output {
    case .discarded: return try open("/dev/null", O_WRONLY)
    case .appended(let path): return try open(path, O_WRONLY | O_CREAT | O_APPEND)
    case .inherited:
      let copy = fcntl(inherited, F_DUPFD_CLOEXEC, 3)
      guard copy >= 0 else { throw .system("hand an output on") }
      return Descriptor(copy)
    }
  }
}
