/// How many columns a text takes on a terminal.
///
/// Combining marks take none, East Asian wide letters and emoji two, everything else one; that is what terminals
/// agree on (Unicode Standard Annex 11, in its coarse blocks).
func columnCount(of text: some StringProtocol) -> Int {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
  return text.reduce(0) { $0 + columnCount(of: $1) }
}

private func columnCount(of character: Character) -> Int {
  guard let scalar = character.unicodeScalars.first else { return 0 }
  switch scalar.properties.generalCategory {
  case .control, .nonspacingMark, .enclosingMark, .format: return 0
  default: break
  }
  return switch scalar.value {
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
    0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
    0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    2
  default: 1
  }
}

/// The text cut to so many columns, with an ellipsis where something was cut off.
func clipped(_ text: some StringProtocol, to width: Int, ellipsis: Character = "…") -> String {
  if columnCount(of: text) <= width { return String(text) }
  guard width > 0 else { return "" }
  var kept = ""
  var used = 0
  for character in text {
    let more = columnCount(of: character)
    if used + more > width - 1 { break }
    kept.append(character)
    used += more
  }
  return kept + String(ellipsis)
}

/// The text without what could move a cursor or change a terminal's state; such characters become U+FFFD.
func printable(_ text: some StringProtocol) -> String {
  if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return String(text) }
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator, .surrogate: result.unicodeScalars.append("\u{FFFD}")
    default:
      // Direction overrides could make a terminal show something else than what stands there.
      let isOverride = (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      result.unicodeScalars.append(isOverride ? "\u{FFFD}" : scalar)
    }
  }
  return result
}

func padded(_ text: String, to width: Int) -> String {
  text + String(repeating: " ", count: max(0, width - columnCount(of: text)))
}

func leftPadded(_ text: String, to width: Int) -> String {
  String(repeating: " ", count: max(0, width - columnCount(of: text))) + text
}

/// A text broken at spaces into lines of at most so many columns; a longer word stands alone.
func wrapped(_ text: some StringProtocol, to width: Int) -> [String] {
  var lines: [String] = []
  for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
    var line = ""
    var used = 0
    for word in paragraph.split(separator: " ") {
      let more = columnCount(of: word)
      if used > 0, used + 1 + more > width {
        lines.append(line)
        line = ""
        used = 0
      }
      if used > 0 {
        line += " "
        used += 1
      }
      line += word
      used += more
    }
    lines.append(line)
  }
  return lines
}

/// The same lines, moved to the right.
func indented(_ lines: [String], by count: Int) -> [String] {
  let space = String(repeating: " ", count: count)
  return lines.map { $0.isEmpty ? "" : space + $0 }
}
