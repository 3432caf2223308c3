internal import Administration
internal import Base
internal import Migration

/// A history as one JSON object, one line for each entry (docs/formats/history.md).
final class HistoryJSON: HistoryWriter {
  private let output: ResultOutput
  private var isFirst = true

  init(output: ResultOutput) { self.output = output }

  func begin(_ heading: HistoryReading.Heading) throws {
    // An object without its end: the entries go on in it.
    let object = String(decoding: try encodeJSON(heading), as: UTF8.self)
    try output.write("{\"format\":\"locktender-history/1\",\(object.dropFirst().dropLast()),\"entries\":[")
  }

  func add(_ entry: HistoryEntry) throws {
    try output.write((isFirst ? "\n" : ",\n") + String(decoding: try encodeJSON(entry), as: UTF8.self))
    isFirst = false
  }

  func end(_ closing: HistoryReading.Closing) throws {
    try output.line("\(isFirst ? "" : "\n")],\"count\":\(closing.count),\"hasMore\":\(closing.hasMore)}")
  }
}
