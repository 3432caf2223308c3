internal import Base
internal import Database
internal import Migration

/// What a login may do at the destination, found out by doing it in a transaction that is taken back.
struct DestinationRights {
  let location: DatabaseLocation
  /// Writable: opened with the options of the import itself.
  let connection: Connection

  private static let subject = "destination"
  private var schema: String? { location.postgres?.schema }

  func findings() throws -> [Finding] {
    let facts = try connection.serverFacts()
    if facts.isInRecovery {
      return [
        block(
          "the server only follows another one and takes no writes", "name the primary server in platform.json5")
      ]
    }
    guard let schema = try connection.text("SELECT current_schema()::text") else { return [try noSchema(facts)] }
    var findings = [try creation(schema, facts)]
    if let foreign = try foreignOwner(schema) { findings.append(foreign) }
    return findings
  }

  /// Makes, fills, indexes and drops a table, and rolls back.
  private func creation(_ schema: String, _ facts: ServerFacts) throws -> Finding {
    let table = TableName("locktender_probe_\(UniqueID.random().description.prefix(8))", schema: schema)
    do throws(DatabaseError) {
      try connection.begin(.deferred)
      // Whatever happens the transaction does not stay; one that the server has ended is over.
      defer { try? connection.rollBack() }
      try connection.execute("CREATE TABLE \(table: table) (id bigint NOT NULL)")
      try connection.execute("INSERT INTO \(table: table) VALUES (1)")
      try connection.execute("ALTER TABLE \(table: table) ADD PRIMARY KEY (id)")
      try connection.execute("DROP TABLE \(table: table)")
    } catch {
      guard error.code == .permission else { throw error }
      let (login, place) = (TableName(facts.user).quoted, TableName(schema).quoted)
      return block(
        "the login may not make tables in the schema \(schema)",
        "GRANT USAGE, CREATE ON SCHEMA \(place) TO \(login); or ALTER SCHEMA \(place) OWNER TO \(login);")
    }
    return Finding(
      "destination.rights", rule: "D9", .pass, about: DestinationRights.subject,
      "the login can make and drop tables in the schema \(schema): tried, and taken back")
  }

  private func noSchema(_ facts: ServerFacts) throws -> Finding {
    let login = TableName(facts.user).quoted
    guard let schema else {
      return block(
        "no schema is there in which names are looked up",
        "CREATE SCHEMA public AUTHORIZATION \(login); or name one in the location with ?schema=NAME")
    }
    let exists = try connection.boolean("SELECT true FROM pg_namespace WHERE nspname = \(schema)") == true
    let place = TableName(schema).quoted
    return exists
      ? block(
        "the login may not enter the schema \(schema)", "GRANT USAGE, CREATE ON SCHEMA \(place) TO \(login);")
      : block("there is no schema \(schema)", "CREATE SCHEMA \(place) AUTHORIZATION \(login);")
  }

  /// Indexes are dropped and made again by the owner of their table only.
  private func foreignOwner(_ schema: String) throws -> Finding? {
    var tables: [TableName] = []
    var owner = ""
    try connection.rows(
      """
      SELECT c.relname::text, pg_get_userbyid(c.relowner)::text FROM pg_class c
      WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = \(schema)) AND c.relkind IN ('r', 'p')
        AND c.relname IN \(list: HistoryTables.all + ["history_source", "history_import", "product_info"])
        AND NOT pg_has_role(current_user, c.relowner, 'USAGE')
      ORDER BY 1
      """, [.text, .text]
    ) { row in
      if let name = row.string(0) { tables.append(TableName(name, schema: schema)) }
      owner = row.string(1) ?? ""
    }
    guard !tables.isEmpty else { return nil }
    let login = TableName(try connection.text("SELECT current_user::text") ?? "").quoted
    return block(
      "\(tables.count) of its tables belong to \(owner), and only their owner makes their indexes",
      "GRANT \(TableName(owner).quoted) TO \(login);")
  }

  private func block(_ message: String, _ remedy: String) -> Finding {
    Finding(
      "destination.rights", rule: "D9", .block, about: DestinationRights.subject, message, remedy: remedy)
  }
}
