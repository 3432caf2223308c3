import Base
import Database
import TestSupport
import Testing

@Suite(.startsServers)
struct ODBCCatalogueTests {
  private func makeTables(in database: ODBCDatabase) throws -> Connection {
    let writer = try database.write()
    try writer.execute(
      unsafeScript: """
        create table parent (b integer, a bigint, primary key (b, a));
        create table "child _%\\""x" (
          id bigint primary key, "Naïve Name" varchar(80) not null, amount numeric(12,2) default 0,
          p integer, q bigint, flag boolean, at timestamptz, raw bytea, key uuid,
          foreign key (p, q) references parent (b, a));
        create table "child X%\\""x" (other text);
        create unique index first on "child _%\\""x" ("Naïve Name", q);
        create index second on "child _%\\""x" (flag);
        create view seen as select 1 as one;
        create schema elsewhere;
        create table elsewhere.hidden (id bigint);
        """)
    return writer
  }

  @Test func `tables, columns, keys and indexes are those that libpq tells of`() throws {
    let database = try ODBCDatabase()
    let writer = try makeTables(in: database)
    let expected = try writer.catalogue()
    let found = try database.read().catalogue()
    #expect(found.tables.map(\.name) == expected.tables.map(\.name))
    for (table, original) in zip(found.tables, expected.tables) {
      #expect(table.columns.map(\.name) == original.columns.map(\.name))
      #expect(table.columns.map(\.isNullable) == original.columns.map(\.isNullable))
      #expect(table.primaryKey == original.primaryKey)
      #expect(table.indexes.map(\.name) == original.indexes.map(\.name))
      #expect(table.indexes.map(\.columns) == original.indexes.map { $0.columns.map(Self.unquoted) })
      #expect(table.indexes.map(\.isUnique) == original.indexes.map(\.isUnique))
      #expect(table.foreignKeys == original.foreignKeys)
    }
    let child = try #require(found["child _%\\\"x"])
    try #require(child.columns.count == 9)
    #expect(
      child.columns.map(\.type) == [
        "int8", "varchar(80)", "numeric(12,2)", "int4", "int8", "bool", "timestamptz", "bytea", "uuid",
      ])
    #expect(child.columns[2].defaultValue?.contains("0") == true)
    #expect(child.indexes.filter(\.isConstraint).map(\.columns) == [["id"]])
    #expect(found.objects.map(\.name) == ["seen"])
    #expect(found["hidden"] == nil)
  }

  @Test func `another schema is looked into where it is named`() throws {
    let database = try ODBCDatabase()
    _ = try makeTables(in: database)
    let found = try database.read().catalogue(schema: "elsewhere")
    #expect(found.tables.map(\.name) == [TableName("hidden", schema: "elsewhere")])
    #expect(try database.read().catalogue(schema: "else_here").tables.isEmpty)
  }

  @Test func `a source tells what it is and what leads there`() throws {
    let database = try ODBCDatabase()
    let facts = try database.read().serverFacts()
    let expected = try database.write().serverFacts()
    #expect(facts.engine == .odbc)
    #expect(facts.versionNumber == expected.versionNumber)
    #expect(facts.encoding == "UTF8")
    #expect(facts.user == PrivatePostgres.user)
    #expect(!facts.isPooled)
    let odbc = try #require(facts.odbc)
    #expect(odbc.product == "PostgreSQL")
    #expect(odbc.database == database.name)
    #expect(odbc.driver == "psqlodbcw.so")
    #expect(odbc.driverVersion.hasPrefix("1"))
    #expect(odbc.isEncrypted == false)
    #expect(odbc.isLocal == true)
  }

  @Test func `the same data has the same identity by ODBC and by libpq`() throws {
    let database = try ODBCDatabase()
    let identity = try database.write().dataIdentity()
    #expect(try database.read().dataIdentity() == identity)
    #expect(try ODBCDatabase().read().dataIdentity() != identity)
  }

  private static func unquoted(_ name: String) -> String {
    name.hasPrefix("\"") ? String(name.dropFirst().dropLast()) : name
  }
}
