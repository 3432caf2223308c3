internal import CODBC

/// The memory that a statement fetches blocks of rows into: for each column an array of values of one width and an
/// array of lengths (ODBC reference, "Column-Wise Binding").
@safe
final class ODBCRowset {
  // SAFETY: the memory is owned by the object, which its row source holds as long as its statement; `rows` bounds
  // every index.
  /// What a block may take; it is written again and again, so that more would only fall out of the cache.
  static let memory = 8 << 20

  let rows: Int
  /// How many rows the last fetch gave.
  var count: Int { Int(unsafe fetched.pointee) }
  private let values: UnsafeMutableRawPointer
  private let starts: [Int]
  private let widths: [Int]
  private let lengths: UnsafeMutablePointer<SQLLEN>
  private let states: UnsafeMutablePointer<SQLUSMALLINT>
  private let fetched: UnsafeMutablePointer<SQLULEN>

  init(_ columns: [ODBCColumn]) {
    let width = columns.reduce(0) { $0 + $1.width }
    rows = min(1000, max(1, ODBCRowset.memory / max(1, width)))
    var starts: [Int] = []
    var size = 0
    for column in columns {
      starts.append(size)
      size += (column.width * rows + 15) & ~15
    }
    self.starts = starts
    widths = columns.map(\.width)
    unsafe values = .allocate(byteCount: max(16, size), alignment: 16)
    unsafe lengths = .allocate(capacity: rows * max(1, columns.count))
    unsafe states = .allocate(capacity: rows)
    unsafe states.initialize(repeating: 0, count: rows)
    unsafe fetched = .allocate(capacity: 1)
    unsafe fetched.initialize(to: 0)
  }

  deinit {
    unsafe values.deallocate()
    unsafe lengths.deallocate()
    unsafe states.deallocate()
    unsafe fetched.deallocate()
  }

  /// - Returns: false where the driver refuses.
  func bind(_ columns: [ODBCColumn], to statement: ODBCStatement) -> Bool {
    let (states, fetched) = unsafe (Int(bitPattern: states), Int(bitPattern: fetched))
    guard statement.set(SQL_ATTR_ROW_ARRAY_SIZE, rows), statement.set(SQL_ATTR_ROW_STATUS_PTR, states),
      statement.set(SQL_ATTR_ROWS_FETCHED_PTR, fetched)
    else { return false }
    for (index, column) in columns.enumerated() {
      let code = unsafe SQLBindCol(
        statement.pointer, SQLUSMALLINT(index + 1), SQLSMALLINT(column.target), values + starts[index],
        SQLLEN(column.width), lengths + index * rows)
      if codbc_succeeded(code) == 0 { return false }
    }
    return true
  }

  /// The length of a value as the driver gives it: negative for null, or for a long one of unknown length.
  func length(_ row: Int, _ column: Int) -> Int { unsafe lengths[column * rows + row] }

  /// Whether the driver could not give a row of the block.
  func isBroken(_ row: Int) -> Bool { unsafe states[row] == SQLUSMALLINT(SQL_ROW_ERROR) }

  /// The bytes of a value that fits.
  @_lifetime(borrow self)
  func value(_ row: Int, _ column: Int, length: Int) -> RawSpan {
    let span = unsafe RawSpan(_unsafeStart: values + (starts[column] + row * widths[column]), byteCount: length)
    return unsafe _overrideLifetime(span, borrowing: self)
  }
}
