/// The way from the root of a JSON text to a value: `systems.administration.source`, `servers[2].name`,
/// `labels["a.b"]`.
public struct JSONPath: Sendable, Hashable, CustomStringConvertible, ExpressibleByStringLiteral {
  public enum Component: Sendable, Hashable {
    case key(String)
    /// From 0.
    case index(Int)
  }

  public var components: [Component]

  public init(_ components: [Component] = []) { self.components = components }

  /// A path that the program's text holds; stops the program where it is malformed.
  public init(stringLiteral text: String) {
    guard let path = JSONPath(text) else { fatalError("malformed JSON path “\(text)”") }
    self = path
  }

  /// Reads the form that ``description`` writes; nil for anything else. `$` is the root.
  public init?(_ text: String) {
    components = []
    if text == "$" { return }
    let bytes = Array(text.utf8)
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "[") {
        guard let close = JSONPath.closingBracket(bytes, from: at + 1) else { return nil }
        let inner = Array(bytes[(at + 1)..<close])
        if inner.first == UInt8(ascii: "\"") {
          // The path as a whole is refused; which quote is at fault shows in it.
          guard case .string(let key) = try? JSONValue(parsing: inner.span, source: "path") else { return nil }
          components.append(.key(key))
        } else {
          guard let index = Int(String(decoding: inner, as: UTF8.self)), index >= 0,
            inner.first != UInt8(ascii: "+")
          else { return nil }
          components.append(.index(index))
        }
        at = close + 1
      } else {
        if !components.isEmpty {
          guard bytes[at] == UInt8(ascii: ".") else { return nil }
          at += 1
        }
        let start = at
        while at < bytes.count, JSONPath.isPlain(bytes[at]) { at += 1 }
        guard at > start else { return nil }
        components.append(.key(String(decoding: bytes[start..<at], as: UTF8.self)))
      }
    }
    if components.isEmpty { return nil }
  }

  public func appending(_ key: String) -> JSONPath { JSONPath(components + [.key(key)]) }

  public func appending(_ index: Int) -> JSONPath { JSONPath(components + [.index(index)]) }

  public var description: String {
    if components.isEmpty { return "$" }
    var text = ""
    for component in components {
      switch component {
      case .index(let index): text += "[\(index)]"
      case .key(let key):
        if !key.isEmpty, key.utf8.allSatisfy(JSONPath.isPlain) {
          text += text.isEmpty ? key : ".\(key)"
        } else {
          text += "[\(JSONValue.string(key).compact())]"
        }
      }
    }
    return text
  }

  private static func closingBracket(_ bytes: [UInt8], from start: Int) -> Int? {
    var quoted = false
    var at = start
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\\") where quoted: at += 1
      case UInt8(ascii: "\""): quoted.toggle()
      case UInt8(ascii: "]") where !quoted: return at
      default: break
      }
      at += 1
    }
    return nil
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"):
      true
    default: byte >= 0x80
    }
  }
}
