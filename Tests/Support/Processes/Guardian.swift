internal import Glibc
internal import Synchronization

/// Ends what the tests leave behind, even when they are killed: servers by their process id, mounts, folders.
///
/// One small shell process per test process holds the reading end of a pipe. What lives is written into
/// it, what ended well is crossed out. When the test process ends, in whatever way, the pipe closes and
/// the shell ends the rest. (`PR_SET_PDEATHSIG` would fire when the *thread* that started a server ends,
/// and threads of the task pool come and go.)
final class Guardian: Sendable {
  static let shared = Guardian()

  /// Something that is ended when the test process dies before ``drop()`` was called.
  struct Keeping: Sendable {
    let kind: String
    let name: String

    func drop() { Guardian.shared.say("\(kind) drop \(name)") }
  }

  private struct Shell {
    var process: ChildProcess
    var channel: Int32
  }

  private let shell: Mutex<Shell?>

  private init() {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    guard unsafe socketpair(AF_UNIX, kind, 0, &ends) == 0 else { fatalError("no socket pair for the guardian") }
    do {
      let process = try ChildProcess("/bin/bash", ["-c", Self.script], input: ends[0])
      close(ends[0])
      shell = Mutex(Shell(process: process, channel: ends[1]))
    } catch {
      fatalError("the guardian does not start: \(error)")
    }
    // At a normal end, wait until all is gone: whoever looks right after the tests sees nothing left.
    atexit { Guardian.shared.finish() }
  }

  /// Ends a process with a signal (`QUIT` is PostgreSQL's immediate shutdown), after 5 s with `KILL`.
  func keep(_ process: ChildProcess, endedBy signal: String) -> Keeping { keep(process.pid, endedBy: signal) }

  func keep(_ process: pid_t, endedBy signal: String) -> Keeping {
    say("process add \(process) \(signal)")
    return Keeping(kind: "process", name: "\(process)")
  }

  /// Removes a folder and all in it.
  func keep(folder: String) -> Keeping {
    say("folder add \(folder)")
    return Keeping(kind: "folder", name: folder)
  }

  /// Unmounts a file system.
  func keep(mount: String) -> Keeping {
    say("mount add \(mount)")
    return Keeping(kind: "mount", name: mount)
  }

  fileprivate func say(_ line: String) {
    shell.withLock { shell in
      guard let shell else { return }
      var bytes = Array((line + "\n").utf8)[...]
      while !bytes.isEmpty {
        let count = unsafe bytes.withUnsafeBytes {
          unsafe send(shell.channel, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
        if count < 0 && errno == EINTR { continue }
        guard count > 0 else { fatalError("the guardian is gone: servers would be left over") }
        bytes.removeFirst(count)
      }
    }
  }

  private func finish() {
    let last = shell.withLock { shell -> Shell? in
      defer { shell = nil }
      return shell
    }
    guard let last else { return }
    close(last.channel)
    _ = last.process.wait(atMost: .seconds(20))
  }

  private static let script = #"""
    trap '' INT TERM HUP QUIT PIPE
    declare -A process folder mount
    while read -r kind act what how; do
      case "$kind $act" in
        "process add") process[$what]=$how ;;
        "process drop") unset "process[$what]" ;;
        "folder add") folder[$what]=1 ;;
        "folder drop") unset "folder[$what]" ;;
        "mount add") mount[$what]=1 ;;
        "mount drop") unset "mount[$what]" ;;
      esac
    done
    alive() {
      local stat
      stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
      [[ $stat != *") Z "* ]]
    }
    for id in "${!process[@]}"; do kill -CONT "$id"; kill "-${process[$id]}" "$id"; done
    for _ in {1..100}; do
      left=
      for id in "${!process[@]}"; do if alive "$id"; then left=1; fi; done
      [[ $left ]] || break
      sleep 0.05
    done
    for id in "${!process[@]}"; do kill -KILL "$id"; done
    for place in "${!mount[@]}"; do umount -l "$place"; done
    for place in "${!folder[@]}"; do
      for _ in {1..40}; do rm -rf -- "$place" && break; sleep 0.05; done
    done
    """#
}
