internal import Base
internal import Database
internal import Migration
internal import Transfer

/// The tasks that earlier imports of a source have brought: they are not brought a second time.
///
/// Read once, before anything is written, and kept in the run's folder, so that a resume and the verification speak
/// of the same tasks. The file holds their keys in the source, sorted, as ``Key/sortable`` gives them; nobody holds
/// them all in memory.
struct EarlierTasks: Sendable {
  private static let magic = "LTEARL01"

  private let path: String
  private let kind: Key.Kind

  init(of source: String, _ release: Release, _ context: StepContext) {
    path = EarlierTasks.path(source, context)
    kind = EarlierTasks.kind(of: release)
  }

  private static func path(_ source: String, _ context: StepContext) -> String {
    "\(context.folder)/\(source).earlier-tasks"
  }

  private static func kind(of release: Release) -> Key.Kind { release.keysAreIntegers ? .integer : .uuid }

  private static func size(of kind: Key.Kind) -> Int { kind == .integer ? 8 : 16 }

  /// Writes down the source keys of the tasks that other imports of the source hold. Blocks.
  ///
  /// - Throws: ``MigrationError`` `damaged` where a key is none of the release's.
  static func keep(_ source: SourcePlan, importID: Int64, on connection: Connection, _ context: StepContext) throws
  {
    // A log has no tasks.
    guard let release = source.version.flatMap({ Release($0) }) else { return }
    let kind = kind(of: release)
    var writer = try RecordWriter(path(source.name, context), magic: magic, size: size(of: kind))
    var rows = try connection.stream(query(source, importID, kind, connection.engine), [.text])
    var block = RowBlock(kinds: [.text])
    var last: [UInt8] = []
    while try rows.read(into: &block, rows: 20_000) {
      for index in 0..<block.count {
        guard let record = block[index].string(0).flatMap({ Key($0, kind: kind) })?.sortable,
          !record.lexicographicallyPrecedes(last)
        else {
          throw MigrationError(
            .damaged, doing: "read the earlier tasks of \(source.name)",
            reason: "a task's source_key is none of \(release)",
            advice: "repair history_source and source_key in the destination")
        }
        try writer.append(record)
        last = record
      }
    }
    try writer.commit()
  }

  private static func query(_ source: SourcePlan, _ importID: Int64, _ kind: Key.Kind, _ engine: Engine) -> SQL {
    let tables = TaskKind.allCases.map { task -> SQL in
      """
      SELECT t.source_key AS source_key FROM \(identifier: task.table(in: .v8_2)) t
      JOIN history_import i ON i.id = t.import_id JOIN history_source s ON s.id = i.source_id
      WHERE s.identity = \(source.identity.description) AND t.import_id <> \(importID)
      """
    }
    let order: SQL =
      switch kind {
      case .integer: "cast(k.source_key AS bigint)"
      case .uuid: engine == .postgresql ? "k.source_key COLLATE \"C\"" : "k.source_key"
      }
    return """
      SELECT k.source_key FROM (\(fragment: SQL.joined(tables, by: " UNION ALL "))) k ORDER BY \(fragment: order)
      """
  }

  /// Opens them for one reader.
  ///
  /// - Returns: nil where there are none.
  func open() throws -> Lookup? {
    guard try Files.exists(path) else { return nil }
    let lookup = Lookup(try RecordReader(path, magic: EarlierTasks.magic, size: EarlierTasks.size(of: kind)))
    return lookup.isEmpty ? nil : lookup
  }

  /// One reader of them. Used by one thread at a time; quickest when asked in the order of the keys.
  final class Lookup {
    private var records: RecordReader

    fileprivate init(_ records: consuming RecordReader) { self.records = records }

    fileprivate var isEmpty: Bool { records.count == 0 }

    func contains(_ key: Key) -> Bool {
      do {
        return try records.contains(key.sortable)
      } catch {
        // A row whose fate cannot be known may be neither brought nor left out; a new start reads the file anew.
        fatalError("the earlier tasks cannot be read any more: \(error)")
      }
    }
  }
}

extension Key {
  /// Bytes that sort as keys do.
  fileprivate var sortable: [UInt8] {
    func bytes(_ word: UInt64) -> [UInt8] {
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
    return switch self {
    case .integer(let value): bytes(UInt64(bitPattern: value) ^ (1 << 63))
    case .uuid(let value): bytes(value.high) + bytes(value.low)
    }
  }
}
