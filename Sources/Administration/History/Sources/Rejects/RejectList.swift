internal import Base
internal import Cryptography
internal import Database
internal import Migration
internal import Transfer

/// A reject file as somebody has repaired it: rows of one source, ready to go into tables of its release.
struct RejectList {
  struct Row {
    let table: String
    /// The row's key and, where that names several, its ordinal.
    let name: String
    let values: [(column: String, value: RejectedValue)]
    /// The request that the row hangs on, as far as its own time depends on it; integer keys only.
    let parent: Parent?
  }

  /// What a scan told of a row's request.
  struct Parent {
    let key: Int64
    let values: [(column: String, value: RejectedValue)]
  }

  let path: String
  let identity: UniqueID
  let release: Release
  /// In the order of the file; of several lines of one row the last one.
  let rows: [Row]
  /// The digest of the file, so that a plan fits one state of it.
  let digest: String
  let bytes: Int

  /// Reads and checks a file. Blocks.
  ///
  /// - Throws: ``AdministrationError`` or ``MigrationError`` with the line that cannot be taken.
  init(reading path: String) throws {
    self.path = path
    var origins: Set<[String: String]> = []
    var lines: [(RejectedRow, Int)] = []
    try RejectFile.read(path) { row, line in
      origins.insert(row.origin)
      lines.append((row, line))
    }
    guard let origin = origins.first else { throw RejectList.unusable(path, "it holds no row") }
    guard origins.count == 1 else {
      throw RejectList.unusable(
        path, "it holds rows of \(origins.count) sources",
        advice: "keep those of one in a file of its own: grep '\"source\":\"…\"' \(path)")
    }
    guard let identity = origin["source"].flatMap({ UniqueID($0) }),
      let release = origin["version"].flatMap({ Release($0) })
    else {
      throw RejectList.unusable(
        path, "its rows are none of an administration database",
        advice: "lines of a log are repaired in the log itself, which is then imported again")
    }
    self.identity = identity
    self.release = release
    let tables = RejectTables(release)
    var rows: [String: (place: Int, row: Row)] = [:]
    for (rejected, line) in lines {
      let row = try tables.row(rejected, at: "\(path), line \(line)")
      rows[row.table + " " + row.name] = (line, row)
    }
    self.rows = rows.values.sorted { $0.place < $1.place }.map(\.row)
    var hasher = SHA256Hasher()
    let content = try Files.read(path, limit: 1 << 30)
    digest = hasher.digest(of: content.span).description
    bytes = content.count
  }

  /// How many rows there are, by table.
  var counts: [String: Int] { rows.reduce(into: [:]) { $0[$1.table, default: 0] += 1 } }

  private static func unusable(_ path: String, _ reason: String, advice: String? = nil) -> AdministrationError {
    AdministrationError(
      .unusable, doing: "read \(path)", reason: reason,
      advice: advice ?? "name the rejects.jsonl of a run, or a repaired copy of it")
  }
}

/// A field of a rejected row as a statement binds it.
enum RejectedValue {
  case plain(SQLValue)
  /// A text whose bytes are no UTF-8.
  case rawText([UInt8])

  var sql: SQL {
    switch self {
    case .plain(let value): "\(value)"
    case .rawText(let bytes): "CAST(\(bytes) AS TEXT)"
    }
  }

  var isNull: Bool { if case .plain(.null) = self { true } else { false } }
}
