internal import Base
internal import Cryptography
internal import Database

/// What a database holds, table by table: what must be the same before a backup and after its restoration.
struct ContentSummary: Sendable, Equatable {
  /// By table: the sum of its rows' digests, with their count.
  private(set) var tables: [String: DigestSum] = [:]

  /// One digest of it all.
  var digest: Digest256 {
    let lines = tables.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
    return sha256(Array(lines.joined().utf8))
  }

  var rows: Int { tables.values.reduce(0) { $0 + Int($1.count) } }

  /// The first table that differs, in words without any value; nil where all agree.
  func difference(from restored: ContentSummary) -> String? {
    for name in Set(tables.keys).union(restored.tables.keys).sorted() {
      guard let original = tables[name] else { return "it holds a table \(name) that the original has not" }
      guard let copy = restored.tables[name] else { return "it does not hold the table \(name)" }
      if original.count != copy.count {
        return "its table \(name) holds \(copy.count) rows, the original's \(original.count)"
      }
      if original != copy { return "its table \(name) holds other rows than the original's" }
    }
    return nil
  }

  /// Reads all rows of all tables. Blocks.
  ///
  /// - Parameter tell: called after each table; what it throws ends the reading.
  static func of(
    _ connection: Connection, tell: (_ table: String) throws -> Void = { _ in }
  ) throws -> ContentSummary {
    connection.engine == .postgresql ? try ofPostgreSQL(connection, tell) : try ofSQLite(connection, tell)
  }

  private static func ofSQLite(_ connection: Connection, _ tell: (String) throws -> Void) throws -> ContentSummary {
    var summary = ContentSummary()
    for table in try connection.catalogue().tables {
      // Every value as its bytes, told apart by type: what SQLite holds, not what a column promises.
      let columns = table.columns.filter { !$0.isGenerated }.map(\.name)
      let fields = columns.map { name -> SQL in "CAST(quote(\(identifier: name)) AS BLOB)" }
      let rows: SQL = "SELECT \(fragment: SQL.joined(fields, by: ", ")) FROM \(table: table.name)"
      summary.tables[table.name.name] = try sum(
        rows, Array(repeating: .bytes, count: columns.count), on: connection)
      try tell(table.name.name)
    }
    return summary
  }

  /// Rows as texts, since types that extensions or people made have no other common form. Sequences are left out:
  /// they stand outside of every snapshot.
  private static func ofPostgreSQL(
    _ connection: Connection, _ tell: (String) throws -> Void
  ) throws -> ContentSummary {
    try connection.execute("SET search_path = ''")
    try connection.execute("SET lc_monetary = 'C'")
    // Servers before 12 print floating-point numbers otherwise, but for their first fifteen digits.
    try connection.execute("SET extra_float_digits = 0")
    var summary = ContentSummary()
    for table in try tables(on: connection) {
      summary.tables[table.description] = try sum(
        """
        SELECT ("locktender row".*)::pg_catalog.text FROM ONLY \(table: table) "locktender row"
        """, [.text], on: connection)
      try tell(table.description)
    }
    let objects: SQL = "SELECT oid::pg_catalog.text, pg_catalog.lo_get(oid) FROM pg_catalog.pg_largeobject_metadata"
    let large = try sum(objects, [.text, .bytes], on: connection)
    if large.count > 0 { summary.tables["large objects"] = large }
    return summary
  }

  /// Tables that a dump carries the rows of; those that belong to an extension are its own business.
  private static func tables(on connection: Connection) throws -> [TableName] {
    var tables: [TableName] = []
    try connection.rows(
      """
      SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1, 2
      """, [.text, .text]
    ) { row in
      if let schema = row.string(0), let name = row.string(1) { tables.append(TableName(name, schema: schema)) }
    }
    return tables
  }

  private static func sum(_ rows: SQL, _ kinds: [ColumnKind], on connection: Connection) throws -> DigestSum {
    var sum = DigestSum()
    var hasher = SHA256Hasher()
    var block = RowBlock(kinds: kinds)
    var stream = try connection.stream(rows, kinds)
    while try stream.read(into: &block, rows: 10_000) {
      for index in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: index))) }
    }
    return sum
  }
}
