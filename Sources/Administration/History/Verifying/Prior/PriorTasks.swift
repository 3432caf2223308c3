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
  private static let magic = Array("LTTASK01".utf8)
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
    let file = try AtomicFile(path)
    try file.write(magic.span)
    var buffer: [UInt8] = []
    try visit(connection, importID) { record in
      buffer += record.bytes
      if buffer.count >= 1 << 18 {
        try file.write(buffer.span)
        buffer.removeAll(keepingCapacity: true)
      }
    }
    try file.write(buffer.span)
    try file.commit()
  }

  /// Compares what is there now with what a file tells. Blocks.
  static func compare(
    with path: String, on connection: Connection, before importID: Int64
  ) throws -> Outcome {
    var outcome = Outcome()
    var file = try Recorded(path)
    var before = try file.next()
    try visit(connection, importID) { record in
      while let old = before, old.place < record.place {
        outcome.missing += 1
        before = try file.next()
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
      before = try file.next()
    }
    while before != nil {
      outcome.missing += 1
      before = try file.next()
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

  /// The records of a file, one after another.
  private struct Recorded: ~Copyable {
    private let file: OpenFile
    private var buffer = [UInt8](repeating: 0, count: recordSize * 4096)
    private var used = 0
    private var place = 0

    init(_ path: String) throws {
      let file = try OpenFile(path, .read)
      var start = [UInt8](repeating: 0, count: magic.count)
      guard try file.read(into: &start) == magic.count, start == magic else { throw Recorded.damaged(path) }
      self.file = file
    }

    mutating func next() throws -> Record? {
      if place == used {
        used = 0
        place = 0
        while used < buffer.count {
          let count = try file.read(into: &buffer, at: used)
          if count == 0 { break }
          used += count
        }
        guard used.isMultiple(of: recordSize) else { throw Recorded.damaged(file.path) }
        if used == 0 { return nil }
      }
      defer { place += recordSize }
      guard let record = Record(buffer[place..<(place + recordSize)]) else { throw Recorded.damaged(file.path) }
      return record
    }

    private static func damaged(_ path: String) -> FileError {
      FileError(.other, doing: "read the earlier tasks", path: path, reason: "it is not what this program wrote")
    }
  }
}
