/// A table that scrolls by itself where the screen is narrow.
public struct PageTable {
  public struct Column {
    public enum Kind {
      case word
      /// Stands to the right.
      case number
      /// Not to be broken over lines.
      case whole
      /// Sentences: gets room before the others do.
      case prose
    }

    let title: String
    let kind: Kind

    public init(_ title: String, _ kind: Kind = .word) {
      self.title = title
      self.kind = kind
    }

    fileprivate var mark: Markup {
      switch kind {
      case .word: Markup()
      case .number: " class=\"n\""
      case .whole: " class=\"w\""
      case .prose: " class=\"t\""
      }
    }
  }

  let caption: String
  let columns: [Column]
  /// One cell for each column; the first one names the row.
  let rows: [[Markup]]

  public init(_ caption: String, _ columns: [Column], _ rows: [[Markup]]) {
    self.caption = caption
    self.columns = columns
    self.rows = rows
  }

  public var markup: Markup {
    """
    <div class="scroll" role="group" aria-label="\(caption)" tabindex="0"><table>
    <caption>\(caption)</caption>
    <thead><tr>\(columns.map(heading))</tr></thead>
    <tbody>
    \(rows.map { "<tr>\(row($0))</tr>\n" as Markup })</tbody>
    </table></div>

    """
  }

  private func heading(_ column: Column) -> Markup {
    "<th scope=\"col\"\(column.mark)>\(column.title)</th>"
  }

  private func row(_ cells: [Markup]) -> Markup {
    var all = Markup()
    for (index, cell) in cells.prefix(columns.count).enumerated() {
      let mark = columns[index].mark
      all += index == 0 ? "<th scope=\"row\"\(mark)>\(cell)</th>" : "<td\(mark)>\(cell)</td>"
    }
    return all
  }
}

/// A digest of which eight digits are shown; opened or printed, all of them.
func shortened(_ digest: String) -> Markup {
  guard digest.utf8.count > 16 else { return "<code>\(digest)</code>" }
  return """
    <details class="digest"><summary title="\(digest)"><code>\(String(digest.prefix(8)))…</code></summary>\
    <code>\(digest)</code></details>
    """
}

/// A word in a coloured frame.
public func badge(_ text: String, _ tone: Tone) -> Markup {
  "<span class=\"badge \(tone.rawValue)\">\(text)</span>"
}

/// What a colour means; never the only sign of it.
public enum Tone: String, Sendable { case good, fair, bad, plain }
