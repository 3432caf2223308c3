/// What may be used to make text easier to read: colour and signs beyond ASCII.
///
/// Whatever is coloured can be told apart without colour too.
public struct Style: Sendable, Equatable {
  public var hasColor: Bool
  public var hasUnicode: Bool

  public init(hasColor: Bool, hasUnicode: Bool) {
    self.hasColor = hasColor
    self.hasUnicode = hasUnicode
  }

  public static let plain = Style(hasColor: false, hasUnicode: false)

  enum Ink: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case cyan = "36"
  }

  /// The text in a colour (ECMA-48 SGR), or as it is.
  func paint(_ text: String, _ ink: Ink) -> String {
    hasColor && !text.isEmpty ? "\u{1B}[\(ink.rawValue)m\(text)\u{1B}[0m" : text
  }

  /// The signs without colour, for columns of a table.
  var passMark: String { hasUnicode ? "✓" : "+" }
  var blockMark: String { hasUnicode ? "✗" : "x" }

  var passSign: String { paint(passMark, .green) }
  var warnSign: String { paint("!", .yellow) }
  var blockSign: String { paint(blockMark, .red) }
  var waivedSign: String { paint("~", .yellow) }
  var arrow: String { hasUnicode ? "→" : "->" }
  var ellipsis: Character { hasUnicode ? "…" : "~" }
}
