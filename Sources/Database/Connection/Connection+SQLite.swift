/// How much SQLite does for a commit to survive a loss of power (sqlite.org/pragma.html#pragma_synchronous).
public enum SQLiteSynchronous: String, Sendable {
  case off
  case normal
  case full
  case extra
}

/// sqlite.org/pragma.html#pragma_journal_mode
public enum SQLiteJournalMode: String, Sendable {
  case delete
  case truncate
  case persist
  case memory
  case wal
  case off
}

extension Connection {
  public func setSynchronous(_ level: SQLiteSynchronous) throws(DatabaseError) {
    try sqlite("set a pragma").executeScript("pragma synchronous = \(level.rawValue)")
  }

  /// - Returns: the mode that holds now, which is the old one where it could not be changed.
  @discardableResult
  public func setJournalMode(_ mode: SQLiteJournalMode) throws(DatabaseError) -> SQLiteJournalMode? {
    let session = try sqlite("set a pragma")
    let word = try session.word("pragma journal_mode = \(unsafeSQL: mode.rawValue)") ?? ""
    session.usesWriteAheadLog = word == "wal"
    return SQLiteJournalMode(rawValue: word)
  }

  /// How much of the database is kept in memory.
  public func setCache(bytes: Int) throws(DatabaseError) {
    try sqlite("set a pragma").executeScript("pragma cache_size = -\(max(1, bytes / 1024))")
  }

  /// Whether foreign keys are enforced. No effect within a transaction.
  public func setForeignKeys(_ areEnforced: Bool) throws(DatabaseError) {
    try sqlite("set a pragma").executeScript("pragma foreign_keys = \(areEnforced ? 1 : 0)")
  }

  /// Moves the write-ahead log into the database and empties it.
  ///
  /// - Throws: `busy` where a reader still needs the log.
  public func checkpoint() throws(DatabaseError) {
    try sqlite("checkpoint the write-ahead log").checkpoint()
  }

  /// Looks through the whole database for damage.
  ///
  /// - Returns: what is wrong, at most so many findings; empty for a sound database.
  public func integrityCheck(limit: Int = 100) throws(DatabaseError) -> [String] {
    _ = try sqlite("check the integrity")
    do throws(DatabaseError) {
      let findings = try texts("pragma integrity_check(\(unsafeSQL: String(limit)))", 1).compactMap(\.[0])
      return findings == ["ok"] ? [] : findings
    } catch  where error.code == .corrupt {
      // Damage to the schema or a table's root ends the check itself.
      return [error.reason]
    }
  }

  /// Rows whose foreign keys lead nowhere.
  ///
  /// - Returns: pairs of a table and the table that it refers to, with how many rows are concerned.
  public func foreignKeyCheck() throws(DatabaseError) -> [(table: String, parent: String, rows: Int)] {
    _ = try sqlite("check the foreign keys")
    let rows = try texts(
      "select \"table\", parent, count(*) from pragma_foreign_key_check group by 1, 2 order by 1, 2", 3)
    return rows.map { ($0[0] ?? "", $0[1] ?? "", Int($0[2] ?? "") ?? 0) }
  }

  /// Copies the database page by page to a file that must not exist (sqlite.org/backup.html). Within a
  /// `readOnlySnapshot` the copy is of that picture; else a writer elsewhere makes it begin anew.
  ///
  /// - Parameters:
  ///   - pagesPerStep: after so many pages progress is told.
  ///   - progress: pages done and in all. What it throws ends the backup, and the incomplete copy goes.
  public func backUp(
    to path: String, pagesPerStep: Int = 1024, progress: (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
  ) throws {
    try sqlite("back up").backUp(to: path, pagesPerStep: pagesPerStep, progress: progress)
  }

  func sqlite(_ doing: String) throws(DatabaseError) -> SQLiteSession {
    guard let session = session as? SQLiteSession else {
      throw DatabaseError(.unsupported, doing: doing, reason: "\(engine.rawValue) cannot do this")
    }
    try session.checkOpen()
    return session
  }
}
