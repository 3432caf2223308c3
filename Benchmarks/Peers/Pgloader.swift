import Base
import Database
import Subprocess
import TestSupport

/// `pgloader`: a whole SQLite database with its tables, keys and indexes.
struct Pgloader {
  let server: PrivatePostgres

  /// Copies an 8.2 history into an empty database, and makes statistics. Blocks.
  ///
  /// Its usual settings exhaust its memory on long values; its manual advises smaller batches then.
  func load(_ path: String, to database: String) throws {
    let folder = try TestFolder(.own)
    let commands = try folder.write(
      """
      LOAD DATABASE FROM sqlite://\(path)
        INTO postgresql://\(PrivatePostgres.user)@unix:\(server.host):\(server.port)/\(database)
        WITH include drop, create tables, create indexes, reset sequences, workers = 4, concurrency = 1,
          prefetch rows = 2000, batch rows = 2000, batch size = 4 MB
        SET maintenance_work_mem to '512MB', synchronous_commit to 'off'
        EXCLUDING TABLE NAMES LIKE 'locktender_%', 'sqlite_stat1';

      """, to: "history.load")
    let outcome = try Command("pgloader", [commands]).run(timeout: .seconds(14_400))
    if !outcome.status.isSuccess { say(outcome.text + outcome.errorText) }
    try outcome.requireSuccess()
    try Connection.open(DatabaseLocation(server.location(database: database)), options: .readWrite)
      .execute("ANALYZE")
  }
}
