internal import Glibc
internal import Migration
internal import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into calls on a thread of its own.
///
/// The signals are blocked in every thread and taken by sigwait(3): no handler runs in the middle of anything.
public final class SignalWatch: Sendable {
  /// What a signal does.
  enum Reaction: Sendable {
    /// Ends the program with the code for cancelled.
    case exit
    /// Sets the flag, so that the run stops where it can, and says what the signal of that number comes to.
    case cancel(CancellationFlag, telling: @Sendable (_ signals: Int) -> String)
    /// Sets the flag, so that what only reads ends and leaves nothing half-written; a second signal ends the program.
    case stop(CancellationFlag)
  }

  private struct State {
    var reaction = Reaction.exit
    var signals = 0
  }

  private let state = Mutex(State())
  private let console = Mutex<Console?>(nil)

  private init() {}

  /// Blocks the signals and starts the thread. To be called before any other thread exists, since threads inherit
  /// what is blocked.
  public static func start() -> SignalWatch {
    let watch = SignalWatch()
    var signals = watched()
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    var thread = pthread_t()
    let argument = unsafe Unmanaged.passRetained(watch).toOpaque()
    if unsafe pthread_create(&thread, nil, signalThread, argument) == 0 {
      pthread_detach(thread)
    } else {
      // Without the thread the signals must keep their usual effect.
      unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
      unsafe Unmanaged<SignalWatch>.fromOpaque(argument).release()
    }
    return watch
  }

  func speak(through console: Console) { self.console.withLock { $0 = console } }

  func react(_ reaction: Reaction) { state.withLock { $0.reaction = reaction } }

  fileprivate static func watched() -> sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, signal) }
    return signals
  }

  fileprivate func received(_ signal: Int32) {
    let (reaction, count) = state.withLock { state in
      state.signals += 1
      return (state.reaction, state.signals)
    }
    switch reaction {
    case .exit:
      console.withLock { $0 }?.show([])
      _exit(ExitCode.cancelled.rawValue)
    case .stop(let flag):
      if count > 1 { _exit(ExitCode.cancelled.rawValue) }
      flag.set()
    case .cancel(let flag, let telling):
      flag.set()
      // A terminal that hung up takes no words.
      guard signal != SIGHUP, let console = console.withLock({ $0 }) else { return }
      console.complain(telling(count))
    }
  }
}

private func signalThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let argument = unsafe argument else { return nil }
  let watch = unsafe Unmanaged<SignalWatch>.fromOpaque(argument).takeRetainedValue()
  var signals = SignalWatch.watched()
  while true {
    var signal: Int32 = 0
    if unsafe sigwait(&signals, &signal) == 0 { watch.received(signal) }
  }
}
