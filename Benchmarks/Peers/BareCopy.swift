import Administration
import Base
import Database
import Migration
import Subprocess
import TestSupport

/// `COPY … TO STDOUT` by one psql into `COPY … FROM STDIN` by another, table by table, into tables that have their
/// keys and indexes.
struct BareCopy {
  let server: PrivatePostgres

  /// Copies an 8.2 history into an empty database, so many tables at a time, the largest first. Blocks.
  func run(_ source: String, to destination: String, jobs: Int) throws {
    let schema = ReleaseSchema(.newest, .history)
    let into = try Connection.open(DatabaseLocation(server.location(database: destination)), options: .readWrite)
    for statement
      in schema.tableStatements(for: .postgresql) + schema.keyStatements(for: .postgresql)
      + schema.indexStatements(for: .postgresql)
    { try into.execute(SQL(unsafeSQL: statement)) }
    let ahead = ["property_change", "change_request", "request_section"]
    let names = ahead + schema.tables.map(\.name).filter { !ahead.contains($0) }
    let script = """
      psql -Xq -d '\(server.connectionString(database: source))' -c 'COPY {} TO STDOUT (FORMAT binary)' |
      psql -Xq -v ON_ERROR_STOP=1 -d '\(server.connectionString(database: destination))' -c 'SET synchronous_commit = off' \
        -c 'COPY {} FROM STDIN (FORMAT binary)'
      """
    let list = Array(names.joined(separator: "\n").utf8)
    try Command("xargs", ["-P", String(jobs), "-I", "{}", "sh", "-c", script])
      .run(input: list.span, timeout: .seconds(7_200)).requireSuccess()
    try into.execute("ANALYZE")
  }
}
