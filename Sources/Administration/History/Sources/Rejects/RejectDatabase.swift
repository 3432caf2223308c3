internal import Base
internal import Database

/// A SQLite database in the shape of a release that holds repaired rows alone: what an import and its comparison read
/// as they read any other.
enum RejectDatabase {
  /// The table of the requests that are there for their time only, since rows of theirs are repaired: they are in
  /// already, and are not brought again.
  static let stubs = "locktender_stub"
  /// What excludes these from a scan of requests.
  static let besidesStubs = "id NOT IN (SELECT id FROM \(stubs))"

  /// Makes the file anew. Blocks.
  static func write(_ list: RejectList, to path: String) throws {
    for file in [path, path + "-wal", path + "-shm", path + "-journal"] where try Files.exists(file) {
      try Files.remove(file)
    }
    let connection = try Connection.open(.sqlite(path: path), options: ConnectOptions(access: .create))
    try connection.transaction(.immediate) {
      let schema = ReleaseSchema(list.release, .history)
      for statement in schema.tableStatements(for: .sqlite) + schema.keyStatements(for: .sqlite) {
        try connection.execute(SQL(unsafeSQL: statement))
      }
      try connection.execute("CREATE TABLE \(identifier: stubs) (id integer PRIMARY KEY)")
      for row in list.rows { try insert(row.values, into: row.table, on: connection) }
      for parent in list.rows.compactMap(\.parent) { try insert(parent, list.release, on: connection) }
    }
    try connection.close()
  }

  private static func insert(
    _ values: [(column: String, value: RejectedValue)], into table: String, on connection: Connection
  ) throws {
    let fields = SQL.joined(values.map(\.value.sql), by: ", ")
    try connection.execute(
      "INSERT INTO \(identifier: table) (\(identifiers: values.map(\.column))) VALUES (\(fragment: fields))")
  }

  private static func insert(_ parent: RejectList.Parent, _ release: Release, on connection: Connection) throws {
    let table = HistoryLayout(release).requests
    let known = try connection.integer("SELECT count(*) FROM \(identifier: table) WHERE id = \(parent.key)")
    guard known == 0 else { return }
    var values: [(column: String, value: RejectedValue)] = [("id", .plain(.integer(parent.key)))] + parent.values
    for column in ReleaseSchema(release, .history).table(table)?.columns ?? []
    where !column.isNullable && !values.contains(where: { $0.column == column.name }) {
      values.append((column.name, .plain(column.kind == .text ? .text("") : .integer(0))))
    }
    try insert(values, into: table, on: connection)
    try connection.execute("INSERT INTO \(identifier: stubs) (id) VALUES (\(parent.key))")
  }

  /// The keys of the requests that are there for their time only.
  static func stubKeys(on connection: Connection) throws -> [Int64] {
    var keys: [Int64] = []
    try connection.rows("SELECT id FROM \(identifier: stubs)", [.integer]) { keys.append($0.integer(0) ?? 0) }
    return keys
  }
}
