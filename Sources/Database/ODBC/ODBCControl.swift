internal import CODBC
internal import Synchronization

/// What runs on a connection right now, so that another thread can stop it.
@safe
final class ODBCControl: @unchecked Sendable {
  // SAFETY: Sendable because the pointer is read and written under the lock, and aimed away before its statement is
  // freed; SQLCancel may be called from another thread (ODBC reference, SQLCancel, "Canceling Functions Executing
  // on Another Thread").
  private let lock = Mutex(())
  private var statement: SQLHSTMT?
  private var wasCancelled = false

  /// Aims at a statement that begins.
  func aim(at statement: ODBCStatement) {
    lock.withLock { _ in
      unsafe self.statement = statement.pointer
      wasCancelled = false
    }
  }

  func aimAtNothing() {
    lock.withLock { _ in
      unsafe self.statement = nil
      wasCancelled = false
    }
  }

  /// Whether the statement that is aimed at was cancelled. A driver need not stop between two fetches: whoever reads
  /// asks here.
  var isCancelled: Bool { lock.withLock { _ in wasCancelled } }

  func cancel() {
    lock.withLock { _ in
      guard let statement = unsafe statement else { return }
      wasCancelled = true
      unsafe SQLCancel(statement)
    }
  }
}
