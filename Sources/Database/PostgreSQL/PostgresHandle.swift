internal import CPostgres

/// A libpq connection; closed with it.
@safe
struct PostgresHandle: ~Copyable {
  // SAFETY: the pointer is valid from init to deinit and handed out only to the session that owns the handle.
  let pointer: OpaquePointer

  init(adopting pointer: OpaquePointer) { unsafe self.pointer = pointer }

  deinit { unsafe PQfinish(pointer) }
}

/// A result of libpq; cleared with it.
@safe
struct PostgresResult: ~Copyable {
  // SAFETY: the pointer is valid from init to deinit; what is read from it is copied or lent for a call.
  let pointer: OpaquePointer

  init(adopting pointer: OpaquePointer) { unsafe self.pointer = pointer }

  deinit { unsafe PQclear(pointer) }

  var status: ExecStatusType { unsafe PQresultStatus(pointer) }
  var rowCount: Int { Int(unsafe PQntuples(pointer)) }
  var columnCount: Int { Int(unsafe PQnfields(pointer)) }

  /// Whether the server did what it was asked to.
  var succeeded: Bool {
    switch status {
    case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY, PGRES_SINGLE_TUPLE, PGRES_COPY_IN, PGRES_COPY_OUT:
      true
    default: false
    }
  }

  func type(ofColumn column: Int) -> UInt32 { unsafe PQftype(pointer, Int32(column)) }

  var affectedRows: Int { Int(unsafe String(cString: PQcmdTuples(pointer))) ?? 0 }

  var commandTag: String { unsafe String(cString: PQcmdStatus(pointer)) }

  func diagnostic(_ field: Int32) -> String? {
    unsafe PQresultErrorField(pointer, field).map { unsafe String(cString: $0) }
  }
}

/// What runs on the connection right now, and cancels it.
@safe
final class PostgresCancel: @unchecked Sendable {
  // SAFETY: libpq's documentation, "Canceling Queries in Progress": PQcancel only reads its object and may be called
  // from another thread.
  private let pointer: OpaquePointer

  init?(_ connection: OpaquePointer) {
    guard let pointer = unsafe PQgetCancel(connection) else { return nil }
    unsafe self.pointer = pointer
  }

  deinit { unsafe PQfreeCancel(pointer) }

  func cancel() {
    var text = [CChar](repeating: 0, count: 256)
    // A cancellation that cannot be delivered has no one to report to: the statement itself then runs on.
    _ = unsafe PQcancel(pointer, &text, Int32(text.count))
  }
}
