public import Base
public import Database

/// What a lab holds: stands in its folder as `lab.json`.
public struct LabManifest: Sendable {
  /// The version of the file's format. Readers refuse others.
  public static let format: Int64 = 1

  public struct Entry: Sendable, Equatable {
    public let type: DatabaseType
    public let location: DatabaseLocation
    public let id: UniqueID
    /// Tables and their rows, in the order of the schema.
    public let tables: [Table]
  }

  public struct Table: Sendable, Equatable {
    public let name: String
    public let rows: Int
  }

  public let release: Release
  public let engine: Engine
  public let people: Int
  public let history: Int
  public let seed: UInt64
  public let end: Timestamp
  public let databases: [Entry]
  /// How often each ugliness occurs; those that never do are listed with 0.
  public let ugliness: [(kind: Ugliness, count: Int)]

  public func count(of kind: Ugliness) -> Int { ugliness.first { $0.kind == kind }?.count ?? 0 }

  public func rows(of table: String) -> Int? {
    for entry in databases {
      if let found = entry.tables.first(where: { $0.name == table }) { return found.rows }
    }
    return nil
  }

  public func database(_ type: DatabaseType) -> Entry? { databases.first { $0.type == type } }

  public var json: JSONValue {
    .object(
      JSONObject([
        ("lab", .integer(LabManifest.format)),
        ("release", .string(release.description)),
        ("engine", .string(engine.rawValue)),
        ("people", .integer(Int64(people))),
        ("history", .integer(Int64(history))),
        ("seed", .string(String(seed))),
        ("end", .string(end.description)),
        ("databases", .array(databases.map(\.json))),
        ("ugliness", .object(JSONObject(ugliness.map { ($0.kind.name, .integer(Int64($0.count))) }))),
      ]))
  }
}

extension LabManifest.Entry {
  fileprivate var json: JSONValue {
    .object(
      JSONObject([
        ("type", .string(type.rawValue)),
        ("location", .string(location.description)),
        ("database_id", .string(id.description)),
        ("tables", .object(JSONObject(tables.map { ($0.name, .integer(Int64($0.rows))) }))),
      ]))
  }
}
