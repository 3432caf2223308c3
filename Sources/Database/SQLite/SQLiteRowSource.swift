internal import Base
internal import CSQLite

/// Steps a statement and appends its rows in the block's encoding.
@safe
final class SQLiteRowSource: RowSource {
  // SAFETY: column pointers are used before the next step, as sqlite3_column_blob's page demands.
  private let session: SQLiteSession
  private var statement: SQLiteStatement?
  private let kinds: [ColumnKind]
  private let policy: MismatchPolicy
  private let timed: Bool
  private var rowsRead = 0
  private(set) var mismatches: [DatabaseError.Place] = []

  init(
    _ session: SQLiteSession, _ statement: SQLiteStatement, _ kinds: [ColumnKind], _ policy: MismatchPolicy,
    timed: Bool
  ) {
    self.session = session
    self.statement = statement
    self.kinds = kinds
    self.policy = policy
    self.timed = timed
    session.openSources += 1
  }

  deinit { close() }

  func close() {
    guard let open = statement.take() else { return }
    session.openSources -= 1
    session.giveBack(open)
  }

  func read(into block: inout RowBlock, rows: Int, bytes: Int) throws(DatabaseError) {
    mismatches.removeAll(keepingCapacity: true)
    guard let statement else { return }
    if timed {
      try session.timed { () throws(DatabaseError) in
        try step(statement, into: &block, rows: rows, bytes: bytes)
      }
    } else {
      try step(statement, into: &block, rows: rows, bytes: bytes)
    }
  }

  private func step(
    _ statement: SQLiteStatement, into block: inout RowBlock, rows: Int, bytes: Int
  ) throws(DatabaseError) {
    let pointer = unsafe statement.pointer
    while block.count < rows, block.byteCount < bytes {
      let code = unsafe sqlite3_step(pointer)
      guard code == SQLITE_ROW else {
        if code == SQLITE_DONE {
          close()
          return
        }
        let error = session.failure(code, doing: "read rows")
        close()
        throw error
      }
      block.beginRow()
      for index in 0..<kinds.count {
        if unsafe !append(pointer, index, kinds[index], to: &block) { try refuse(index, &block) }
      }
      block.endRow()
      rowsRead += 1
    }
  }

  private func refuse(_ column: Int, _ block: inout RowBlock) throws(DatabaseError) {
    if policy == .asNull {
      mismatches.append(.init(row: block.count, column: column))
      block.appendNull()
      return
    }
    block.discardRow()
    var error = DatabaseError(
      .mismatch, doing: "read rows",
      reason: "row \(rowsRead), column \(column) holds another type than \(kinds[column])")
    error.place = .init(row: rowsRead, column: column)
    close()
    throw error
  }

  /// Appends one value; false where it cannot be told in the column's kind without loss.
  private func append(
    _ pointer: OpaquePointer, _ index: Int, _ kind: ColumnKind, to block: inout RowBlock
  ) -> Bool {
    let column = Int32(truncatingIfNeeded: index)
    switch unsafe sqlite3_column_type(pointer, column) {
    case SQLITE_NULL:
      block.appendNull()
      return true
    case SQLITE_INTEGER:
      return append(integer: unsafe sqlite3_column_int64(pointer, column), kind, to: &block)
    case SQLITE_FLOAT:
      return append(real: unsafe sqlite3_column_double(pointer, column), kind, to: &block)
    case SQLITE_TEXT:
      // The pointer comes first: sqlite3_column_bytes then counts that form.
      let start = unsafe sqlite3_column_text(pointer, column)
      return append(text: unsafe field(start, pointer, column), kind, to: &block)
    default:
      let start = unsafe sqlite3_column_blob(pointer, column)
      let bytes = unsafe field(start, pointer, column)
      switch kind {
      case .bytes, .text: block.append(bytes)
      case .uuid where bytes.byteCount == 16: block.append(bytes)
      default: return false
      }
      return true
    }
  }

  /// The bytes of the current column; SQLite gives no address for an empty blob.
  @_lifetime(borrow statement)
  private func field(_ start: UnsafeRawPointer?, _ statement: OpaquePointer, _ column: Int32) -> RawSpan {
    guard let start = unsafe start else { return RawSpan() }
    let field = unsafe RawSpan(_unsafeStart: start, byteCount: Int(sqlite3_column_bytes(statement, column)))
    return unsafe _overrideLifetime(field, borrowing: statement)
  }

  private func append(integer value: Int64, _ kind: ColumnKind, to block: inout RowBlock) -> Bool {
    switch kind {
    case .integer: block.append(value)
    case .timestamp:
      if postgresTime(unix: value) == nil { return false }
      block.append(Timestamp(microseconds: value))
    case .medium where Int64(Int32(truncatingIfNeeded: value)) == value: block.append(value)
    case .small where Int64(Int16(truncatingIfNeeded: value)) == value: block.append(value)
    case .boolean where value == 0 || value == 1: block.append(value == 1)
    case .text: block.append(String(value))
    default: return false
    }
    return true
  }

  /// Whole numbers that a double holds exactly stay numbers; a text gets the shortest digits that read back as the
  /// same double.
  private func append(real value: Double, _ kind: ColumnKind, to block: inout RowBlock) -> Bool {
    if kind == .text {
      block.append(value.description)
      return true
    }
    guard let whole = Int64(exactly: value), abs(value) <= 9_007_199_254_740_992 else { return false }
    return append(integer: whole, kind, to: &block)
  }

  private func append(text: RawSpan, _ kind: ColumnKind, to block: inout RowBlock) -> Bool {
    switch kind {
    case .text, .bytes:
      block.append(text)
      return true
    case .uuid:
      guard let id = UniqueID(utf8: Span(_bytes: text)) else { return false }
      block.append(id)
      return true
    case .timestamp: return false
    default:
      guard text.byteCount <= 20 else { return false }
      let digits = unsafe text.withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
      guard let value = Int64(digits), String(value) == digits else { return false }
      return append(integer: value, kind, to: &block)
    }
  }
}
