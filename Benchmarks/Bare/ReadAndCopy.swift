import Administration
import Base
import Database

/// The plainest copy there is over our own database face: one connection reads, one copies in, block by block.
struct ReadAndCopy {
  /// An 8.2 history.
  let source: String
  /// An empty database.
  let destination: String

  /// Copies all rows, then makes keys, indexes and statistics. Blocks.
  func run() throws {
    let schema = ReleaseSchema(.newest, .history)
    let from = try Connection.open(DatabaseLocation(source), options: .readOnly)
    let into = try Connection.open(DatabaseLocation(destination), options: .readWrite)
    for statement in schema.tableStatements(for: into.engine) { try into.execute(SQL(unsafeSQL: statement)) }
    for table in schema.tables {
      var block = RowBlock(kinds: table.kinds)
      var rows = try from.stream(
        "SELECT \(identifiers: table.columnNames) FROM \(identifier: table.name)", table.kinds)
      try into.transaction {
        while try rows.read(into: &block, rows: 20_000, bytes: 8 << 20) {
          try into.insert(
            into: TableName(table.name), columns: table.columnNames, rows: block, range: 0..<block.count)
        }
      }
    }
    try into.execute("SET maintenance_work_mem = '512MB'")
    for statement in schema.keyStatements(for: into.engine) + schema.indexStatements(for: into.engine) {
      try into.execute(SQL(unsafeSQL: statement))
    }
    try into.execute("ANALYZE")
  }
}
