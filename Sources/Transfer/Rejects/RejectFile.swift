internal import Base
internal import Database
internal import Migration
internal import Synchronization

/// Source rows that could not be carried, one JSON object a line, to be repaired and imported again.
///
/// A line is on the disk before the checkpoint passes its row. A crash in between leaves the line without the
/// checkpoint, and the row is then rejected again: readers take the last line of a key. Mode 0600, since it holds
/// values.
final class RejectFile: Sendable {
  struct Line: Codable, Sendable {
    let stream: String
    let key: String
    let reason: String
    let column: String?
    /// The source row's fields in the order of the scan, their bytes in hexadecimal; null for null.
    let fields: [String?]
  }

  private let file: Mutex<AppendWriter>
  let path: String

  init(folder: String) throws {
    path = folder + "/rejects.jsonl"
    file = Mutex(try AppendWriter(path))
  }

  func append(_ line: Line) throws {
    let bytes = try encodeJSON(line)
    try file.withLock { try $0.append(bytes.span, syncing: true) }
  }
}

extension RejectFile.Line {
  init(_ row: borrowing RowView, stream: String, key: Key, _ rejection: RowRejection) {
    var fields: [String?] = []
    for index in 0..<row.count {
      fields.append(row.isNull(index) ? nil : hexadecimal(of: row.text(index)))
    }
    self.init(
      stream: stream, key: key.description, reason: rejection.reason, column: rejection.column, fields: fields)
  }
}
