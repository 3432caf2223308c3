internal import Base
internal import CSQLite

extension SQLiteSession {
  func begin(_ kind: TransactionKind, sharing snapshot: Snapshot?) throws(DatabaseError) {
    switch kind {
    case .deferred: try executeScript("begin")
    case .immediate, .serializable: try executeScript("begin immediate")
    case .readOnlySnapshot: try beginReading(sharing: snapshot)
    }
  }

  /// Debian's SQLite has no `sqlite3_snapshot_open`, so a picture is shared by proof: every state of the file has a
  /// token that never comes back, and a reader whose token is the exporter's after its transaction began reads the
  /// same picture.
  private func beginReading(sharing snapshot: Snapshot?) throws(DatabaseError) {
    try executeScript("select 1 from sqlite_schema limit 1")
    for _ in 0..<8 {
      let before = stateToken()
      try executeScript("begin; select 1 from sqlite_schema limit 1")
      let after = stateToken()
      if let snapshot {
        if after == snapshot.token, !after.isEmpty { break }
        try executeScript("rollback")
        throw DatabaseError(
          .serialization, doing: "share a picture of the database", reason: "the file changed in between",
          advice: "Stop the program that writes to it, or work on a backup of it.")
      }
      if before == after { break }
      try executeScript("rollback")
    }
    guard inTransaction else {
      throw DatabaseError(.busy, doing: "begin to read", reason: "the file changes without a pause")
    }
    snapshotToken = stateToken()
    if !isReadOnly { try executeScript("pragma query_only = 1") }
  }

  private func endReading() throws(DatabaseError) {
    if snapshotToken == nil { return }
    snapshotToken = nil
    if !isReadOnly { try executeScript("pragma query_only = 0") }
  }

  func exportSnapshot() throws(DatabaseError) -> Snapshot {
    guard let snapshotToken, !snapshotToken.isEmpty else {
      throw DatabaseError(.misuse, doing: "export a snapshot", reason: "no read-only snapshot is open")
    }
    return Snapshot(engine: .sqlite, token: snapshotToken)
  }

  func commit() throws(DatabaseError) {
    try executeScript("commit")
    try endReading()
  }

  func rollBack() throws(DatabaseError) {
    if inTransaction { try executeScript("rollback") }
    try endReading()
  }

  /// What tells two states of the file apart: the change counter of the header (file format, 1.3.6), and where a
  /// write-ahead log is used the header of its index (change counter, frames, salts; WAL-mode file format, 2.1).
  ///
  /// Read through SQLite's own file: to open and close the file a second time would drop the process's locks.
  private func stateToken() -> String {
    var file: UnsafeMutablePointer<sqlite3_file>?
    unsafe sqlite3_file_control(database, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    guard let file = unsafe file, let methods = unsafe file.pointee.pMethods else { return "" }
    var counter: (UInt32, UInt32) = (0, 0)
    _ = unsafe methods.pointee.xRead?(file, &counter, 4, 24)
    guard usesWriteAheadLog else { return String(counter.0, radix: 16) }
    var index: UnsafeMutableRawPointer?
    for _ in 0..<100 {
      _ = unsafe methods.pointee.xShmMap?(file, 0, 32_768, 0, &index)
      guard let index = unsafe index else { break }
      let copies = unsafe [UInt8](UnsafeRawBufferPointer(start: index, count: 96))
      // A writer changes one copy after the other.
      if copies[..<48] == copies[48...] { return hexadecimal(copies[8..<48]) }
    }
    return ""
  }
}
