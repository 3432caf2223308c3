/// A distinguished name (RFC 4514), compared as directories compare names.
///
/// Equality ignores case, order within a relative name, insignificant spaces, the way of escaping, and whether one of
/// the nine types of RFC 4514 is given by name or number. It treats every attribute as a case-ignoring text, which
/// holds for all that is usual in names.
public struct DistinguishedName: Hashable, Sendable, CustomStringConvertible {
  /// One type with its value.
  public struct Part: Hashable, Sendable {
    /// As written.
    public let type: String
    /// Without escapes; as written, beginning with `#`, where it is given in hexadecimal.
    public let value: [UInt8]

    let normalizedType: String
    let normalizedValue: String

    public var text: String { String(decoding: value, as: UTF8.self) }

    public static func == (left: Part, right: Part) -> Bool {
      left.normalizedType == right.normalizedType && left.normalizedValue == right.normalizedValue
    }

    public func hash(into hasher: inout Hasher) {
      hasher.combine(normalizedType)
      hasher.combine(normalizedValue)
    }
  }

  /// A relative name: one part, seldom more.
  public struct Relative: Hashable, Sendable, CustomStringConvertible {
    /// In the order in which they were written.
    public let parts: [Part]
    private let ordered: [Part]

    init(parts: [Part]) {
      self.parts = parts
      ordered = parts.sorted {
        ($0.normalizedType, $0.normalizedValue) < ($1.normalizedType, $1.normalizedValue)
      }
    }

    public static func == (left: Relative, right: Relative) -> Bool { left.ordered == right.ordered }

    public func hash(into hasher: inout Hasher) { hasher.combine(ordered) }

    /// In the one form that all equal names share.
    public var description: String {
      ordered.map { "\($0.normalizedType)=\(DistinguishedName.escaped($0.normalizedValue))" }.joined(separator: "+")
    }
  }

  /// From the entry itself to the root; empty for the root.
  public let relatives: [Relative]

  init(relatives: [Relative]) { self.relatives = relatives }

  /// The name of the entry within its parent; nil for the root.
  public var first: Relative? { relatives.first }

  /// The name one step up; nil for the root.
  public var parent: DistinguishedName? {
    relatives.isEmpty ? nil : DistinguishedName(relatives: Array(relatives.dropFirst()))
  }

  /// Whether the entry is the other one or stands anywhere beneath it.
  public func isWithin(_ other: DistinguishedName) -> Bool {
    relatives.count >= other.relatives.count && Array(relatives.suffix(other.relatives.count)) == other.relatives
  }

  /// The one form that all equal names share: types and values in lower case, fewest escapes, no spaces around
  /// separators. For keys and comparisons; people see what was written.
  public var description: String { relatives.map(\.description).joined(separator: ",") }

  /// Escapes a value as RFC 4514 section 2.4 asks.
  static func escaped(_ value: String) -> String {
    var text = ""
    let last = value.unicodeScalars.count - 1
    for (index, scalar) in value.unicodeScalars.enumerated() {
      switch scalar {
      case "\0": text += "\\00"
      case "\"", "+", ",", ";", "<", ">", "\\": text += "\\\(scalar)"
      case " " where index == 0 || index == last, "#" where index == 0: text += "\\\(scalar)"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
