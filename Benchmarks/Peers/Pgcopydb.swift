import Subprocess
import TestSupport

/// `pgcopydb clone`: a whole database with its tables, keys, indexes and statistics.
struct Pgcopydb {
  struct Jobs: Hashable {
    let tables: Int
    let indexes: Int
  }

  static let settings = [Jobs(tables: 2, indexes: 2), Jobs(tables: 4, indexes: 4), Jobs(tables: 4, indexes: 2)]

  let server: PrivatePostgres

  /// Clones a database into an empty one. Blocks.
  func clone(_ source: String, to destination: String, _ jobs: Jobs) throws {
    let work = try TestFolder(.servers)
    try Command(
      "pgcopydb",
      [
        "clone", "--source", server.connectionString(database: source), "--target",
        server.connectionString(database: destination), "--table-jobs", String(jobs.tables), "--index-jobs",
        String(jobs.indexes), "--dir", work / "pgcopydb", "--no-owner", "--no-acl", "--no-comments",
      ]
    ).run(timeout: .seconds(7_200)).requireSuccess()
  }
}
