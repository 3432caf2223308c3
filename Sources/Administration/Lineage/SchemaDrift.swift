public import Database

/// How the tables of a database differ from those that its release should have. Keys, indexes, views and the order of
/// columns do not count: nothing here depends on them.
public struct SchemaDrift: Sendable, Hashable, CustomStringConvertible {
  public enum Difference: Sendable, Hashable, CustomStringConvertible {
    case missingTable(String)
    case extraTable(String)
    case missingColumn(table: String, column: String)
    case extraColumn(table: String, column: String)
    /// The engine's words for the declared type and the one found.
    case otherType(table: String, column: String, expected: String, found: String)

    public var description: String {
      switch self {
      case .missingTable(let table): "table \(table) is missing"
      case .extraTable(let table): "table \(table) is none of this release"
      case .missingColumn(let table, let column): "column \(table).\(column) is missing"
      case .extraColumn(let table, let column): "column \(table).\(column) is none of this release"
      case .otherType(let table, let column, let expected, let found):
        "column \(table).\(column) is \(found.isEmpty ? "untyped" : found) instead of \(expected)"
      }
    }
  }

  /// In the order of the schema, what is extra last.
  public let differences: [Difference]

  public var isNone: Bool { differences.isEmpty }

  /// What the release needs and the database lacks: then nothing can be read.
  public var isFatal: Bool {
    differences.contains { difference in
      switch difference {
      case .missingTable, .missingColumn, .otherType: true
      case .extraTable, .extraColumn: false
      }
    }
  }

  public var description: String { differences.map(\.description).joined(separator: "; ") }

  /// - Parameter besides: tables that may be there beside those of the release, such as the engine's own.
  public init(from schema: ReleaseSchema, to catalogue: Catalogue, on engine: Engine, besides: Set<String> = []) {
    var differences: [Difference] = []
    for table in schema.tables {
      guard let found = catalogue[table.name] else {
        differences.append(.missingTable(table.name))
        continue
      }
      for column in table.columns {
        guard let other = found.columns.first(where: { $0.name == column.name }) else {
          differences.append(.missingColumn(table: table.name, column: column.name))
          continue
        }
        let expected = column.type.name(on: engine)
        // Drivers of ODBC name types in their own ways.
        let found = other.type.lowercased()
        if engine != .odbc, found != expected {
          differences.append(
            .otherType(table: table.name, column: column.name, expected: expected, found: found))
        }
      }
      for column in found.columns where !table.columns.contains(where: { $0.name == column.name }) {
        differences.append(.extraColumn(table: table.name, column: column.name))
      }
    }
    for table in catalogue.tables where schema.table(table.name.name) == nil && !besides.contains(table.name.name) {
      differences.append(.extraTable(table.name.name))
    }
    self.differences = differences
  }

  /// Compares a database with its release. Blocks; changes nothing.
  public static func read(
    from connection: Connection, as identity: DatabaseIdentity, besides: Set<String> = []
  ) throws(AdministrationError) -> SchemaDrift {
    do {
      return SchemaDrift(
        from: ReleaseSchema(identity.release, identity.type), to: try connection.catalogue(), on: connection.engine,
        besides: besides)
    } catch {
      throw AdministrationError(.unusable, doing: "read the schema", cause: error)
    }
  }

  /// Refuses a database that lacks what its release needs. What it has beyond that is no reason.
  public func refuseMissing() throws(AdministrationError) {
    guard isFatal else { return }
    throw AdministrationError(
      .schemaDrift, doing: "check the schema", reason: description,
      advice: "Restore these from a database of the same version, or repair them by hand; then check again.")
  }
}
