internal import Base
internal import Database
internal import Transfer

/// A table's keys cut into pieces, of which each of several readers takes every so many.
///
/// Rows are seldom spread evenly over keys: with many small pieces the readers still get about as many rows.
struct KeyPieces {
  private static let count = 64
  /// Tables with fewer rows are not worth so many statements.
  private static let fewRows = 20_000

  let pieces: [KeyRange]

  /// All keys, cut between the lowest and the highest that the tables have now.
  init(of tables: [(name: String, column: String)], _ kind: Key.Kind, on connection: Connection) throws {
    guard let (lowest, highest) = try KeyPieces.extremes(of: tables, kind, on: connection) else {
      pieces = [.all]
      return
    }
    let isSmall = try tables.allSatisfy { try KeyPieces.isSmall($0.name, on: connection) }
    var cut = KeyRange.cut(from: lowest, through: highest, into: isSmall ? 2 : KeyPieces.count)
    cut[cut.count - 1].upper = nil
    pieces = cut
  }

  private static func isSmall(_ table: String, on connection: Connection) throws -> Bool {
    let query: SQL = "select 1 from \(identifier: table) limit 1 offset \(KeyPieces.fewRows)"
    return try connection.integer(query) == nil
  }

  /// The pieces of one reader.
  func share(_ index: Int, of count: Int) -> [KeyRange] {
    pieces.indices.filter { $0 % count == index }.map { pieces[$0] }
  }

  /// The lowest and the highest key over several tables; nil where all are empty.
  static func extremes(
    of tables: [(name: String, column: String)], _ kind: Key.Kind, on connection: Connection
  ) throws -> (Key, Key)? {
    var extremes: (Key, Key)?
    for (table, column) in tables {
      for order in ["asc", "desc"] {
        let query: SQL = """
          select \(identifier: column) from \(identifier: table)
          order by \(identifier: column) \(unsafeSQL: order) limit 1
          """
        let found = try connection.first(query, [kind == .integer ? .integer : .uuid]) { row -> Key? in
          kind == .integer ? row.integer(0).map(Key.integer) : row.uuid(0).map(Key.uuid)
        }
        guard let found, let key = found else { continue }
        extremes = extremes.map { (min($0.0, key), max($0.1, key)) } ?? (key, key)
      }
    }
    return extremes
  }
}

extension KeyRange {
  /// The condition that an expression's value lies within.
  func condition(_ expression: String) -> SQL {
    var parts: [SQL] = []
    if let lower { parts.append("\(unsafeSQL: expression) > \(lower.value)") }
    if let upper { parts.append("\(unsafeSQL: expression) <= \(upper.value)") }
    return parts.isEmpty ? "1 = 1" : SQL.joined(parts, by: " and ")
  }
}

extension Key {
  var value: SQLValue {
    switch self {
    case .integer(let value): .integer(value)
    case .uuid(let value): .uuid(value)
    }
  }
}
