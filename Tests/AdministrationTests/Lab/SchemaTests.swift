import Administration
import Base
import Database
import TestSupport
import Testing

@Suite struct SchemaTests {
  /// Every release and type that there is.
  private static let schemas = Release.allCases.flatMap { release in
    DatabaseType.possible(in: release).map { ReleaseSchema(release, $0) }
  }

  private func make(_ schema: ReleaseSchema, in connection: Connection, withKeys: Bool = true) throws {
    let engine = connection.engine
    var statements = schema.tableStatements(for: engine)
    if withKeys { statements += schema.keyStatements(for: engine) + schema.indexStatements(for: engine) }
    for statement in statements { try connection.execute(SQL(unsafeSQL: statement)) }
  }

  private func drift(_ connection: Connection, from schema: ReleaseSchema, besides: Set<String> = []) throws
    -> SchemaDrift
  {
    SchemaDrift(from: schema, to: try connection.catalogue(), on: connection.engine, besides: besides)
  }

  @Test func `the files make the declared tables on SQLite`() throws {
    let folder = try TestFolder()
    for schema in Self.schemas {
      let connection = try Connection.open(
        .sqlite(path: folder / "\(schema.release)-\(schema.type).db"), options: .create)
      try make(schema, in: connection)
      #expect(try drift(connection, from: schema).isNone)
      #expect(schema.tables.first?.name == "product_info")
    }
  }

  @Test func `the files make the declared tables and keys on PostgreSQL`() throws {
    let server = try PrivatePostgres.shared()
    for schema in Self.schemas {
      let address = PostgresAddress(
        host: server.host, port: Int(server.port), user: PrivatePostgres.user, database: try server.createDatabase()
      )
      let connection = try Connection.open(DatabaseLocation(.postgresql(address)), options: .readWrite)
      try make(schema, in: connection)
      #expect(try drift(connection, from: schema).isNone)
      for table in try connection.catalogue().tables {
        #expect(!table.primaryKey.isEmpty, "\(table.name) of \(schema.release)")
      }
    }
  }

  @Test func `the large tables of the newest release have no keys until the rows are in`() throws {
    let folder = try TestFolder()
    let connection = try Connection.open(.sqlite(path: folder / "new.db"), options: .create)
    let schema = ReleaseSchema(.v8_2, .history)
    try make(schema, in: connection, withKeys: false)
    let catalogue = try connection.catalogue()
    for table in catalogue.tables
    where !["product_info", "history_source", "history_import"].contains(table.name.name) {
      #expect(table.primaryKey.isEmpty && table.indexes.isEmpty, "\(table.name)")
    }
    #expect(schema.keyStatements(for: .sqlite).count == 7 && schema.keyStatements(for: .postgresql).count == 7)
    #expect(schema.indexStatements(for: .sqlite).count == 6)
    #expect(ReleaseSchema(.v8_1, .history).keyStatements(for: .sqlite).isEmpty)
    #expect(ReleaseSchema(.v8_2, .configuration).indexStatements(for: .sqlite).isEmpty)
  }

  @Test func `drift names what is missing, what is too much and what is of another type`() throws {
    let folder = try TestFolder()
    let connection = try Connection.open(.sqlite(path: folder / "drift.db"), options: .create)
    let schema = ReleaseSchema(.v8_0, .history)
    try make(schema, in: connection)
    try connection.execute("drop table request_section")
    try connection.execute("alter table task drop column party")
    try connection.execute("alter table task add column approver text")
    try connection.execute("create table mine (id integer)")
    try connection.execute("create table theirs (id integer)")
    try connection.execute("alter table change_request drop column host")
    try connection.execute("alter table change_request add column host blob")
    let drift = try drift(connection, from: schema, besides: ["theirs"])
    #expect(
      drift.differences == [
        .otherType(table: "change_request", column: "host", expected: "text", found: "blob"),
        .missingTable("request_section"),
        .missingColumn(table: "task", column: "party"),
        .extraColumn(table: "task", column: "approver"),
        .extraTable("mine"),
      ])
    #expect(drift.isFatal)
    #expect(throws: AdministrationError.self) { try drift.refuseMissing() }
    #expect("\(drift)".contains("column task.party is missing"))
  }

  @Test func `what a database has beyond its release is told and no reason to refuse`() throws {
    let folder = try TestFolder()
    let connection = try Connection.open(.sqlite(path: folder / "extra.db"), options: .create)
    let schema = ReleaseSchema(.v7_5, .undivided)
    try make(schema, in: connection)
    try connection.execute("alter table request add column remark text")
    let drift = try drift(connection, from: schema)
    #expect(drift.differences == [.extraColumn(table: "request", column: "remark")])
    #expect(!drift.isNone && !drift.isFatal)
    try drift.refuseMissing()
  }

  @Test func `declared columns tell which may be null`() throws {
    let request = try #require(ReleaseSchema(.v7_5, .history).table("request"))
    #expect(request.columns.filter(\.isNullable).map(\.name) == ["object_guid", "completed"])
    let change = try #require(ReleaseSchema(.v8_2, .history).table("property_change"))
    #expect(change.columns.filter(\.isNullable).map(\.name) == ["old_value", "new_value"])
    #expect(change.kinds == [.uuid, .integer, .text, .text, .text, .integer])
  }
}
