internal import Base
internal import CSQLite

extension SQLiteSession {
  /// One cached statement, its values bound where they lie in the block.
  func insert(
    into table: TableName, columns: [String], rows: borrowing RowBlock, range: Range<Int>
  ) throws(DatabaseError) {
    if range.isEmpty { return }
    let kinds = rows.kinds
    let marks = (1...columns.count).map { "?\($0)" }.joined(separator: ", ")
    let text =
      "insert into \(table.quoted) (\(columns.map(quotedIdentifier).joined(separator: ", "))) values (\(marks))"
    let statement = try take(text: text, doing: "insert rows")
    defer { giveBack(statement) }
    let ownsTransaction = !inTransaction
    if ownsTransaction { try executeScript("begin immediate") }
    let tuples = rows.bytes(of: range)
    let (code, row) = unsafe tuples.withUnsafeBytes {
      unsafe insertTuples($0, kinds: kinds, count: range.count, with: statement.pointer)
    }
    if code != SQLITE_DONE {
      var error = failure(code, doing: "insert rows")
      error.place = .init(row: row, column: nil)
      statement.clear()
      if ownsTransaction, inTransaction { try executeScript("rollback") }
      throw error
    }
    if ownsTransaction { try commitOrRollBack() }
  }

  /// A commit that a reader kept off leaves its transaction open; the next call must not take it for its caller's.
  private func commitOrRollBack() throws(DatabaseError) {
    do throws(DatabaseError) {
      try commit()
    } catch {
      if inTransaction { try executeScript("rollback") }
      throw error
    }
  }

  /// - Returns: `SQLITE_DONE`, or what the failing row gave, and its ordinal.
  private func insertTuples(
    _ tuples: UnsafeRawBufferPointer, kinds: [ColumnKind], count: Int, with statement: OpaquePointer
  ) -> (Int32, Int) {
    guard var next = tuples.baseAddress else { return (SQLITE_DONE, 0) }
    let columns = Int32(kinds.count)
    for row in 0..<count {
      unsafe next += 2
      for column in 0..<columns {
        let length = Int32(bigEndian: unsafe next.loadUnaligned(as: Int32.self))
        unsafe next += 4
        if length < 0 {
          unsafe sqlite3_bind_null(statement, column + 1)
          continue
        }
        let bound = unsafe bind(next, length, kinds[Int(column)], statement, column + 1)
        if bound != SQLITE_OK { return (bound, row) }
        unsafe next += Int(length)
      }
      let code = unsafe sqlite3_step(statement)
      if code != SQLITE_DONE { return (code, row) }
      unsafe sqlite3_reset(statement)
    }
    return (SQLITE_DONE, count)
  }

  /// - Returns: `SQLITE_OK`; `SQLITE_MISMATCH` for a value that SQLite's form of the kind cannot tell, `SQLITE_TOOBIG`
  ///   for one that is longer than it takes.
  @inline(__always)
  private func bind(
    _ field: UnsafeRawPointer, _ length: Int32, _ kind: ColumnKind, _ statement: OpaquePointer, _ position: Int32
  ) -> Int32 {
    switch kind {
    case .text:
      return unsafe sqlite3_bind_text(statement, position, field.assumingMemoryBound(to: CChar.self), length, nil)
    case .bytes, .uuid:
      return unsafe sqlite3_bind_blob(statement, position, field, length, nil)
    case .integer:
      return unsafe sqlite3_bind_int64(statement, position, Int64(bigEndian: field.loadUnaligned(as: Int64.self)))
    case .timestamp:
      guard let time = unsafe unixTime(postgres: Int64(bigEndian: field.loadUnaligned(as: Int64.self))) else {
        return SQLITE_MISMATCH
      }
      return unsafe sqlite3_bind_int64(statement, position, time)
    case .medium:
      return unsafe sqlite3_bind_int64(
        statement, position, Int64(Int32(bigEndian: field.loadUnaligned(as: Int32.self))))
    case .small:
      return unsafe sqlite3_bind_int64(
        statement, position, Int64(Int16(bigEndian: field.loadUnaligned(as: Int16.self))))
    case .boolean:
      return unsafe sqlite3_bind_int(statement, position, Int32(field.load(as: UInt8.self)))
    }
  }
}
