/// How much an entry matters.
public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
  /// For somebody who looks for a fault.
  case debug
  /// The normal course of things.
  case info
  /// Normal, and worth knowing.
  case notice
  /// Something is wrong and the work goes on.
  case warning
  /// Something is wrong and a piece of work was not done.
  case error

  public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }

  public var name: String {
    switch self {
    case .debug: "debug"
    case .info: "info"
    case .notice: "notice"
    case .warning: "warning"
    case .error: "error"
    }
  }
}

/// One thing that happened.
public struct LogEntry: Sendable {
  public let time: Timestamp
  public let level: LogLevel
  public let message: String
  public let fields: [(key: String, value: LogValue)]

  /// The value of the last field with a key.
  public subscript(key: String) -> LogValue? { fields.last { $0.key == key }?.value }
}

/// Where entries go. Called from any thread; must not throw, since nobody could act on it.
public protocol LogSink: Sendable {
  func write(_ entry: LogEntry)
}

/// Writes entries with constant messages and dotted keys: `log.info("batch committed", ["history.rows": n])`.
///
/// A value is handed in, never looked up: there is no global log. Messages and keys are constants, so that no
/// value can slip into them; strings need a word about what they are (``LogValue``).
public struct Log: Sendable {
  private let sink: any LogSink
  private let level: LogLevel
  private let clock: any Clock
  private var context: [(key: String, value: LogValue)] = []

  /// - Parameter level: entries below it are dropped.
  public init(_ sink: any LogSink, level: LogLevel = .info, clock: any Clock = SystemClock()) {
    self.sink = sink
    self.level = level
    self.clock = clock
  }

  public typealias Fields = KeyValuePairs<StaticString, any LogRepresentable>

  /// A log that adds these fields to each of its entries.
  public func with(_ fields: Fields) -> Log {
    var log = self
    log.context += Log.values(fields)
    return log
  }

  public func debug(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
    write(.debug, message, fields)
  }

  public func info(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
    write(.info, message, fields)
  }

  public func notice(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
    write(.notice, message, fields)
  }

  public func warning(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
    write(.warning, message, fields)
  }

  public func error(_ message: StaticString, _ fields: @autoclosure () -> Fields = [:]) {
    write(.error, message, fields)
  }

  private func write(_ level: LogLevel, _ message: StaticString, _ fields: () -> Fields) {
    guard level >= self.level else { return }
    sink.write(
      LogEntry(
        time: clock.now(), level: level, message: message.description, fields: context + Log.values(fields())))
  }

  private static func values(_ fields: Fields) -> [(key: String, value: LogValue)] {
    fields.map { ($0.key.description, $0.value.logValue) }
  }
}
