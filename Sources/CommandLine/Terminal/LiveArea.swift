/// The lines at the bottom of a terminal that are drawn again and again: which bytes to send, and nothing else.
///
/// The cursor stands at the end of the last line between two drawings. Control sequences are those of ECMA-48 that
/// every terminal of the last decades knows: up, carriage return, erase to the end of line and screen.
struct LiveArea: Sendable {
  /// The visible columns of each line that stands there.
  private var drawn: [Int] = []

  var isEmpty: Bool { drawn.isEmpty }

  /// What draws the lines over those that stand there. One write of it does not flicker.
  mutating func draw(_ lines: [String], width: Int) -> String {
    let rows = rows(width)
    var text = home(rows)
    for (index, line) in lines.enumerated() {
      if index > 0 { text += "\r\n" }
      text += line + "\u{1B}[K"
    }
    if lines.count < rows || lines.isEmpty { text += "\u{1B}[J" }
    drawn = lines.map(visibleColumns)
    return text
  }

  /// What removes the area and leaves the cursor where it began.
  mutating func clear(width: Int) -> String {
    guard !drawn.isEmpty else { return "" }
    let text = home(rows(width)) + "\u{1B}[J"
    drawn = []
    return text
  }

  /// The rows that stand there now. A terminal that became narrower has wrapped the lines meanwhile.
  private func rows(_ width: Int) -> Int {
    drawn.reduce(0) { $0 + max(1, ($1 + max(1, width) - 1) / max(1, width)) }
  }

  /// Moves to the area's first column.
  private func home(_ rows: Int) -> String {
    rows == 0 ? "" : rows > 1 ? "\r\u{1B}[\(rows - 1)A" : "\r"
  }
}

/// Columns without those of control sequences.
func visibleColumns(_ line: String) -> Int {
  var plain = ""
  var inSequence = false
  for character in line {
    if character == "\u{1B}" {
      inSequence = true
    } else if inSequence {
      if character.isLetter { inSequence = false }
    } else {
      plain.append(character)
    }
  }
  return columnCount(of: plain)
}
