internal import CSQLite
internal import Glibc
internal import Synchronization

/// A running backup; finished with it.
@safe
private struct SQLiteBackup: ~Copyable {
  // SAFETY: the pointer is valid from init to deinit and not handed out.
  let pointer: OpaquePointer

  init?(from source: OpaquePointer, to destination: OpaquePointer) {
    guard let pointer = unsafe sqlite3_backup_init(destination, "main", source, "main") else { return nil }
    unsafe self.pointer = pointer
  }

  deinit { unsafe sqlite3_backup_finish(pointer) }

  func step(pages: Int) -> Int32 { unsafe sqlite3_backup_step(pointer, Int32(clamping: pages)) }

  var total: Int { Int(unsafe sqlite3_backup_pagecount(pointer)) }
  var remaining: Int { Int(unsafe sqlite3_backup_remaining(pointer)) }
}

extension SQLiteSession {
  func backUp(to path: String, pagesPerStep: Int, progress: (Int, Int) throws -> Void) throws {
    let file = unsafe open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw DatabaseError(
        errno == ENOSPC ? .diskFull : .unreachable, doing: "back up",
        reason: errno == EEXIST ? "the target exists already" : "the target cannot be made",
        advice: "Name a file that does not exist, in a folder that this user may write to.")
    }
    Glibc.close(file)
    do {
      try copy(to: path, pagesPerStep: pagesPerStep, progress: progress)
    } catch {
      for name in [path, path + "-journal", path + "-wal", path + "-shm"] { unsafe unlink(name) }
      throw error
    }
  }

  private func copy(to path: String, pagesPerStep: Int, progress: (Int, Int) throws -> Void) throws {
    var pointer: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    let opened = unsafe sqlite3_open_v2(path, &pointer, flags, nil)
    guard let pointer = unsafe pointer else {
      throw DatabaseError.sqlite(opened, doing: "back up", message: "")
    }
    let target = unsafe SQLiteHandle(adopting: pointer)
    guard opened == SQLITE_OK, let backup = unsafe SQLiteBackup(from: database, to: pointer) else {
      throw DatabaseError.sqlite(unsafe sqlite3_extended_errcode(pointer), doing: "back up", message: "")
    }
    let began = monotonicNanoseconds()
    let cancellations = control.cancellations.load(ordering: .relaxed)
    while true {
      let code = backup.step(pages: pagesPerStep)
      if control.cancellations.load(ordering: .relaxed) != cancellations {
        throw DatabaseError(.cancelled, doing: "back up", reason: "cancelled")
      }
      switch code {
      case SQLITE_OK, SQLITE_DONE:
        try progress(backup.total - backup.remaining, backup.total)
        if code == SQLITE_DONE {
          _ = consume backup
          _ = consume target
          return
        }
      case SQLITE_BUSY, SQLITE_LOCKED:
        // The busy handler is not asked for the source's lock.
        if monotonicNanoseconds() - began > control.lockNanoseconds { throw failure(code, doing: "back up") }
        usleep(10_000)
      default:
        throw DatabaseError.sqlite(code, doing: "back up", message: "")
      }
    }
  }

  func checkpoint() throws(DatabaseError) {
    var frames: Int32 = 0
    var moved: Int32 = 0
    let code = unsafe sqlite3_wal_checkpoint_v2(database, "main", SQLITE_CHECKPOINT_TRUNCATE, &frames, &moved)
    if code != SQLITE_OK { throw failure(code, doing: "checkpoint the write-ahead log") }
  }
}
