/// What a database holds: its tables with their columns, keys and indexes.
public struct Catalogue: Sendable, Equatable {
  /// In the order of their names.
  public var tables: [Table]
  /// Views and triggers, in the order of kind and name.
  public var objects: [Object]

  public struct Table: Sendable, Equatable {
    public var name: TableName
    public var columns: [Column]
    /// The columns of the primary key in its order; empty where there is none.
    public var primaryKey: [String]
    /// All indexes, those behind constraints included, in the order of their names.
    public var indexes: [Index]
    public var foreignKeys: [ForeignKey]
    /// Rules of the table in the engine's own words, such as `CHECK ((age > 0))`. SQLite: the whole CREATE TABLE.
    public var rules: [String]
    /// With indexes, in bytes; nil where the engine does not keep it: SQLite would walk over all pages, ODBC has no word
    /// for it.
    public var bytes: Int?
  }

  public struct Column: Sendable, Equatable {
    public var name: String
    /// The type as it was declared: `character varying(80)`; may be empty on SQLite.
    public var type: String
    public var isNullable: Bool
    /// The default's expression.
    public var defaultValue: String?
    /// Computed by the engine; cannot be written.
    public var isGenerated: Bool
  }

  public struct Index: Sendable, Equatable {
    public var name: String
    /// Column names, or expressions in the engine's own words.
    public var columns: [String]
    public var isUnique: Bool
    /// Belongs to a primary-key or unique constraint, and so cannot be dropped alone.
    public var isConstraint: Bool
    /// The statement that makes it; nil for SQLite's automatic ones.
    public var definition: String?
  }

  public struct ForeignKey: Sendable, Equatable {
    public var columns: [String]
    public var table: TableName
    /// Empty where SQLite takes the other table's primary key.
    public var references: [String]
  }

  public struct Object: Sendable, Equatable {
    /// `view` or `trigger`.
    public var kind: String
    public var name: String
    public var definition: String
  }

  /// A table by its name, whatever its schema.
  public subscript(name: String) -> Table? { tables.first { $0.name.name == name } }

  /// The schema in one canonical text, the input of a fingerprint: equal for equal schemas, without row counts, sizes
  /// and the name of the schema itself.
  public var canonicalText: String {
    var lines: [String] = []
    for table in tables {
      lines.append("table \(quotedIdentifier(table.name.name))")
      for column in table.columns {
        lines.append(
          " column \(quotedIdentifier(column.name)) \(column.type)\(column.isNullable ? "" : " not null")"
            + (column.isGenerated ? " generated" : "")
            + (column.defaultValue.map { " default \(quoted($0))" } ?? ""))
      }
      lines.append(" key \(names(table.primaryKey))")
      for index in table.indexes {
        lines.append(" index\(index.isUnique ? " unique" : "") \(names(index.columns))")
      }
      for key in table.foreignKeys {
        lines.append(
          " foreign \(names(key.columns)) to \(quotedIdentifier(key.table.name)) \(names(key.references))")
      }
      for rule in table.rules { lines.append(" rule \(quoted(rule))") }
    }
    for object in objects {
      lines.append("\(object.kind) \(quotedIdentifier(object.name)) \(quoted(object.definition))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func names(_ list: [String]) -> String { list.map(quotedIdentifier).joined(separator: " ") }

  /// Free text with its white space folded, so that a reformatted definition is the same.
  private func quoted(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

extension Connection {
  /// Reads the catalogue.
  ///
  /// - Parameter schema: not on SQLite; nil for the one in which the session finds unqualified names.
  public func catalogue(schema: String? = nil) throws(DatabaseError) -> Catalogue {
    switch engine {
    case .sqlite: try SQLiteCatalogue(connection: self).read()
    case .postgresql: try PostgresCatalogue(connection: self, schema: schema).read()
    case .odbc: try ODBCCatalogue(session: odbc("read the catalogue"), schema: schema).read()
    }
  }

  /// All rows of a small result as texts.
  func texts(_ sql: SQL, _ columns: Int) throws(DatabaseError) -> [[String?]] {
    let kinds = [ColumnKind](repeating: .text, count: columns)
    let source = try session.result(sql, kinds, .throwing)
    defer { source.close() }
    var block = RowBlock(kinds: kinds, capacity: 4096)
    try source.read(into: &block, rows: .max, bytes: .max)
    var rows: [[String?]] = []
    for row in 0..<block.count {
      let view = block[row]
      rows.append((0..<columns).map { view.string($0) })
    }
    return rows
  }
}
