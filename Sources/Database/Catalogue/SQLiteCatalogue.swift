/// Reads SQLite's schema table and pragmas (sqlite.org/pragma.html).
struct SQLiteCatalogue {
  let connection: Connection

  func read() throws(DatabaseError) -> Catalogue {
    var tables: [Catalogue.Table] = []
    let list: SQL = """
      select s.name, s.sql from sqlite_schema s join pragma_table_list l on l.name = s.name and l.schema = 'main'
      where s.type = 'table' and l.type in ('table', 'virtual') and s.name not like 'sqlite\\_%' escape '\\'
      order by s.name
      """
    for row in try connection.texts(list, 2) {
      guard let name = row[0] else { continue }
      try tables.append(table(name, definition: row[1] ?? ""))
    }
    let objects = try connection.texts(
      "select type, name, sql from sqlite_schema where type in ('view', 'trigger') order by type, name", 3)
    return Catalogue(
      tables: tables,
      objects: objects.map { .init(kind: $0[0] ?? "", name: $0[1] ?? "", definition: $0[2] ?? "") })
  }

  private func table(_ name: String, definition: String) throws(DatabaseError) -> Catalogue.Table {
    // Columns are kept in the key's order beside the table's.
    var columns: [Catalogue.Column] = []
    var key: [(Int, String)] = []
    let fields: SQL = """
      select name, type, "notnull", dflt_value, pk, hidden from pragma_table_xinfo(\(name)) where hidden <> 1 order by cid
      """
    for row in try connection.texts(fields, 6) {
      let column = row[0] ?? ""
      columns.append(
        .init(
          name: column, type: row[1] ?? "", isNullable: row[2] == "0", defaultValue: row[3],
          isGenerated: row[5] == "2" || row[5] == "3"))
      if let place = Int(row[4] ?? ""), place > 0 { key.append((place, column)) }
    }
    return Catalogue.Table(
      name: TableName(name), columns: columns, primaryKey: key.sorted { $0.0 < $1.0 }.map(\.1),
      indexes: try indexes(name), foreignKeys: try foreignKeys(name), rules: [definition],
      bytes: nil)
  }

  private func indexes(_ table: String) throws(DatabaseError) -> [Catalogue.Index] {
    var indexes: [Catalogue.Index] = []
    let list: SQL = """
      select l.name, l."unique", l.origin, s.sql from pragma_index_list(\(table)) l
      left join sqlite_schema s on s.type = 'index' and s.name = l.name order by l.name
      """
    for row in try connection.texts(list, 4) {
      let name = row[0] ?? ""
      let columns = try connection.texts(
        "select coalesce(name, 'expression ' || seqno) from pragma_index_xinfo(\(name)) where key = 1 order by seqno",
        1)
      indexes.append(
        .init(
          name: name, columns: columns.compactMap(\.[0]), isUnique: row[1] == "1", isConstraint: row[2] != "c",
          definition: row[3]))
    }
    return indexes
  }

  private func foreignKeys(_ table: String) throws(DatabaseError) -> [Catalogue.ForeignKey] {
    var keys: [Catalogue.ForeignKey] = []
    var last: String?
    let list: SQL = """
      select id, "table", "from", "to" from pragma_foreign_key_list(\(table)) order by id, seq
      """
    for row in try connection.texts(list, 4) {
      if keys.isEmpty || row[0] != last {
        keys.append(.init(columns: [], table: TableName(row[1] ?? ""), references: []))
        last = row[0]
      }
      keys[keys.count - 1].columns.append(row[2] ?? "")
      if let to = row[3] { keys[keys.count - 1].references.append(to) }
    }
    return keys
  }
}
