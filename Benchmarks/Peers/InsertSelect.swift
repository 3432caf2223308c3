import Administration
import Base
import Database

/// `INSERT … SELECT` over `ATTACH`: SQLite's own way to copy a database into another, row by row.
struct InsertSelect {
  /// Copies an 8.2 history into a new file, then makes keys, indexes and statistics. Blocks.
  func run(_ source: String, to destination: String) throws {
    let connection = try Connection.open(.sqlite(path: destination), options: .create)
    _ = try connection.setJournalMode(.wal)
    try connection.setSynchronous(.normal)
    try connection.setCache(bytes: 64 << 20)
    try connection.execute("ATTACH \(source) AS old")
    let schema = ReleaseSchema(.newest, .history)
    for statement in schema.tableStatements(for: .sqlite) { try connection.execute(SQL(unsafeSQL: statement)) }
    for table in schema.tables {
      try connection.execute(
        "INSERT INTO main.\(identifier: table.name) SELECT * FROM old.\(identifier: table.name)")
    }
    for statement in schema.keyStatements(for: .sqlite) + schema.indexStatements(for: .sqlite) {
      try connection.execute(SQL(unsafeSQL: statement))
    }
    try connection.execute("ANALYZE main")
    try connection.checkpoint()
  }
}
