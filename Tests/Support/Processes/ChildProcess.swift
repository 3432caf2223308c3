internal import Base
internal import Glibc
internal import Synchronization

/// A process that these tests started: only it is ever signalled, by its own id.
///
/// It leads a session of its own, so that a Ctrl-C at the terminal ends the tests first and the
/// ``Guardian`` then ends it.
final class ChildProcess: Sendable {
  let pid: pid_t
  /// The exit code, or 128 plus the signal, once it has ended and was reaped.
  private let ending = Mutex<Int32?>(nil)

  /// Starts a program. Descriptors are taken as they are; nil means `/dev/null`.
  init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], as account: Account? = nil,
    input: Int32? = nil, output: Int32? = nil, errors: Int32? = nil
  ) throws(SupportError) {
    var program = program
    var arguments = arguments
    if let account {
      arguments =
        [
          "--reuid=\(account.user)", "--regid=\(account.group)", "--clear-groups", "--no-new-privs", "--", program,
        ] + arguments
      program = try Tool.required("setpriv")
    }
    pid = try Self.spawn(
      program, arguments, environment: environment, descriptors: [input, output, errors])
  }

  /// Sends a signal; false where the process has ended already.
  @discardableResult
  func signal(_ number: Int32) -> Bool {
    ending.withLock { ended in
      if ended == nil { ended = Self.reap(pid) }
      guard ended == nil else { return false }
      return kill(pid, number) == 0
    }
  }

  /// The exit code where the process has ended, without waiting.
  var exitCode: Int32? {
    ending.withLock { ended in
      if ended == nil { ended = Self.reap(pid) }
      return ended
    }
  }

  /// Waits for the end and gives the exit code; nil where the time ran out first.
  func wait(atMost limit: Duration) -> Int32? {
    let deadline = ContinuousClock.now + limit
    var pause = 200
    while true {
      if let code = exitCode { return code }
      if ContinuousClock.now >= deadline { return nil }
      usleep(UInt32(pause))
      pause = min(pause * 2, 10_000)
    }
  }

  private static func reap(_ pid: pid_t) -> Int32? {
    var status: Int32 = 0
    let found = unsafe waitpid(pid, &status, WNOHANG)
    if found == 0 || (found < 0 && errno == EINTR) { return nil }
    if found < 0 { return 255 }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }

  private static func spawn(
    _ program: String, _ arguments: [String], environment: [String: String], descriptors: [Int32?]
  ) throws(SupportError) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for (target, descriptor) in descriptors.enumerated() {
      if let descriptor {
        unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
      } else {
        unsafe posix_spawn_file_actions_addopen(
          &actions, Int32(target), "/dev/null", target == 0 ? O_RDONLY : O_WRONLY, 0)
      }
    }
    let newSession: Int16 = 0x80  // POSIX_SPAWN_SETSID, which needs _GNU_SOURCE
    unsafe posix_spawnattr_setflags(
      &attributes, newSession | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    var defaults = sigset_t()
    unsafe sigemptyset(&defaults)
    for number in [SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP] { unsafe sigaddset(&defaults, number) }
    unsafe posix_spawnattr_setsigdefault(&attributes, &defaults)

    let words = [program] + arguments
    var variables = Environment.inherited
    variables.merge(environment) { $1 }
    var child: pid_t = 0
    let code = unsafe withCStrings(words) { words in
      unsafe withCStrings(variables.map { "\($0)=\($1)" }) { variables in
        unsafe posix_spawn(&child, program, &actions, &attributes, words, variables)
      }
    }
    guard code == 0 else { throw .system(doing: "start \(program)", number: code) }
    return child
  }
}

/// Lends a null-terminated array of C strings.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var copies: [UnsafeMutablePointer<CChar>?] = unsafe strings.map { unsafe strdup($0) }
  unsafe copies.append(nil)
  defer { unsafe copies.forEach { unsafe free($0) } }
  return unsafe copies.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
}

/// True while a process runs; one that has ended and waits for its parent (a zombie) does not.
public func isAlive(_ process: Int32) -> Bool {
  guard let text = try? Files.text(of: "/proc/\(process)/stat") else { return false }  // no such process
  // The name stands in parentheses and may hold anything; the state follows it.
  guard let end = text.lastIndex(of: ")") else { return false }
  return !text[end...].hasPrefix(") Z")
}
