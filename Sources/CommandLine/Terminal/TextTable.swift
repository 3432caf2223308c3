/// Rows in aligned columns, for people.
struct TextTable {
  enum Alignment {
    case left, right
  }

  let columns: [(title: String, alignment: Alignment)]
  private(set) var rows: [[String]] = []

  init(_ columns: [(title: String, alignment: Alignment)]) { self.columns = columns }

  mutating func add(_ row: [String]) {
    // Fields hold values of databases: nothing in them may reach the terminal as a command.
    rows.append(row.map { printable($0) })
  }

  /// The table's lines, the titles first. Where they would be wider than the terminal, the widest left-aligned
  /// column is cut.
  func lines(width: Int, style: Style) -> [String] {
    var widths = columns.indices.map { index in
      max(columnCount(of: columns[index].title), rows.map { columnCount(of: $0[index]) }.max() ?? 0)
    }
    let gaps = 2 * (columns.count - 1)
    while widths.reduce(0, +) + gaps > width {
      let candidates = columns.indices.filter { columns[$0].alignment == .left && widths[$0] > 8 }
      guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    func line(_ fields: [String]) -> String {
      var line = ""
      for (index, field) in fields.enumerated() {
        let field = clipped(field, to: widths[index], ellipsis: style.ellipsis)
        line +=
          columns[index].alignment == .right
          ? leftPadded(field, to: widths[index]) : padded(field, to: widths[index])
        if index < fields.count - 1 { line += "  " }
      }
      while line.last == " " { line.removeLast() }
      return line
    }
    return [style.paint(line(columns.map(\.title)), .bold)] + rows.map(line)
  }
}
