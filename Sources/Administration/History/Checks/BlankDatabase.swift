internal import Base
internal import Database
internal import Migration

/// Proves that a database that somebody made beforehand is blank: not only without tables where we look.
struct BlankDatabase {
  let location: DatabaseLocation
  let connection: Connection

  func finding() throws -> Finding {
    let (names, count) = connection.engine == .postgresql ? try onServer() : try inFile()
    guard count == 0 else {
      let wider = location.postgres.map { $0.schema == nil } == true
      return Finding(
        "destination.blank", rule: "D10", .block, about: "destination",
        "it is not blank: it holds \(count) objects of somebody, such as \(names.joined(separator: ", "))",
        remedy: wider
          ? "name a blank database; or, where both shall live together, a schema of its own with ?schema=NAME"
          : "name a blank database as destination.history in platform.json5",
        onlyBeforeStart: true)
    }
    guard connection.engine == .postgresql else {
      return Finding(
        "destination.blank", rule: "D10", .pass, about: "destination", "nothing is in it", onlyBeforeStart: true)
    }
    let facts = try connection.serverFacts()
    let owner = try connection.text(
      "SELECT pg_get_userbyid(datdba)::text FROM pg_database WHERE datname = current_database()")
    return Finding(
      "destination.blank", rule: "D10", .pass, about: "destination",
      "its catalogue is empty; encoding \(facts.encoding), collation \(facts.collation), owner \(owner ?? "unknown")",
      onlyBeforeStart: true)
  }

  /// Relations, functions, types and large objects that neither the server nor an extension has made. In a schema
  /// that was named only what is there counts.
  private func onServer() throws -> ([String], Int) {
    let place: SQL
    if let schema = location.postgres?.schema {
      place = "n.nspname = \(schema)"
    } else {
      place = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"
    }
    func owned(_ catalogue: String, _ alias: String) -> SQL {
      """
      NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = \(unsafeSQL: "'\(catalogue)'")::regclass
        AND d.objid = \(unsafeSQL: alias).oid AND d.deptype IN ('e', 'i'))
      """
    }
    let objects: SQL = """
      SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND c.relname NOT LIKE 'locktender\\_%'
          AND \(fragment: place) AND \(fragment: owned("pg_class", "c"))
      UNION ALL
      SELECT n.nspname || '.' || p.proname || '()' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE \(fragment: place) AND \(fragment: owned("pg_proc", "p"))
      UNION ALL
      SELECT n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
        WHERE t.typtype IN ('d', 'e', 'r') AND \(fragment: place) AND \(fragment: owned("pg_type", "t"))
      """
    var names: [String] = []
    var count = 0
    try connection.rows("SELECT name FROM (\(fragment: objects)) o (name) ORDER BY 1", [.text]) { row in
      if names.count < 3, let name = row.string(0) { names.append(name) }
      count += 1
    }
    return (names, count)
  }

  private func inFile() throws -> ([String], Int) {
    let catalogue = try connection.catalogue()
    let names =
      catalogue.tables.map(\.name.name).filter { !$0.hasPrefix("locktender_") } + catalogue.objects.map(\.name)
    return (Array(names.prefix(3)), names.count)
  }
}
