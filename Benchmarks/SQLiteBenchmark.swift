import Administration
import Base
import Database
import Migration
import TestSupport

/// SQLite to SQLite, bulk, beside `INSERT … SELECT` over ATTACH with the same indexes.
struct SQLiteBenchmark {
  let requests: Int

  func run() async throws {
    let folder = try TestFolder(.own)
    say("making a lab of \(requests) requests")
    _ = try await Lab.create(
      LabOptions(folder: folder.path + "/lab", release: .v8_1, store: .sqlite, history: requests)
    ) { _ in }
    let new = folder.path + "/new.db"
    let ours = try await TimedImport.run(from: "sqlite:\(folder.path)/lab/history.db", to: "sqlite:\(new)")
    say("steps: \(ours.stepSeconds), verify \(ours.verifySeconds)")
    let peer = try await insertSelect(new, folder.path + "/copy.db")
    say("INSERT … SELECT: \(peer) s")
    try Measurement(
      work: "SQLite to SQLite, \(requests) requests, bulk", unit: "× INSERT … SELECT over ATTACH",
      ours: [ours.carrySeconds], peer: [peer], better: "lower", asked: 0.5, sense: "at least"
    ).tell()
  }

  private func insertSelect(_ from: String, _ to: String) async throws -> Double {
    let connection = try Connection.open(.sqlite(path: to), options: .create)
    _ = try connection.setJournalMode(.wal)
    try connection.setSynchronous(.normal)
    try connection.execute("ATTACH \(from) AS old")
    let schema = ReleaseSchema(.newest, .history)
    let (time, _) = try await seconds {
      for statement in schema.tableStatements(for: .sqlite) { try connection.execute(SQL(unsafeSQL: statement)) }
      for table in schema.tables {
        try connection.execute(
          "INSERT INTO main.\(identifier: table.name) SELECT * FROM old.\(identifier: table.name)")
      }
      for statement in schema.keyStatements(for: .sqlite) + schema.indexStatements(for: .sqlite) {
        try connection.execute(SQL(unsafeSQL: statement))
      }
    }
    return time
  }
}
