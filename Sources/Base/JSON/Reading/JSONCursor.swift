/// A ``JSONValue`` read with errors that name path and line, for texts that were parsed without a tree.
public struct JSONCursor: Sendable, JSONReadable {
  private let content: JSONValue
  public let path: JSONPath
  private let source: String
  private let line: Int?

  /// - Parameters:
  ///   - source: what errors call the text, for instance the file.
  ///   - line: of the text in a file of lines.
  public init(_ value: JSONValue, source: String, line: Int? = nil) {
    self.init(value, path: JSONPath(), source: source, line: line)
  }

  private init(_ value: JSONValue, path: JSONPath, source: String, line: Int?) {
    content = value
    self.path = path
    self.source = source
    self.line = line
  }

  public var kind: JSONKind { content.kind }

  public var key: String? { if case .key(let key) = path.components.last { key } else { nil } }

  public var children: [JSONCursor] {
    switch content {
    case .array(let elements): elements.enumerated().map { at($1, path.appending($0)) }
    case .object(let object): object.members.map { at($0.value, path.appending($0.key)) }
    default: []
    }
  }

  public func member(_ key: String) -> JSONCursor? { content[key].map { at($0, path.appending(key)) } }

  public func element(_ index: Int) -> JSONCursor? { content[index].map { at($0, path.appending(index)) } }

  public func value() -> JSONValue { content }

  public func error(_ code: JSONError.Code, _ reason: String, advice: String?) -> JSONError {
    JSONError(
      code, doing: "read JSON", source: line.map { "\(source):\($0)" } ?? source, position: nil, path: path,
      reason: reason, advice: advice)
  }

  private func at(_ value: JSONValue, _ path: JSONPath) -> JSONCursor {
    JSONCursor(value, path: path, source: source, line: line)
  }
}
