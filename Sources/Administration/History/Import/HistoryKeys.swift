internal import Database

/// The keys and indexes of the large tables, which a bulk import makes after the rows.
enum HistoryKeys {
  /// The statements that make them, those that take longest first: several are worked on at once, and a long one that
  /// is begun last leaves the others idle.
  static func statements(_ engine: Engine) -> [String] {
    let schema = ReleaseSchema(.newest, .history)
    return schema.indexStatements(for: engine) + schema.keyStatements(for: engine)
  }

  /// Makes what is missing.
  static func create(on connection: Connection) throws {
    let present = try names(on: connection)
    for statement in statements(connection.engine) where !present.contains(name(in: statement)) {
      try connection.execute(SQL(unsafeSQL: statement))
    }
  }

  static func drop(on connection: Connection) throws {
    let present = try names(on: connection)
    for statement in statements(connection.engine).reversed() {
      let name = name(in: statement)
      guard present.contains(name) else { continue }
      let words = words(of: statement)
      if words.first == "alter" {
        let table = words[2]
        try connection.execute("ALTER TABLE \(identifier: table) DROP CONSTRAINT \(identifier: name)")
      } else {
        try connection.execute("DROP INDEX \(identifier: name)")
      }
    }
  }

  /// Whether all are there.
  static func areComplete(on connection: Connection) throws -> Bool { try missing(on: connection).isEmpty }

  /// The names of those that are not.
  static func missing(on connection: Connection) throws -> [String] {
    let present = try names(on: connection)
    return statements(connection.engine).map(name).filter { !present.contains($0) }
  }

  private static func names(on connection: Connection) throws -> Set<String> {
    Set(try connection.catalogue().tables.flatMap { $0.indexes.map(\.name) })
  }

  /// `create [unique] index NAME on …`, `alter table T add constraint NAME …`
  static func name(in statement: String) -> String {
    let words = words(of: statement)
    let marker = words.firstIndex(of: words.first == "alter" ? "constraint" : "index")
    return marker.map { words[$0 + 1] } ?? ""
  }

  private static func words(of statement: String) -> [String] {
    statement.split(whereSeparator: \.isWhitespace).map { String($0) }
  }
}
