/// HTML that was put together safely: only literals are taken as they are, whatever is interpolated is escaped.
public struct Markup: ExpressibleByStringInterpolation, Sendable {
  public private(set) var text: String

  public init(stringLiteral literal: StaticString) { text = literal.description }
  public init(stringInterpolation parts: StringInterpolation) { text = parts.text }
  public init() { text = "" }

  public static func += (left: inout Markup, right: Markup) { left.text += right.text }

  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text: String

    public init(literalCapacity: Int, interpolationCount: Int) {
      text = ""
      text.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    public mutating func appendLiteral(_ literal: StaticString) { text += literal.description }
    public mutating func appendInterpolation(_ value: String) { text += escaped(value) }
    public mutating func appendInterpolation(_ number: Int) { text += String(number) }
    public mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
    public mutating func appendInterpolation(_ parts: [Markup]) {
      for part in parts { text += part.text }
    }
  }
}

/// A text for HTML's content and for attributes in double quotes.
///
/// Control characters, which HTML cannot hold, and those that change the direction of text, with which a value could
/// make a page read otherwise than it is, appear by their number.
func escaped(_ value: String) -> String {
  var text = ""
  text.reserveCapacity(value.utf8.count + 16)
  for scalar in value.unicodeScalars {
    switch scalar {
    case "&": text += "&amp;"
    case "<": text += "&lt;"
    case ">": text += "&gt;"
    case "\"": text += "&quot;"
    case "'": text += "&#39;"
    case "\n", "\t": text.unicodeScalars.append(scalar)
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{200E}", "\u{200F}", "\u{061C}", "\u{202A}"..."\u{202E}",
      "\u{2066}"..."\u{2069}", "\u{2028}", "\u{2029}":
      let digits = String(scalar.value, radix: 16, uppercase: true)
      text += "⟨U+\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)⟩"
    default: text.unicodeScalars.append(scalar)
    }
  }
  return text
}
