/// What may stand in a log.
///
/// Numbers, times and identifiers go in as they are. A string needs a word: `text` for what the program
/// or its operator chose, `personal` for what is about people, `secret` for what opens something. The last two
/// are not kept: nothing that reads the log can bring them back.
public enum LogValue: Sendable, Equatable, LogRepresentable {
  case string(String)
  case integer(Int64)
  case number(Double)
  case bool(Bool)
  case array([LogValue])
  /// Something that must not be seen.
  case masked

  public var logValue: LogValue { self }

  /// What is printed in the place of a masked value.
  public static let mask = "‹masked›"
}

/// A value that can stand in a log as it is. `String` is not among them on purpose.
public protocol LogRepresentable: Sendable {
  var logValue: LogValue { get }
}

extension LogRepresentable where Self == LogValue {
  /// Words that the program or its operator chose: a path, a host, the name of a table.
  public static func text(_ text: String) -> LogValue { .string(text) }

  public static func list(_ values: [any LogRepresentable]) -> LogValue { .array(values.map(\.logValue)) }

  /// A value about a person: printed as ``LogValue/mask``.
  public static func personal<Value: ~Copyable>(_ value: borrowing Value) -> LogValue { .masked }

  /// A value that opens something: printed as ``LogValue/mask``.
  public static func secret<Value: ~Copyable>(_ value: borrowing Value) -> LogValue { .masked }

  /// The chain of an error; descriptions of errors hold no values of customers.
  public static func error(_ error: any Error) -> LogValue { .string(explain(error)) }
}

extension Int: LogRepresentable {
  public var logValue: LogValue { .integer(Int64(self)) }
}

extension Int32: LogRepresentable {
  public var logValue: LogValue { .integer(Int64(self)) }
}

extension Int64: LogRepresentable {
  public var logValue: LogValue { .integer(self) }
}

extension Double: LogRepresentable {
  public var logValue: LogValue { .number(self) }
}

extension Bool: LogRepresentable {
  public var logValue: LogValue { .bool(self) }
}

extension StaticString: LogRepresentable {
  public var logValue: LogValue { .string(description) }
}

extension Timestamp: LogRepresentable {
  public var logValue: LogValue { .string(description) }
}

extension UniqueID: LogRepresentable {
  public var logValue: LogValue { .string(description) }
}
