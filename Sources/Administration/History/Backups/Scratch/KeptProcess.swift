internal import Base
internal import Glibc
internal import Subprocess
internal import Synchronization

/// A program that a thread of its own has started and waits for.
///
/// A program that asks the kernel for a signal at its parent's end (prctl(2), PR_SET_PDEATHSIG) gets it at the end
/// of the *thread* that started it; threads of pools and of steps come and go, this one stays.
final class KeptProcess: Sendable {
  private let work: Work
  private let thread: Mutex<pthread_t?>

  private final class Work: Sendable {
    let command: Command
    let log: String
    let state = Mutex(State())

    struct State {
      var isStopping = false
      /// How it ended, in words.
      var ended: String?
    }

    init(_ command: Command, _ log: String) {
      self.command = command
      self.log = log
    }

    func run() {
      do {
        var child = try ChildProcess(command, output: .appended(to: log), errors: .appended(to: log))
        var status: CommandStatus?
        while status == nil {
          if state.withLock({ $0.isStopping }) {
            status = try child.terminate(signal: .interrupt, grace: .seconds(60))
          } else {
            do {
              status = try child.wait(timeout: .milliseconds(50))
            } catch {
              guard error.code == .timedOut else { throw error }
            }
          }
        }
        end(status.map(\.description) ?? "")
      } catch {
        end(explain(error))
      }
    }

    private func end(_ words: String) { state.withLock { $0.ended = words } }
  }

  init(_ command: Command, log: String) throws {
    work = Work(command, log)
    var thread = pthread_t()
    let argument = unsafe Unmanaged.passRetained(work).toOpaque()
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        if let argument = unsafe argument { unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument)
    guard code == 0 else {
      unsafe Unmanaged<Work>.fromOpaque(argument).release()
      throw AdministrationError(
        .unusable, doing: "start a thread", reason: unsafe String(cString: strerror(code)))
    }
    self.thread = Mutex(thread)
  }

  deinit { stop() }

  /// How it ended, in words; nil while it runs.
  var ended: String? { work.state.withLock { $0.ended } }

  /// Ends the program in order, and by force after a minute. Blocks until it has ended; again does nothing.
  func stop() {
    work.state.withLock { $0.isStopping = true }
    let running = thread.withLock { thread in
      defer { thread = nil }
      return thread
    }
    if let running { pthread_join(running, nil) }
  }
}
