public import Database

/// The types of columns, by the words of docs/lineage.md.
public enum ColumnType: String, CaseIterable, Sendable {
  case text, integer, uuid, instant, flag, bytes

  /// How a field stands in a row block.
  public var kind: ColumnKind {
    switch self {
    case .text: .text
    case .integer: .integer
    case .uuid: .uuid
    case .instant: .timestamp
    case .flag: .boolean
    case .bytes: .bytes
    }
  }

  /// As it is declared, and as the catalogue tells it back.
  public func name(on engine: Engine) -> String {
    let isSQLite = engine == .sqlite
    return switch self {
    case .text: "text"
    case .integer: isSQLite ? "integer" : "bigint"
    case .uuid: isSQLite ? "blob" : "uuid"
    case .instant: isSQLite ? "integer" : "timestamp with time zone"
    case .flag: isSQLite ? "integer" : "boolean"
    case .bytes: isSQLite ? "blob" : "bytea"
    }
  }
}

/// A column as a release declares it.
public struct SchemaColumn: Sendable, Hashable {
  public let name: String
  public let type: ColumnType
  public let isNullable: Bool

  public var kind: ColumnKind { type.kind }
}

/// A table as a release declares it, columns in their order.
public struct SchemaTable: Sendable, Hashable {
  public let name: String
  public let columns: [SchemaColumn]

  public var columnNames: [String] { columns.map(\.name) }
  /// The kinds of a row block that holds whole rows of the table.
  public var kinds: [ColumnKind] { columns.map(\.kind) }
}
