public import Database

/// The tables of a release and the statements that make them.
public struct ReleaseSchema: Sendable {
  public let release: Release
  public let type: DatabaseType
  /// All tables that a database of this release and type has, `product_info` first.
  public let tables: [SchemaTable]

  private let creation: [SchemaText]

  public init(_ release: Release, _ type: DatabaseType) {
    self.release = release
    self.type = type
    var texts = [SchemaText(PackageResources.product_info_sql)]
    if type.holdsConfiguration { texts.append(SchemaText(PackageResources.configuration_sql)) }
    if type.holdsHistory { texts.append(ReleaseSchema.history(release)) }
    creation = texts
    tables = texts.flatMap(\.tables)
  }

  private static func history(_ release: Release) -> SchemaText {
    switch release {
    case .v7_5: SchemaText(PackageResources.history_7_5_sql)
    case .v7_6: SchemaText(PackageResources.history_7_6_sql)
    case .v8_0: SchemaText(PackageResources.history_8_0_sql)
    case .v8_1: SchemaText(PackageResources.history_8_1_sql)
    case .v8_2: SchemaText(PackageResources.history_8_2_tables_sql)
    }
  }

  /// A table by its name; nil where the release has none of that name.
  public func table(_ name: String) -> SchemaTable? { tables.first { $0.name == name } }

  /// Statements that create all tables. Up to 8.1 they declare the keys; the large tables of an 8.2 history get
  /// theirs by ``keyStatements(for:)``.
  public func tableStatements(for engine: Engine) -> [String] {
    creation.flatMap { $0.statements(for: engine) }
  }

  /// Statements that make the keys of an 8.2 history, before or after the rows. None elsewhere.
  public func keyStatements(for engine: Engine) -> [String] {
    guard release == .v8_2, type.holdsHistory else { return [] }
    let text =
      engine == .sqlite
      ? PackageResources.history_8_2_keys_sqlite_sql : PackageResources.history_8_2_keys_postgresql_sql
    return SchemaText(text).statements(for: engine)
  }

  /// Statements that make the indexes of an 8.2 history, those over texts first, which take longest. None elsewhere.
  public func indexStatements(for engine: Engine) -> [String] {
    guard release == .v8_2, type.holdsHistory else { return [] }
    let names =
      engine == .sqlite
      ? PackageResources.history_8_2_names_sqlite_sql : PackageResources.history_8_2_names_postgresql_sql
    return SchemaText(names).statements(for: engine)
      + SchemaText(PackageResources.history_8_2_indexes_sql).statements(for: engine)
  }
}
