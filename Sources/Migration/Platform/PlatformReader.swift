public import Base

/// Reads the values that occur all over a platform file. Strict: null stands for nothing.
public struct PlatformReader: Sendable {
  /// Where relative paths start from.
  public let folder: String

  public init(folder: String) { self.folder = folder }

  /// A member that may be missing, but not null.
  public func member(_ key: String, of node: JSONNode) throws(JSONError) -> JSONNode? {
    guard let member = node.member(key) else {
      // Asks for the type: a list has no members either.
      _ = try node.optional(key)
      return nil
    }
    return member
  }

  /// A text with something in it and no control character.
  public func text(_ node: JSONNode) throws(JSONError) -> String {
    let text = try node.string()
    guard !text.isEmpty else { throw node.error(.refusedValue, "the text is empty", advice: nil) }
    guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw node.error(.refusedValue, "a control character in the text", advice: nil)
    }
    return text
  }

  /// A path; a relative one starts at the platform file's folder.
  public func path(_ node: JSONNode) throws(JSONError) -> String { Paths.join(folder, try text(node)) }

  /// A name that can be typed: letters, digits, point, underscore and dash, at most 64, no dash in front.
  public func name(_ text: String, at node: JSONNode) throws(JSONError) -> String {
    let isPlain = text.utf8.allSatisfy { byte in
      switch byte {
      case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
      default: false
      }
    }
    guard isPlain, (1...64).contains(text.utf8.count), text.utf8.first != UInt8(ascii: "-"),
      text.utf8.first != UInt8(ascii: ".")
    else {
      throw node.error(
        .refusedValue, "a name has letters, digits, points, underscores and dashes, at most 64",
        advice: "Choose a name that can be typed on a command line.")
    }
    return text
  }

  /// A list with something in it.
  public func list<Element>(
    _ node: JSONNode, of read: (JSONNode) throws(JSONError) -> Element
  ) throws(JSONError) -> [Element] {
    var elements: [Element] = []
    for element in try node.elements() { elements.append(try read(element)) }
    guard !elements.isEmpty else { throw node.error(.refusedValue, "the list is empty", advice: nil) }
    return elements
  }

  /// A text that begins with one of some schemes and holds no password: `https://host/path`.
  public func url(_ node: JSONNode, schemes: [String]) throws(JSONError) -> String {
    let text = try text(node)
    guard let scheme = schemes.first(where: { text.hasPrefix($0 + "://") }), text.utf8.count > scheme.utf8.count + 3
    else {
      throw node.error(
        .refusedValue, "not an address that begins with \(schemes.map { $0 + "://" }.joined(separator: " or "))",
        advice: nil)
    }
    let authority = text.dropFirst(scheme.count + 3).prefix { $0 != "/" && $0 != "?" }
    guard !authority.isEmpty, !text.contains(" ") else {
      throw node.error(.refusedValue, "an address without a host, or with a space", advice: nil)
    }
    if authority.contains("@") {
      throw node.error(
        .refusedValue, "a user or password stands in the address",
        advice: "Take it out, change it if anybody may have seen it, and give it as a secret.")
    }
    return text
  }
}
