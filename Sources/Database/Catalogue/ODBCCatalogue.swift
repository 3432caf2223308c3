internal import CODBC

/// Reads what a driver's catalogue functions tell (ODBC reference, "Catalog Functions"). They know no rules,
/// no triggers, no sizes, and of views the names only.
struct ODBCCatalogue {
  let session: ODBCSession
  let schema: String?

  func read() throws(DatabaseError) -> Catalogue {
    let schema: String?
    if let given = self.schema { schema = given } else { schema = try session.currentSchema() }
    let columns = try columns(schema)
    var tables: [Catalogue.Table] = []
    var views: [Catalogue.Object] = []
    for row in try tableRows(schema) {
      guard let name = row[2], schema == nil || row[1] == schema else { continue }
      switch row[3] {
      case "TABLE": tables.append(try table(name, schema, columns[name] ?? []))
      case "VIEW": views.append(.init(kind: "view", name: name, definition: ""))
      default: break
      }
    }
    return Catalogue(
      tables: tables.sorted { $0.name.name < $1.name.name }, objects: views.sorted { $0.name < $1.name })
  }

  private func tableRows(_ schema: String?) throws(DatabaseError) -> [[String?]] {
    let pattern = schema.map { session.escapedPattern($0) }
    return try session.catalogueRows(5) { statement in
      unsafe withUnits(pattern) { schema, schemaLength in
        unsafe withUnits("TABLE,VIEW") { types, typesLength in
          unsafe SQLTablesW(statement.pointer, nil, 0, schema, schemaLength, nil, 0, types, typesLength)
        }
      }
    }
  }

  private func table(
    _ name: String, _ schema: String?, _ columns: [Catalogue.Column]
  ) throws(DatabaseError) -> Catalogue.Table {
    let (keyName, key) = try primaryKey(name, schema)
    return Catalogue.Table(
      name: TableName(name, schema: schema), columns: columns, primaryKey: key,
      indexes: try indexes(name, schema, constraint: keyName), foreignKeys: try foreignKeys(name, schema),
      rules: [],
      bytes: nil)
  }

  /// The columns of all tables at once: a name that were a pattern would have to be escaped, which drivers do each in
  /// its own way.
  private func columns(_ schema: String?) throws(DatabaseError) -> [String: [Catalogue.Column]] {
    let pattern = schema.map { session.escapedPattern($0) }
    let rows = try session.catalogueRows(17) { statement in
      unsafe withUnits(pattern) { schema, length in
        unsafe SQLColumnsW(statement.pointer, nil, 0, schema, length, nil, 0, nil, 0)
      }
    }
    var columns: [String: [(place: Int, column: Catalogue.Column)]] = [:]
    for row in rows where schema == nil || row[1] == schema {
      columns[row[2] ?? "", default: []].append(
        (
          Int(row[16] ?? "") ?? 0,
          .init(
            name: row[3] ?? "", type: type(row), isNullable: row[10] != "0", defaultValue: row[12],
            isGenerated: false)
        ))
    }
    return columns.mapValues { $0.sorted { $0.place < $1.place }.map(\.column) }
  }

  /// The type's name, with its size where a size belongs to it.
  private func type(_ row: [String?]) -> String {
    let name = row[5] ?? ""
    let sized = [SQL_CHAR, SQL_VARCHAR, SQL_WCHAR, SQL_WVARCHAR, SQL_BINARY, SQL_VARBINARY].map { String($0) }
    if let number = row[4], let size = row[6] {
      if sized.contains(number) { return "\(name)(\(size))" }
      if [SQL_NUMERIC, SQL_DECIMAL].map({ String($0) }).contains(number) {
        return "\(name)(\(size),\(row[8] ?? "0"))"
      }
    }
    return name
  }

  private func primaryKey(_ table: String, _ schema: String?) throws(DatabaseError) -> (String?, [String]) {
    let rows = try session.catalogueRows(6) { statement in
      unsafe withUnits(schema) { schema, schemaLength in
        unsafe withUnits(table) { table, tableLength in
          unsafe SQLPrimaryKeysW(statement.pointer, nil, 0, schema, schemaLength, table, tableLength)
        }
      }
    }.sorted { (Int($0[4] ?? "") ?? 0) < (Int($1[4] ?? "") ?? 0) }
    return (rows.first?[5], rows.compactMap { $0[3] })
  }

  private func indexes(
    _ table: String, _ schema: String?, constraint: String?
  ) throws(DatabaseError) -> [Catalogue.Index] {
    let rows = try session.catalogueRows(11) { statement in
      unsafe withUnits(schema) { schema, schemaLength in
        unsafe withUnits(table) { table, tableLength in
          unsafe SQLStatisticsW(
            statement.pointer, nil, 0, schema, schemaLength, table, tableLength, SQLUSMALLINT(SQL_INDEX_ALL),
            SQLUSMALLINT(SQL_QUICK))
        }
      }
    }
    var indexes: [String: [(place: Int, column: String, isUnique: Bool)]] = [:]
    for row in rows {
      guard let name = row[5], let column = row[8] else { continue }
      indexes[name, default: []].append((Int(row[7] ?? "") ?? 0, column, row[3] == "0"))
    }
    return indexes.sorted { $0.key < $1.key }.map { name, columns in
      Catalogue.Index(
        name: name, columns: columns.sorted { $0.place < $1.place }.map(\.column),
        isUnique: columns.allSatisfy(\.isUnique), isConstraint: name == constraint, definition: nil)
    }
  }

  private func foreignKeys(_ table: String, _ schema: String?) throws(DatabaseError) -> [Catalogue.ForeignKey] {
    let rows = try session.catalogueRows(13) { statement in
      unsafe withUnits(schema) { schema, schemaLength in
        unsafe withUnits(table) { table, tableLength in
          unsafe SQLForeignKeysW(
            statement.pointer, nil, 0, nil, 0, nil, 0, nil, 0, schema, schemaLength, table, tableLength)
        }
      }
    }
    var keys: [Catalogue.ForeignKey] = []
    var last: String?
    for row in rows {
      if keys.isEmpty || row[8] == "1" || row[11] != last {
        keys.append(.init(columns: [], table: TableName(row[2] ?? "", schema: row[1]), references: []))
        last = row[11]
      }
      keys[keys.count - 1].columns.append(row[7] ?? "")
      keys[keys.count - 1].references.append(row[3] ?? "")
    }
    return keys.sorted { ($0.columns.first ?? "") < ($1.columns.first ?? "") }
  }
}

extension ODBCSession {
  /// All rows of a catalogue function, as texts.
  func catalogueRows(_ columns: Int, _ call: (ODBCStatement) -> SQLRETURN) throws(DatabaseError) -> [[String?]] {
    try checkReady()
    defer { endStatement() }
    let statement = try unsafe ODBCStatement(on: connection)
    let doing = "read the catalogue"
    if codbc_succeeded(call(statement)) == 0 { throw failure(statement, doing: doing) }
    var rows: [[String?]] = []
    while let row = try statement.nextTexts(columns, doing: doing) { rows.append(row) }
    return rows
  }

  /// The schema in which the session finds unqualified names; nil where the program has none or does not tell.
  func currentSchema() throws(DatabaseError) -> String? {
    switch dialect.product {
    case "PostgreSQL": try word("select current_schema()::text")
    case "Microsoft SQL Server": try word("select schema_name()")
    default: nil
    }
  }

  /// The first field of the first row, as text.
  func word(_ sql: SQL) throws(DatabaseError) -> String? {
    let source = try result(sql, [.text], .throwing)
    var block = RowBlock(kinds: [.text], capacity: 256)
    try source.read(into: &block, rows: 1, bytes: .max)
    return block.count == 0 ? nil : block[0].string(0)
  }

  /// A name as a pattern that only it matches.
  func escapedPattern(_ name: String) -> String {
    let escape = unsafe ODBCDriver.text(SQL_SEARCH_PATTERN_ESCAPE, connection)
    if escape.isEmpty { return name }
    return String(name.flatMap { "_%".contains($0) || String($0) == escape ? escape + String($0) : String($0) })
  }
}

/// Lends a text in UTF-16 with its length; nothing for nil.
private func withUnits<R>(_ text: String?, _ body: (UnsafeMutablePointer<SQLWCHAR>?, SQLSMALLINT) -> R) -> R {
  guard let text else { return body(nil, 0) }
  var units = Array(text.utf16) + [0]
  let count = units.count - 1
  return unsafe units.withUnsafeMutableBufferPointer { unsafe body($0.baseAddress, SQLSMALLINT(count)) }
}
