internal import Database

/// The README of a lab's folder.
struct LabReadme {
  let manifest: LabManifest

  var text: String {
    """
    # An administration service of version \(manifest.release), made up

    This folder was made by `locktender lab new`. Nothing in it is real: the organisation, its people and all that
    they did come from the seed \(manifest.seed). The same options make the same content, on SQLite and on PostgreSQL.

    \(databases)
    \(history)
    `lab.json` says the same for programs, with the rows of every table and how often each ugliness occurs.

    """
  }

  private var databases: String {
    let lines = manifest.databases.map { entry in
      let name =
        entry.location.path.map { String(Self.lastPart(of: $0)) } ?? entry.location.postgres?.database ?? ""
      return "| `\(name)` | \(Self.purpose(of: entry.type)) | \(entry.tables.reduce(0) { $0 + $1.rows }) |"
    }
    return """
      | database | holds | rows |
      |---|---|---|
      \(lines.joined(separator: "\n"))

      """
  }

  private var history: String {
    guard manifest.history > 0 else {
      return """
        The history is empty: these are the databases of a service that has just been set up, good as the
        destination of an import.

        """
    }
    let lines = manifest.ugliness.filter { $0.count > 0 }.map { "| `\($0.kind.name)` | \($0.count) |" }
    return """
      The history has \(manifest.history) requests by \(manifest.people) people in the twelve years before
      \(manifest.end). What makes such databases hard to carry over is in it on purpose:

      | ugliness | times |
      |---|---|
      \(lines.joined(separator: "\n"))

      """
  }

  private static func purpose(of type: DatabaseType) -> String {
    switch type {
    case .undivided: "configuration and management history"
    case .configuration: "configuration: people, workflows, policies, servers"
    case .history: "management history: requests and tasks"
    }
  }

  private static func lastPart(of path: String) -> Substring { path.split(separator: "/").last ?? "" }
}
