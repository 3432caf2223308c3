/// Rows in columns whose fields are broken over lines instead of cut off. No titles: for a few rows beneath a line that
/// says what they are.
struct WrappedTable {
  private let rows: [[String]]

  init(_ rows: [[String]]) { self.rows = rows }

  /// The table's lines, no wider than the given columns where that is possible at all.
  func lines(width: Int) -> [String] {
    guard let count = rows.map(\.count).max(), count > 0 else { return [] }
    let cells = rows.map { row in row.map { $0.split(separator: "\n", omittingEmptySubsequences: false) } }
    var widths = (0..<count).map { column in
      cells.map { $0.count > column ? $0[column].map { columnCount(of: printable($0)) }.max() ?? 0 : 0 }.max() ?? 0
    }
    let gaps = 2 * (count - 1)
    // The widest gives way first; none below what a word needs.
    while widths.reduce(0, +) + gaps > width, let widest = widths.indices.max(by: { widths[$0] < widths[$1] }),
      widths[widest] > 8
    {
      // Columns of one width give the same.
      let equals = widths.count { $0 == widths[widest] }
      let next = widths.filter { $0 < widths[widest] }.max() ?? 8
      let excess = (widths.reduce(0, +) + gaps - width + equals - 1) / equals
      widths[widest] -= max(1, min(excess, widths[widest] - max(8, next)))
    }
    return rows.flatMap { row in
      let columns = row.indices.map { broken(row[$0], to: max(1, widths[$0])) }
      return (0..<(columns.map(\.count).max() ?? 0)).map { line in
        var text = ""
        for (index, column) in columns.enumerated() {
          let part = line < column.count ? column[line] : ""
          text += index == columns.count - 1 ? part : padded(part, to: widths[index]) + "  "
        }
        while text.last == " " { text.removeLast() }
        return text
      }
    }
  }
}

/// A text broken into lines of at most so many columns, at spaces where there are some. Line breaks in it stay; nothing
/// in it can reach the terminal as a command.
func broken(_ text: String, to width: Int) -> [String] {
  text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line -> [String] in
    var lines: [String] = []
    for var piece in wrapped(printable(line), to: width) {
      while columnCount(of: piece) > width {
        let head = firstColumns(of: piece, width)
        lines.append(head)
        piece.removeFirst(head.count)
      }
      lines.append(piece)
    }
    return lines
  }
}

/// As many whole characters as fit, at least one; up to the last comma where one stands in the second half, since
/// names are made of parts.
private func firstColumns(of text: String, _ width: Int) -> String {
  var head = ""
  var used = 0
  for character in text {
    let more = columnCount(of: String(character))
    if used + more > width, !head.isEmpty { break }
    head.append(character)
    used += more
  }
  if let comma = head.lastIndex(of: ","), head.distance(from: head.startIndex, to: comma) > head.count / 2 {
    return String(head[...comma])
  }
  return head
}
