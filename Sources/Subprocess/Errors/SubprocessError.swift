public import Base
internal import Glibc

/// What went wrong with another program. Its output may hold a customer's data and is never quoted here.
public struct SubprocessError: LayeredError {
  public enum Code: Sendable, Equatable {
    /// There is no such program.
    case notFound
    /// The system does not allow it to this user.
    case denied
    /// It ran longer than it was given, and was stopped.
    case timedOut
    /// It wrote more than was to be kept, and was stopped.
    case tooMuchOutput
    /// It ended with another status than zero.
    case failed(CommandStatus)
    /// The consumer of its output threw, and it was stopped.
    case interrupted
    /// The system could not do it.
    case system
  }

  public let code: Code
  public let doing: String
  public let reason: String
  public let advice: String?
  public let cause: (any Error)?

  public init(
    _ code: Code, doing: String, reason: String, advice: String? = nil, cause: (any Error)? = nil
  ) {
    self.code = code
    self.doing = doing
    self.reason = reason
    self.advice = advice
    self.cause = cause
  }

  /// The error of a system call.
  static func system(_ doing: String, _ number: Int32 = errno) -> SubprocessError {
    let code: Code =
      switch number {
      case ENOENT, ENOTDIR: .notFound
      case EACCES, EPERM: .denied
      default: .system
      }
    return SubprocessError(code, doing: doing, reason: unsafe String(cString: strerror(number)))
  }
}

/// How a process ended (wait(2)).
public enum CommandStatus: Sendable, Hashable, CustomStringConvertible {
  case exited(Int32)
  case killed(signal: Int32)

  init(waitStatus: Int32) {
    let signal = waitStatus & 0x7F
    self = signal == 0 ? .exited((waitStatus >> 8) & 0xFF) : .killed(signal: signal)
  }

  public var isSuccess: Bool { self == .exited(0) }

  public var description: String {
    switch self {
    case .exited(let code): "exit status \(code)"
    case .killed(let signal): "ended by signal \(signal)"
    }
  }
}
