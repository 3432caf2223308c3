internal import Base
internal import CLinux
internal import Glibc

/// What a new process gets as its three standard streams, and whose signals it shares.
struct SpawnPlan {
  var input: Int32
  var output: Int32
  var errors: Int32
  /// A session of its own, without a terminal; otherwise a process group of its own.
  var ownSession = false
}

extension Command {
  /// Starts the program and gives its process id.
  ///
  /// The process inherits no descriptor but the three, no blocked signal, and no ignored signal: posix_spawn(3)
  /// would hand down that this process ignores SIGPIPE.
  func spawn(_ plan: SpawnPlan) throws(SubprocessError) -> pid_t {
    ignoreBrokenPipes()
    let doing = "run \(name)"
    let line = try launchLine()

    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    var code = unsafe posix_spawn_file_actions_adddup2(&actions, plan.input, 0)
    if code == 0 { code = unsafe posix_spawn_file_actions_adddup2(&actions, plan.output, 1) }
    if code == 0 { code = unsafe posix_spawn_file_actions_adddup2(&actions, plan.errors, 2) }
    if code == 0 { code = unsafe posix_spawn_file_actions_addclosefrom_np(&actions, 3) }
    if code == 0, let folder { code = unsafe posix_spawn_file_actions_addchdir_np(&actions, folder) }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    if code == 0 { code = unsafe posix_spawnattr_setsigmask(&attributes, &signals) }
    for signal in [SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD, SIGUSR1, SIGUSR2] {
      unsafe sigaddset(&signals, signal)
    }
    if code == 0 { code = unsafe posix_spawnattr_setsigdefault(&attributes, &signals) }
    let flags =
      POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
      | (plan.ownSession ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP)
    if code == 0 { code = unsafe posix_spawnattr_setflags(&attributes, Int16(flags)) }

    var process: pid_t = 0
    if code == 0 {
      code = unsafe withCStrings(line.arguments) { arguments in
        unsafe withCStrings(environmentLines()) { environment in
          unsafe posix_spawn(&process, line.path, &actions, &attributes, arguments, environment)
        }
      }
    }
    guard code == 0 else { throw .system(doing, code) }
    return process
  }
}

/// Lends texts as the null-terminated array of C strings that exec wants.
private func withCStrings<Result>(
  _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = unsafe texts.map { unsafe strdup($0) } + [nil]
  defer { unsafe pointers.forEach { unsafe free($0) } }
  return unsafe pointers.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress!) }
}
