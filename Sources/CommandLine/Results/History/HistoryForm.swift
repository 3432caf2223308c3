internal import Administration
internal import Base

/// The forms in which a history is told.
enum HistoryForm: String, CaseIterable {
  case text, json, csv, html

  func writer(_ output: ResultOutput, style: Style, width: Int, isWhole: Bool) -> any HistoryWriter {
    switch self {
    case .text: HistoryText(output: output, style: style, width: width, isWhole: isWhole)
    case .json: HistoryJSON(output: output)
    case .csv: HistoryCSV(output: output)
    case .html: HistoryPage(output: output)
    }
  }
}

/// Writes a history piece by piece, so that a long one needs no more memory than a short one.
protocol HistoryWriter: AnyObject {
  func begin(_ heading: HistoryReading.Heading) throws
  func add(_ entry: HistoryEntry) throws
  func end(_ closing: HistoryReading.Closing) throws
}
