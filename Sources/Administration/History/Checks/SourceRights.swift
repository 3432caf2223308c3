internal import Base
internal import Database
internal import Migration

/// What a login may read of a PostgreSQL database, found out by reading: the rights that catalogues tell of leave out
/// policies, and those of schemas.
struct SourceRights {
  let subject: String
  let connection: Connection

  private struct Relation {
    let name: TableName
    let isSequence: Bool
  }

  /// One finding: all can be read, or the missing rights as SQL that an owner can run as it stands.
  func finding() throws -> Finding {
    try connection.transaction(.readOnlySnapshot) {
      try connection.execute("SET LOCAL row_security = off")
      var schemas: [String] = []
      var tables: [TableName] = []
      var sequences: [TableName] = []
      var hidden: [TableName] = []
      let relations = try self.relations()
      for relation in relations {
        switch try probe(relation) {
        case nil: continue
        case .schema(let name): if !schemas.contains(name) { schemas.append(name) }
        case .policy: hidden.append(relation.name)
        case .relation: break
        }
        // A schema that may not be entered hides what may be done in it.
        if relation.isSequence { sequences.append(relation.name) } else { tables.append(relation.name) }
      }
      tables.removeAll { hidden.contains($0) }
      let isReadOnly = try connection.text("SELECT current_setting('transaction_read_only')") == "on"
      guard schemas.isEmpty, tables.isEmpty, sequences.isEmpty, hidden.isEmpty else {
        return missing(schemas, tables, sequences, hidden)
      }
      return Finding(
        "source.rights", rule: "D8", isReadOnly ? .pass : .block, about: subject,
        isReadOnly
          ? "all \(relations.count) tables can be read, by a session that cannot write"
          : "the session could write: the read-only mode did not reach the server",
        remedy: isReadOnly ? nil : "give the server's own address in platform.json5")
    }
  }

  private func missing(
    _ schemas: [String], _ tables: [TableName], _ sequences: [TableName], _ hidden: [TableName]
  ) -> Finding {
    let login: String
    // The login asked for its own name before; now it can only be spelled as it was given.
    do { login = TableName(try connection.text("SELECT current_user::text") ?? "").quoted } catch {
      login = "LOGIN"
    }
    var statements = schemas.map { "GRANT USAGE ON SCHEMA \(TableName($0).quoted) TO \(login);" }
    func grant(_ kind: String, _ names: [TableName]) {
      guard !names.isEmpty else { return }
      statements.append("GRANT SELECT ON \(kind) \(names.map(\.quoted).joined(separator: ", ")) TO \(login);")
    }
    grant("TABLE", tables)
    grant("SEQUENCE", sequences)
    if !hidden.isEmpty { statements.append("ALTER ROLE \(login) BYPASSRLS;") }
    let count = tables.count + sequences.count + hidden.count
    let policies = hidden.isEmpty ? "" : "; policies hide rows of \(hidden.count) from it"
    return Finding(
      "source.rights", rule: "D8", .block, about: subject,
      "the login may not read \(count) of its tables and sequences, and a backup needs all of them\(policies)",
      remedy: statements.joined(separator: " "))
  }

  private enum Refusal {
    case schema(String)
    case relation
    case policy
  }

  /// Reads nothing of it, but asks for all that reading needs.
  private func probe(_ relation: Relation) throws -> Refusal? {
    do {
      try connection.transaction(.deferred) {
        _ = try connection.boolean("SELECT true FROM \(table: relation.name) LIMIT 0")
        // A statement that names no column needs a right on any; a dump names them all.
        if relation.isSequence {
          _ = try connection.integer("SELECT last_value FROM \(table: relation.name) LIMIT 0")
        } else {
          _ = try connection.text("SELECT (x.*)::pg_catalog.text FROM \(table: relation.name) x LIMIT 0")
        }
      }
      return nil
    } catch let error as DatabaseError where error.code == .permission {
      if error.reason.contains("row-level security") { return .policy }
      return error.reason.contains("for schema") ? .schema(relation.name.schema ?? "") : .relation
    }
  }

  /// Everything that a dump reads rows of.
  private func relations() throws -> [Relation] {
    var relations: [Relation] = []
    try connection.rows(
      """
      SELECT n.nspname::text, c.relname::text, c.relkind = 'S' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'S') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_'
        AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1, 2
      """, [.text, .text, .boolean]
    ) { row in
      if let schema = row.string(0), let name = row.string(1) {
        relations.append(Relation(name: TableName(name, schema: schema), isSequence: row.boolean(2) == true))
      }
    }
    return relations
  }
}
