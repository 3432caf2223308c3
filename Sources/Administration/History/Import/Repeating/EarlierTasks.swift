internal import Base
internal import Database
internal import Migration
internal import Transfer

/// The tasks that earlier imports of a source have brought: they are not brought a second time.
///
/// Read once, before anything is written, and kept in the run's folder, so that a resume and the verification speak
/// of the same tasks.
enum EarlierTasks {
  private static func path(_ source: String, _ context: StepContext) -> String {
    "\(context.folder)/\(source).earlier-tasks.json"
  }

  /// Writes down the source keys of the tasks that other imports of the source hold.
  static func keep(_ source: SourcePlan, importID: Int64, on connection: Connection, _ context: StepContext) throws
  {
    var keys: [String] = []
    for kind in TaskKind.allCases {
      try connection.rows(
        """
        SELECT t.source_key FROM \(identifier: kind.table(in: .v8_2)) t
        JOIN history_import i ON i.id = t.import_id JOIN history_source s ON s.id = i.source_id
        WHERE s.identity = \(source.identity.description) AND t.import_id <> \(importID)
        """, [.text]
      ) { row in
        if let key = row.string(0) { keys.append(key) }
      }
    }
    try Files.write(encodeJSON(keys.sorted()), to: path(source.name, context))
  }

  /// - Throws: ``MigrationError`` `damaged` where a key is none of the release's.
  static func read(_ source: String, _ release: Release, _ context: StepContext) throws -> Set<Key> {
    let path = path(source, context)
    guard try Files.exists(path) else { return [] }
    let kind: Key.Kind = release.keysAreIntegers ? .integer : .uuid
    let texts = try decodeJSON([String].self, from: Files.read(path, limit: 1 << 30))
    return Set(
      try texts.map { text in
        guard let key = Key(text, kind: kind) else {
          throw MigrationError(
            .damaged, doing: "read the earlier tasks", reason: "\(path) is not what this program wrote",
            advice: "locktender rollback \(context.run), then a new plan")
        }
        return key
      })
  }
}
