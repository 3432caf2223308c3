internal import CSQLite

extension DatabaseError {
  /// The error of a SQLite result code.
  ///
  /// - Parameter message: `sqlite3_errmsg`, kept only where it can hold names but no values.
  static func sqlite(_ extended: Int32, doing: String, message: String, preparing: Bool = false) -> DatabaseError {
    let (code, text, advice) = classify(extended, preparing: preparing)
    let keeps = preparing || code == .constraint || code == .permission
    var error = DatabaseError(
      code, doing: doing, reason: keeps && !message.isEmpty ? "\(text): \(message)" : text, advice: advice)
    error.sqliteCode = extended
    error.isTransient = isTransient(sqlite: extended)
    return error
  }

  static func isTransient(sqlite extended: Int32) -> Bool {
    switch extended & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL, SQLITE_FULL, SQLITE_NOMEM: true
    case SQLITE_IOERR: extended != csqlite_ioerr_corruptfs && extended != csqlite_ioerr_data
    default: false
    }
  }

  /// `SQLITE_READONLY_ROLLBACK`: a hot journal, which only a writer may roll back.
  private static var readOnlyRollback: Int32 { SQLITE_READONLY | 3 << 8 }

  private static func classify(_ extended: Int32, preparing: Bool) -> (Code, String, String?) {
    switch extended & 0xFF {
    case SQLITE_BUSY, SQLITE_LOCKED:
      (.busy, "another connection holds the lock", "Stop the program that uses the file, or try again later.")
    case SQLITE_PROTOCOL: (.busy, "the locks of the write-ahead log change hands too fast", nil)
    case SQLITE_READONLY where extended == readOnlyRollback:
      (
        .permission, "a program was stopped while it wrote, and what it wrote has not been taken back yet",
        """
        Keep a copy of the file and of the -journal beside it, then start and stop the program that it belongs to, or let \
        its user run `sqlite3 FILE 'SELECT count(*) FROM sqlite_schema'`.
        """
      )
    case SQLITE_READONLY:
      (.permission, "the database is read-only here", "Give the file and its folder to the user who runs this.")
    case SQLITE_PERM, SQLITE_AUTH: (.permission, "access is denied", nil)
    case SQLITE_CANTOPEN:
      (
        .unreachable, "the file cannot be opened",
        "Check that the path exists and that this user may read the file and its folder."
      )
    case SQLITE_NOTADB:
      (
        .notADatabase, "not a SQLite database, or an encrypted one",
        "Check that the path names the database and not a copy of something else; decrypt it with its own program first."
      )
    case SQLITE_CORRUPT:
      (
        .corrupt, "the database file is damaged",
        "Restore it from a backup, or save what is left with `sqlite3 FILE .recover`."
      )
    case SQLITE_FULL: (.diskFull, "no space is left", "Free space on the file system, then resume.")
    case SQLITE_CONSTRAINT: (.constraint, "a rule of the table refuses the row", nil)
    case SQLITE_INTERRUPT: (.cancelled, "cancelled", nil)
    case SQLITE_MISMATCH: (.mismatch, "a value is of another type than its column", nil)
    case SQLITE_TOOBIG: (.mismatch, "a value is too large", nil)
    case SQLITE_IOERR:
      (.other, "the file system reports an error", "Look into the system's log for faults of the disk.")
    case SQLITE_MISUSE, SQLITE_RANGE: (.misuse, "a call that does not fit the statement", nil)
    case SQLITE_ERROR where preparing: (.syntax, "the statement is refused", nil)
    default: (.other, "SQLite gives code \(extended)", nil)
    }
  }
}
