import Database
import Testing

struct CatalogueTests {
  static let schema = """
    create table parent (id bigint primary key, name varchar(80) not null unique, note text default 'none');
    create table "odd ""name" (
      b bigint not null, a bigint not null, parent bigint references parent (id), primary key (a, b), check (a > 0));
    create index by_note on parent (note, name);
    create unique index by_lower on parent (lower(name)) where note is not null;
    create view seen as select name from parent;
    """

  @Test(arguments: TestEngine.allCases)
  func `tables, columns, keys and indexes are listed`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    try connection.execute(unsafeScript: Self.schema)
    for id in 1...50 { try connection.execute("insert into parent values (\(id), \("name \(id)"), null)") }
    let catalogue = try connection.catalogue()
    #expect(catalogue.tables.map(\.name.name) == ["odd \"name", "parent"])
    let parent = try #require(catalogue["parent"])
    #expect(parent.columns.map(\.name) == ["id", "name", "note"])
    #expect(parent.columns[1].isNullable == false)
    #expect(parent.columns[2].isNullable == true)
    #expect(parent.columns[2].defaultValue?.hasPrefix("'none'") == true)
    #expect(parent.columns[1].type == (engine == .sqlite ? "varchar(80)" : "character varying(80)"))
    #expect(parent.primaryKey == ["id"])
    if engine == .postgresql { #expect(try #require(parent.bytes) >= 4096) }
    let byNote = try #require(parent.indexes.first { $0.name == "by_note" })
    #expect(byNote.columns == ["note", "name"])
    #expect(!byNote.isUnique && !byNote.isConstraint)
    #expect(byNote.definition?.lowercased().hasPrefix("create index") == true)
    #expect(parent.indexes.first { $0.name == "by_lower" }?.isUnique == true)
    #expect(parent.indexes.contains { $0.isConstraint && $0.isUnique && $0.columns == ["name"] })
    let odd = try #require(catalogue["odd \"name"])
    #expect(odd.primaryKey == ["a", "b"])
    #expect(odd.foreignKeys.count == 1)
    #expect(odd.foreignKeys[0].columns == ["parent"])
    #expect(odd.foreignKeys[0].table.name == "parent")
    #expect(odd.foreignKeys[0].references == ["id"])
    #expect(odd.rules.count == 1)
    #expect(catalogue.objects.map(\.kind) == ["view"])
    #expect(catalogue.objects.map(\.name) == ["seen"])
  }

  @Test(arguments: TestEngine.allCases)
  func `the canonical text is equal for equal schemas and changes with the schema only`(engine: TestEngine) throws {
    let first = try TestDatabase(engine)
    let second = try TestDatabase(engine)
    let one = try first.connect()
    let other = try second.connect()
    try one.execute(unsafeScript: Self.schema)
    try other.execute(unsafeScript: Self.schema)
    let text = try one.catalogue().canonicalText
    #expect(try other.catalogue().canonicalText == text)
    try other.execute("insert into parent values (1, 'a', 'b')")
    #expect(try other.catalogue().canonicalText == text)
    for change in ["alter table parent add column more integer", "drop index by_note", "drop view seen"] {
      let before = try other.catalogue().canonicalText
      try other.execute(unsafeScript: change)
      #expect(try other.catalogue().canonicalText != before)
    }
  }

  @Test func `another schema of a PostgreSQL server can be asked for`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect()
    try connection.execute(unsafeScript: Self.schema)
    let admin = try Connection.open(PrivateServer.shared.location(), options: .readOnly)
    let schema = try #require(database.location.postgres?.schema)
    #expect(try admin.catalogue(schema: schema).tables.count == 2)
    #expect(try admin.catalogue(schema: schema).tables[0].name.schema == schema)
    #expect(databaseError { _ = try admin.catalogue(schema: "no such schema") } != nil)
  }
}
