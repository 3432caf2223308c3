internal import CSQLite
internal import Synchronization

/// An open SQLite database; closed with it.
@safe
struct SQLiteHandle: ~Copyable {
  // SAFETY: the pointer is valid from init to deinit and handed out only to the session that owns the handle.
  let pointer: OpaquePointer

  deinit { unsafe sqlite3_close_v2(pointer) }

  /// Closes and tells what prevents it: statements or backups that were not ended.
  consuming func close() -> Int32 {
    let code = unsafe sqlite3_close(pointer)
    if code != SQLITE_OK { unsafe sqlite3_close_v2(pointer) }
    discard self
    return code
  }

  init(adopting pointer: OpaquePointer) { unsafe self.pointer = pointer }
}

/// What C callbacks and cancelling threads see of a session.
@safe
final class SQLiteControl: @unchecked Sendable {
  // SAFETY: the deadline is touched on the session's thread only (SQLite calls back on it), the rest is atomic or
  // behind the mutex.
  private let target = Mutex<UInt>(0)
  let cancellations = Atomic<Int>(0)
  let lockNanoseconds: UInt64
  /// In monotonic nanoseconds; 0 for none.
  var deadline: UInt64 = 0
  var deadlineHasPassed = false
  var waitBegan: UInt64 = 0
  var waitWasCancelled = false
  var cancellationsWhenWaitBegan = 0

  init(lockTimeout: Double) { lockNanoseconds = UInt64(max(0, lockTimeout) * 1e9) }

  /// Points cancellations at a database.
  func aim(at database: borrowing SQLiteHandle) {
    target.withLock { $0 = UInt(bitPattern: unsafe database.pointer) }
  }

  /// To be called before the database is closed, so that no cancellation meets freed memory.
  func aimAtNothing() { target.withLock { $0 = 0 } }

  func cancel() {
    cancellations.add(1, ordering: .sequentiallyConsistent)
    target.withLock { address in
      if let database = unsafe OpaquePointer(bitPattern: address) { unsafe sqlite3_interrupt(database) }
    }
  }
}
