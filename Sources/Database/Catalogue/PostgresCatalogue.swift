/// Reads PostgreSQL's system catalogues (documentation, chapter 53).
struct PostgresCatalogue {
  let connection: Connection
  let schema: String?

  func read() throws(DatabaseError) -> Catalogue {
    var existing: String?
    if let schema {
      existing = try connection.text("select nspname from pg_namespace where nspname = \(schema)")
    } else {
      existing = try connection.text("select current_schema()")
    }
    guard let schema = existing else {
      throw DatabaseError(
        .syntax, doing: "read the catalogue", reason: "the schema does not exist",
        advice: "Name an existing schema with `?schema=` in the database's address.")
    }
    var columns = try columns(schema)
    var indexes = try indexes(schema)
    var constraints = try constraints(schema)
    let list: SQL = """
      select c.relname, pg_total_relation_size(c.oid)::text from pg_class c
      where c.relnamespace = (select oid from pg_namespace where nspname = \(schema)) and c.relkind in ('r', 'p') order by c.relname
      """
    var tables: [Catalogue.Table] = []
    for row in try connection.texts(list, 2) {
      let name = row[0] ?? ""
      let found = constraints.removeValue(forKey: name) ?? Constraints()
      tables.append(
        .init(
          name: TableName(name, schema: schema), columns: columns.removeValue(forKey: name) ?? [],
          primaryKey: found.primaryKey, indexes: indexes.removeValue(forKey: name) ?? [],
          foreignKeys: found.foreignKeys, rules: found.rules, bytes: Int(row[1] ?? "")))
    }
    return Catalogue(tables: tables, objects: try objects(schema))
  }

  private func columns(_ schema: String) throws(DatabaseError) -> [String: [Catalogue.Column]] {
    let list: SQL = """
      select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
        coalesce(pg_get_expr(d.adbin, d.adrelid), nullif(a.attidentity::text, '')), (a.attgenerated <> '')::text
      from pg_attribute a join pg_class c on c.oid = a.attrelid
      left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where c.relnamespace = (select oid from pg_namespace where nspname = \(schema)) and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
      order by c.oid, a.attnum
      """
    var columns: [String: [Catalogue.Column]] = [:]
    for row in try connection.texts(list, 6) {
      columns[row[0] ?? "", default: []].append(
        .init(
          name: row[1] ?? "", type: row[2] ?? "", isNullable: row[3] == "false", defaultValue: row[4],
          isGenerated: row[5] == "true"))
    }
    return columns
  }

  private func indexes(_ schema: String) throws(DatabaseError) -> [String: [Catalogue.Index]] {
    let list: SQL = """
      select t.relname, c.relname, i.indisunique::text, pg_get_indexdef(i.indexrelid),
        exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))::text,
        array_to_string(
          array(select pg_get_indexdef(i.indexrelid, k, true) from generate_series(1, i.indnkeyatts) k), chr(31))
      from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
      where t.relnamespace = (select oid from pg_namespace where nspname = \(schema)) and t.relkind in ('r', 'p') order by c.relname
      """
    var indexes: [String: [Catalogue.Index]] = [:]
    for row in try connection.texts(list, 6) {
      indexes[row[0] ?? "", default: []].append(
        .init(
          name: row[1] ?? "", columns: PostgresCatalogue.unquoted(row[5]), isUnique: row[2] == "true",
          isConstraint: row[4] == "true", definition: row[3]))
    }
    return indexes
  }

  private struct Constraints {
    var primaryKey: [String] = []
    var foreignKeys: [Catalogue.ForeignKey] = []
    var rules: [String] = []
  }

  private func constraints(_ schema: String) throws(DatabaseError) -> [String: Constraints] {
    func names(_ relation: SQL, _ numbers: SQL) -> SQL {
      """
      array_to_string(array(select a.attname from unnest(\(fragment: numbers)) with ordinality n (number, place)
        join pg_attribute a on a.attrelid = \(fragment: relation) and a.attnum = n.number order by n.place), chr(31))
      """
    }
    let list: SQL = """
      select c.relname, k.contype::text, \(fragment: names("k.conrelid", "k.conkey")), f.relname, fn.nspname,
        \(fragment: names("k.confrelid", "k.confkey")), pg_get_constraintdef(k.oid)
      from pg_constraint k join pg_class c on c.oid = k.conrelid
      left join pg_class f on f.oid = k.confrelid left join pg_namespace fn on fn.oid = f.relnamespace
      where c.relnamespace = (select oid from pg_namespace where nspname = \(schema)) order by k.contype, k.conname
      """
    var constraints: [String: Constraints] = [:]
    for row in try connection.texts(list, 7) {
      let columns = PostgresCatalogue.unquoted(row[2])
      var found = constraints.removeValue(forKey: row[0] ?? "") ?? Constraints()
      switch row[1] {
      case "p": found.primaryKey = columns
      case "f":
        found.foreignKeys.append(
          .init(
            columns: columns, table: TableName(row[3] ?? "", schema: row[4]),
            references: PostgresCatalogue.unquoted(row[5])))
      case "c", "x": found.rules.append(row[6] ?? "")
      default: break
      }
      constraints[row[0] ?? ""] = found
    }
    return constraints
  }

  private func objects(_ schema: String) throws(DatabaseError) -> [Catalogue.Object] {
    let list: SQL = """
      select 'trigger', t.tgname::text, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
      where c.relnamespace = (select oid from pg_namespace where nspname = \(schema)) and not t.tgisinternal
      union all
      select 'view', c.relname::text, pg_get_viewdef(c.oid) from pg_class c
      where c.relnamespace = (select oid from pg_namespace where nspname = \(schema)) and c.relkind in ('v', 'm')
      """
    // Sorted here, since the server's order depends on its collation.
    return try connection.texts(list, 3).map {
      Catalogue.Object(kind: $0[0] ?? "", name: $0[1] ?? "", definition: $0[2] ?? "")
    }.sorted { ($0.kind, $0.name) < ($1.kind, $1.name) }
  }

  /// A list that was joined by the unit separator.
  private static func unquoted(_ text: String?) -> [String] {
    guard let text, !text.isEmpty else { return [] }
    return text.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
  }
}
