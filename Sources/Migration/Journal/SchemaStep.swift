public import Database

/// One forward step of a schema that this program owns: a name and the SQL that takes the schema there.
public struct SchemaStep: Sendable {
  public let version: Int
  public let name: String
  public let sql: String

  public init(_ version: Int, _ name: String, _ sql: String) {
    self.version = version
    self.name = name
    self.sql = sql
  }
}

/// The steps of one schema, in order, and the table that remembers which were taken.
public struct SchemaSteps: Sendable {
  /// The table of versions: `locktender_schema`.
  public let table: String
  public let steps: [SchemaStep]

  public init(table: String, _ steps: [SchemaStep]) {
    self.table = table
    self.steps = steps
  }

  /// Brings the schema to the newest step. Each step's body and its row commit together; steps that are in are
  /// left alone, so that it can run at every start.
  ///
  /// - Throws: ``MigrationError`` `damaged` for a schema that is newer than this program, or `DatabaseError`.
  public func apply(on connection: Connection) throws {
    try connection.execute(
      "CREATE TABLE IF NOT EXISTS \(identifier: table) (version integer PRIMARY KEY, name text NOT NULL)")
    let newest = steps.last?.version ?? 0
    let present = try version(on: connection)
    guard present <= newest else {
      throw MigrationError(
        .damaged, doing: "open \(table)", reason: "its version \(present) is newer than this program's \(newest)",
        advice: "use the newer locktender that wrote it")
    }
    for step in steps where step.version > present {
      try connection.transaction(.immediate) {
        // Another process may have taken the step since.
        guard try version(on: connection) < step.version else { return }
        try connection.execute(unsafeScript: step.sql)
        try connection.execute(
          "INSERT INTO \(identifier: table) (version, name) VALUES (\(step.version), \(step.name))")
      }
    }
  }

  private func version(on connection: Connection) throws -> Int {
    Int(try connection.integer("SELECT coalesce(max(version), 0) FROM \(identifier: table)") ?? 0)
  }
}
