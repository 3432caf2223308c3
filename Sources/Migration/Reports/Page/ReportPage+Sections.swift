extension ReportPage {
  /// A chapter of the part; nil for one that only counts rows.
  func chapter(_ section: ReportSection, _ number: Int) -> Chapter? {
    guard section.text != nil || !section.tables.isEmpty || !section.charts.isEmpty else { return nil }
    var body = Markup()
    for paragraph in (section.text ?? "").split(separator: "\n\n") { body += "<p>\(String(paragraph))</p>\n" }
    for (index, table) in section.tables.enumerated() {
      let caption = section.tables.count == 1 ? section.heading : "\(section.heading), table \(index + 1)"
      let numeric = table.columns.indices.map { column in
        column > 0 && !table.rows.isEmpty
          && table.rows.allSatisfy { column >= $0.count || isNumber($0[column]) }
      }
      body +=
        PageTable(
          caption, table.columns.enumerated().map { .init($1, numeric[$0] ? .number : .word) },
          table.rows.map { row in row.map { "\($0)" as Markup } }
        ).markup
    }
    for chart in section.charts {
      let bars = chart.bars.map {
        BarChart.Bar(label: "\($0.label)", value: $0.value, text: "\(readable($0.value)) \(chart.unit)")
      }
      body +=
        BarChart(
          caption: chart.title, labelHeading: section.heading,
          valueHeading: chart.unit.isEmpty ? "Value" : chart.unit,
          bars: bars
        ).markup
    }
    return Chapter(id: "part-\(number + 1)", title: section.heading, body: body)
  }

  /// Digits, with the signs and separators that numbers have.
  private func isNumber(_ text: String) -> Bool {
    var digits = 0
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: ","), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "%"), UInt8(ascii: " "): break
      default: return text == "–"
      }
    }
    return digits > 0
  }
}
