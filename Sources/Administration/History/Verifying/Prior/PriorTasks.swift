internal import Base
internal import Cryptography
internal import Database

/// Which tasks were there before an import, in a file: their keys, revisions and digests.
///
/// A service that is at work revises tasks while an import runs, and each revision raises the task's number. So the
/// second look compares the tasks whose number is still the same, and counts the others.
///
/// The file: the bytes `LTTASK01`, then for each task in the order of tables and keys its table's number (one byte),
/// key (16), revision (8, big-endian) and SHA-256 (32). It is read by the program that wrote it, within one run.
enum PriorTasks {
  private static let magic = "LTTASK01"
  private static let recordSize = 57

  /// What a second look found.
  struct Outcome: Sendable, Codable, Equatable {
    /// Tasks that are as they were.
    var unchanged = 0
    /// Tasks that a service has revised since, and tasks that are new.
    var revised = 0
    var new = 0
    /// Tasks that were changed without a revision, or are gone.
    var changed = 0
    var missing = 0

    var agrees: Bool { changed == 0 && missing == 0 }
  }

  /// Writes what is there now. Blocks.
  static func record(to path: String, on connection: Connection, before importID: Int64) throws {
    var file = try RecordWriter(path, magic: magic, size: recordSize)
    try visit(connection, importID) { try file.append($0.bytes) }
    try file.commit()
  }

  /// Compares what is there now with what a file tells. Blocks.
  static func compare(
    with path: String, on connection: Connection, before importID: Int64
  ) throws -> Outcome {
    var outcome = Outcome()
    var file = try RecordReader(path, magic: magic, size: recordSize)
    var before = try next(&file)
    try visit(connection, importID) { record in
      while let old = before, old.place < record.place {
        outcome.missing += 1
        before = try next(&file)
      }
      guard let old = before, old.place == record.place else {
        outcome.new += 1
        return
      }
      if old.revision != record.revision {
        outcome.revised += 1
      } else if old.digest == record.digest {
        outcome.unchanged += 1
      } else {
        outcome.changed += 1
      }
      before = try next(&file)
    }
    while before != nil {
      outcome.missing += 1
      before = try next(&file)
    }
    return outcome
  }

  // MARK: Records

  private struct Record: Equatable {
    let table: UInt8
    let id: UniqueID
    let revision: Int64
    let digest: Digest256

    /// What records are ordered by.
    var place: (UInt8, UniqueID) { (table, id) }

    var bytes: [UInt8] {
      var bytes = [table]
      for word in [id.high, id.low, UInt64(bitPattern: revision)] {
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
      }
      return bytes + digest.bytes
    }

    init(table: UInt8, id: UniqueID, revision: Int64, digest: Digest256) {
      self.table = table
      self.id = id
      self.revision = revision
      self.digest = digest
    }

    init?(_ bytes: ArraySlice<UInt8>) {
      let words = (0..<3).map { word in
        bytes.dropFirst(1 + word * 8).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      }
      guard let table = bytes.first, let digest = Digest256(bytes: Array(bytes.dropFirst(25)).span) else {
        return nil
      }
      self.init(
        table: table, id: UniqueID(high: words[0], low: words[1]), revision: Int64(bitPattern: words[2]),
        digest: digest)
    }
  }

  private static func visit(
    _ connection: Connection, _ importID: Int64, _ body: (Record) throws -> Void
  ) throws {
    var hasher = SHA256Hasher()
    for (number, table) in TaskColumns.all.enumerated() {
      let columns =
        [
          ("id", .uuid), ("request_id", .uuid), (table.subject, .text), (table.party, .text),
          ("due_at", .timestamp), ("due_offset", .integer), ("zone", .text), ("ambiguous", .boolean),
          ("state", .text), ("import_id", .integer), ("source_key", .text), ("revision", .integer),
        ] as [(String, ColumnKind)] + table.payload.map { ($0, ColumnKind.text) }
      let query: SQL = """
        select \(identifiers: columns.map(\.0)) from \(identifier: table.table)
        where import_id < \(importID) order by id
        """
      var stream = try connection.stream(query, columns.map(\.1))
      var block = RowBlock(kinds: columns.map(\.1))
      while try stream.read(into: &block, rows: 512) {
        for row in 0..<block.count {
          let digest = hasher.digest(of: block.bytes(of: row))
          let view = block[row]
          try body(
            Record(
              table: UInt8(number), id: view.uuid(0) ?? UniqueID(high: 0, low: 0), revision: view.integer(11) ?? 0,
              digest: digest))
        }
      }
    }
  }

  private static func next(_ file: inout RecordReader) throws -> Record? {
    guard let bytes = try file.next() else { return nil }
    let record = Record(bytes)
    invariant(record != nil, "a record of another size")
    return record
  }
}
