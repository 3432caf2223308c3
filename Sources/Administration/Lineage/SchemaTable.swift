public import Database

/// A column as a release declares it.
public struct SchemaColumn: Sendable, Hashable {
  public let name: String
  public let kind: ColumnKind
  public let isNullable: Bool
}

/// A table as a release declares it, columns in their order.
public struct SchemaTable: Sendable, Hashable {
  public let name: String
  public let columns: [SchemaColumn]

  public var columnNames: [String] { columns.map(\.name) }
  /// The kinds of a row block that holds whole rows of the table.
  public var kinds: [ColumnKind] { columns.map(\.kind) }
}
