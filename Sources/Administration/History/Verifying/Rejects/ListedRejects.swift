internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Which rows of a source a run has rejected: neither side of the comparison counts them, and the run is no success.
struct ListedRejects {
  private(set) var rows = RejectedRows()
  /// How many rows there are.
  private(set) var count = 0
  /// Rows, by table, that a batch could not take back, nor bring again, since a service has revised them meanwhile.
  private(set) var revised: [String: Int] = [:]
  /// Keys of which the reject file has no line.
  private(set) var unlisted = 0

  /// Asks the checkpoints, which alone know what is rejected still: a batch that was carried again, since its source was
  /// repaired, has taken its rejects with it. Blocks.
  ///
  /// A task that is in all the same, since a service has revised it while the run caught up with the source, is none that
  /// was rejected.
  ///
  /// - Parameters:
  ///   - source: its name; streams begin with it.
  ///   - release: nil for a log, whose records are told apart by its own comparison.
  init(of source: String, _ release: Release?, importID: Int64, _ context: StepContext, on connection: Connection)
    throws
  {
    let keys = try RejectedKey.read(of: context, streamsBeginning: source + "/", on: connection)
    guard !keys.isEmpty else { return }
    let layout = release.map { SourceLayout($0) }
    for reject in keys {
      let name = reject.stream.dropFirst(source.count + 1)
      guard let layout, let key = Key(reject.key, kind: layout.keyKind) else { continue }
      take(reject, name, key, layout)
    }
    count = keys.count
    if let layout, !rows.tasks.isEmpty { try removeRevised(layout, importID, on: connection) }
    unlisted = try ListedRejects.missing(keys, in: RejectFile.path(in: context.folder))
  }

  private mutating func take(_ reject: RejectedKey, _ stream: Substring, _ key: Key, _ layout: SourceLayout) {
    let child = RejectedRows.Child(key, Int64(reject.part))
    switch stream.split(separator: ".").first ?? "" {
    case "requests": rows.requests.insert(key)
    case "tasks": rows.tasks.insert(key)
    case "properties": rows.properties.insert(child)
    case "sections" where layout.keyKind == .uuid: rows.dividedSections.insert(child)
    case "sections": rows.sections.insert(key)
    // What else there is, the comparison does not know by itself.
    default: break
    }
  }

  /// How many of the keys the file does not list.
  private static func missing(_ keys: [RejectedKey], in path: String) throws -> Int {
    var names = Set(keys.map { "\($0.stream) \($0.key)" })
    guard try Files.exists(path) else { return names.count }
    try RejectFile.read(path, skippingTorn: true) { row, _ in names.remove("\(row.stream) \(row.key)") }
    return names.count
  }

  private mutating func removeRevised(_ layout: SourceLayout, _ importID: Int64, on connection: Connection) throws {
    let keys = Array(rows.tasks)
    // An 8.2 source brings other originals of tasks by themselves.
    let field: SQL = layout == .release82 ? "o.field = 'state'" : "1 = 1"
    for start in stride(from: 0, to: keys.count, by: 5_000) {
      let texts = keys[start..<min(start + 5_000, keys.count)].map(\.description)
      for table in TaskColumns.all.map(\.table) {
        let tasks: SQL = """
          from \(identifier: table) t
          where t.import_id = \(importID) and t.revision <> 0 and t.source_key in \(list: texts)
          """
        var found: [Key] = []
        try connection.rows("select t.source_key \(fragment: tasks)", [.text]) { row in
          if let key = row.string(0).flatMap({ Key($0, kind: layout.keyKind) }) { found.append(key) }
        }
        if found.isEmpty { continue }
        rows.tasks.subtract(found)
        count -= found.count
        revised[table, default: 0] += found.count
        revised["original_value", default: 0] += Int(
          try connection.integer(
            """
            select count(*) from original_value o where o.import_id = \(importID) and \(fragment: field)
              and o.row_id in (select t.id \(fragment: tasks))
            """) ?? 0)
      }
    }
  }

  /// What a comparison says of them.
  func finding(of source: String, _ context: StepContext) -> Finding {
    if count == 0 {
      return Finding("history.rejects", rule: "D101", .pass, about: "source \(source)", "no row was rejected")
    }
    let path = RejectFile.path(in: context.folder)
    if unlisted > 0 {
      return Finding(
        "history.rejects", rule: "D101", .warn, about: "source \(source)",
        "\(count) rows were rejected and are not in; the reject file has lost \(unlisted) of them",
        remedy: "put the file back from a backup: \(path); or repair the rows in the source, then a new import")
    }
    return Finding(
      "history.rejects", rule: "D101", .warn, about: "source \(source)",
      "\(count) rows were rejected and are not in; each is listed with its reason",
      remedy: "repair them in a copy of \(path), and import that as a source of the kind “rejects”")
  }
}
