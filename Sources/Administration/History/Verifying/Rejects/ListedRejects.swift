internal import Base
internal import Database
internal import Migration
internal import Transfer

/// Which rows of a source a run has rejected, as its reject file lists them: neither side of the comparison counts
/// them, and the run is no success.
struct ListedRejects {
  private(set) var rows = RejectedRows()
  /// How many rows there are.
  private(set) var count = 0

  /// Reads the file. A row that is in all the same, since the source was repaired while the run caught up with it, is
  /// none that was rejected. Blocks.
  ///
  /// - Parameters:
  ///   - source: its name; streams begin with it.
  ///   - release: nil for a log, whose records are told apart by its own comparison.
  init(of source: String, _ release: Release?, importID: Int64, _ context: StepContext, on connection: Connection)
    throws
  {
    let path = RejectFile.path(in: context.folder)
    guard try Files.exists(path) else { return }
    let layout = release.map { SourceLayout($0) }
    var others: Set<String> = []
    try RejectFile.read(path, skippingTorn: true) { row, _ in
      guard row.stream.hasPrefix(source + "/") else { return }
      let name = String(row.stream.dropFirst(source.count + 1))
      guard let layout, let key = Key(row.key, kind: layout.keyKind), take(row, name, key, layout) else {
        others.insert("\(name) \(row.key) \(ListedRejects.ordinal(row) ?? 0)")
        return
      }
    }
    try removeArrived(\.requests, layout, from: ["change_request"], importID, on: connection)
    try removeArrived(\.tasks, layout, from: TaskColumns.all.map(\.table), importID, on: connection)
    let listed = rows.requests.count + rows.tasks.count + rows.sections.count
    count = listed + rows.properties.count + rows.dividedSections.count + others.count
  }

  /// - Returns: false for a row of a kind that the comparison does not know.
  private mutating func take(_ row: RejectedRow, _ stream: String, _ key: Key, _ layout: SourceLayout) -> Bool {
    switch stream.split(separator: ".").first ?? "" {
    case "requests": rows.requests.insert(key)
    case "tasks": rows.tasks.insert(key)
    case "properties": rows.properties.insert(RejectedRows.Child(key, ListedRejects.ordinal(row)))
    case "sections" where layout.keyKind == .uuid:
      rows.dividedSections.insert(RejectedRows.Child(key, ListedRejects.ordinal(row)))
    case "sections": rows.sections.insert(key)
    default: return false
    }
    return true
  }

  private static func ordinal(_ row: RejectedRow) -> Int64? {
    row.fields.first { $0.name.hasSuffix("ordinal") }?.value.integerValue
  }

  private mutating func removeArrived(
    _ path: WritableKeyPath<RejectedRows, Set<Key>>, _ layout: SourceLayout?, from tables: [String],
    _ importID: Int64,
    on connection: Connection
  ) throws {
    guard let kind = layout?.keyKind else { return }
    let keys = Array(rows[keyPath: path])
    for start in stride(from: 0, to: keys.count, by: 5_000) {
      let texts = keys[start..<min(start + 5_000, keys.count)].map(\.description)
      for table in tables {
        var arrived: [Key] = []
        try connection.rows(
          """
          select source_key from \(identifier: table) where import_id = \(importID) and source_key in \(list: texts)
          """, [.text]
        ) { row in
          if let key = row.string(0).flatMap({ Key($0, kind: kind) }) { arrived.append(key) }
        }
        rows[keyPath: path].subtract(arrived)
      }
    }
  }

  /// What a comparison says of them.
  ///
  /// - Parameter told: how many the checkpoints speak of.
  func finding(of source: String, told: Int, _ context: StepContext) -> Finding {
    let path = RejectFile.path(in: context.folder)
    if told != count {
      return Finding(
        "history.rejects", rule: "D101", .block, about: "source \(source)",
        "\(told) rows were rejected, and the reject file lists \(count)",
        remedy: "put the file back as the run has written it: \(path)")
    }
    if count == 0 {
      return Finding("history.rejects", rule: "D101", .pass, about: "source \(source)", "no row was rejected")
    }
    return Finding(
      "history.rejects", rule: "D101", .warn, about: "source \(source)",
      "\(count) rows were rejected and are not in; each is listed with its reason",
      remedy: "repair them in a copy of \(path), and import that as a source of the kind “rejects”")
  }
}
