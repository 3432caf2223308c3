import Subprocess
import TestSupport

/// `pgloader`: a whole SQLite database with its tables, keys and indexes.
struct Pgloader {
  let server: PrivatePostgres

  /// Copies a SQLite database into an empty one. Blocks.
  func load(_ path: String, to database: String) throws {
    let outcome = try Command(
      "pgloader",
      [
        "--with", "workers = 4", "--with", "concurrency = 2", "sqlite://\(path)",
        "postgresql://\(PrivatePostgres.user)@unix:\(server.host):\(server.port)/\(database)",
      ]
    ).run(timeout: .seconds(7_200))
    // It tells of errors and goes on.
    if !outcome.status.isSuccess || outcome.text.contains("ERROR") { say(outcome.text + outcome.errorText) }
    try outcome.requireSuccess()
  }
}
