internal import Base
internal import Migration
internal import Synchronization

/// Source rows that could not be carried, one JSON object a line, to be repaired and imported again
/// (docs/formats/rejects.md).
///
/// A line is on the disk before the checkpoint passes its row. A crash in between leaves the line without the
/// checkpoint, and the row is then rejected again: readers take the last line of a row. Mode 0600, since it holds
/// values.
public final class RejectFile: Sendable {
  static let longestLine = 1 << 28

  private let file: Mutex<AppendWriter>
  let path: String

  init(folder: String) throws {
    path = RejectFile.path(in: folder)
    file = Mutex(try AppendWriter(path))
  }

  /// Where the reject file of a run is.
  public static func path(in folder: String) -> String { folder + "/rejects.jsonl" }

  func append(_ row: RejectedRow) throws {
    let bytes = row.json()
    try file.withLock { try $0.append(bytes.span, syncing: true) }
  }

  /// Reads a file line by line.
  ///
  /// - Parameter skippingTorn: passes over lines that are no JSON, as a crash in mid-line leaves them; the row was
  ///   rejected again then.
  /// - Throws: ``MigrationError`` `damaged` with the number of a line that cannot be read, or `FileError`.
  public static func read(
    _ path: String, skippingTorn: Bool = false, _ body: (RejectedRow, _ line: Int) throws -> Void
  )
    throws
  {
    var lines = try LineReader(path, limit: longestLine)
    while try lines.next() {
      if lines.line.isEmpty { continue }
      let row: RejectedRow
      do throws(MigrationError) {
        row = try RejectedRow(parsing: lines.line, at: "\(path), line \(lines.number)")
      } catch {
        if skippingTorn { continue }
        throw error
      }
      try body(row, lines.number)
    }
  }
}
