internal import CODBC

/// Reads single values of any length by SQLGetData into memory that grows and is used again.
@safe
final class ODBCLongValue {
  // SAFETY: the memory belongs to the object; what is lent of it is used before the next read.
  private var memory: UnsafeMutableRawPointer
  private var capacity = 4096
  /// Bytes of the value that was read last.
  private var count = 0

  enum Outcome {
    case null
    case value
    case failure
  }

  init() { unsafe memory = .allocate(byteCount: capacity, alignment: 16) }

  deinit { unsafe memory.deallocate() }

  /// Lends the value that was read last.
  func withBytes<R>(_ body: (RawSpan) -> R) -> R {
    body(unsafe RawSpan(_unsafeStart: memory, byteCount: count))
  }

  /// Reads a value of the row that the statement stands on.
  ///
  /// - Parameter length: how long the driver says that it is; 0 where it did not say.
  func read(_ statement: ODBCStatement, _ index: Int, _ column: ODBCColumn, length: Int) -> Outcome {
    count = 0
    reserve(length + 16)
    while true {
      var indicator: SQLLEN = 0
      let room = capacity - count
      let code = unsafe SQLGetData(
        statement.pointer, SQLUSMALLINT(index + 1), SQLSMALLINT(column.target), memory + count, SQLLEN(room),
        &indicator)
      if code == SQL_NO_DATA { return .value }
      if codbc_succeeded(code) == 0 { return .failure }
      if indicator == SQLLEN(SQL_NULL_DATA) { return .null }
      let most = room - column.terminator
      if indicator >= 0, indicator <= most {
        count += indicator
        return .value
      }
      // What is left does not fit: this piece is full, and the indicator tells of the rest or of nothing.
      guard column.kind.width == 0 || column.form == .characters else { return .failure }
      count += most - most % max(1, column.terminator)
      reserve(count + max(64, indicator > 0 ? indicator - most : capacity))
    }
  }

  private func reserve(_ needed: Int) {
    if needed + 4 <= capacity { return }
    var larger = capacity * 2
    while larger < needed + 4 { larger *= 2 }
    let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
    unsafe moved.copyMemory(from: memory, byteCount: count)
    unsafe memory.deallocate()
    unsafe memory = moved
    capacity = larger
  }
}
