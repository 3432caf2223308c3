internal import Base
internal import CODBC

/// Fetches a statement's rows in blocks and appends them in the block's encoding.
///
/// Where a result has values of unbounded length and the driver cannot read one out of a block, rows are fetched one
/// by one and all values read singly, in the order of their columns, as every driver can.
@safe
final class ODBCRowSource: RowSource {
  private let session: ODBCSession
  private var statement: ODBCStatement?
  private let kinds: [ColumnKind]
  private let policy: MismatchPolicy
  private let columns: [ODBCColumn]
  /// Nil where rows come one by one.
  private let rowset: ODBCRowset?
  private let long = ODBCLongValue()
  private var conversion = ODBCConversion()
  private var next = 0
  private var available = 0
  private var rowsRead = 0
  private(set) var mismatches: [DatabaseError.Place] = []

  init(
    _ session: ODBCSession, _ statement: ODBCStatement, _ columns: [ODBCColumn], _ policy: MismatchPolicy
  ) throws(DatabaseError) {
    self.session = session
    self.statement = statement
    self.columns = columns
    self.policy = policy
    kinds = columns.map(\.kind)
    let isByBlocks = session.driver.readsLongValuesFromBlocks || !columns.contains(where: \.mayBeLonger)
    rowset = isByBlocks ? ODBCRowset(columns) : nil
    if let rowset, !rowset.bind(columns, to: statement) {
      throw session.failure(statement, doing: "read rows")
    }
  }

  deinit { close() }

  func close() {
    guard let open = statement.take() else { return }
    // Nobody may cancel it while it is freed, which is when the last reference goes.
    withExtendedLifetime(open) { session.endStatement() }
  }

  func read(into block: inout RowBlock, rows: Int, bytes: Int) throws(DatabaseError) {
    mismatches.removeAll(keepingCapacity: true)
    while let statement, block.count < rows, block.byteCount < bytes {
      if next == available, try !fetch(statement) {
        close()
        return
      }
      do throws(DatabaseError) {
        try appendRow(statement, to: &block)
      } catch {
        block.discardRow()
        close()
        throw error
      }
      next += 1
      rowsRead += 1
    }
  }

  /// - Returns: false at the end.
  private func fetch(_ statement: ODBCStatement) throws(DatabaseError) -> Bool {
    let code = unsafe session.control.isCancelled ? SQLRETURN(SQL_ERROR) : SQLFetch(statement.pointer)
    if code == SQL_NO_DATA { return false }
    // A driver that was cancelled between two fetches may know nothing of it.
    guard codbc_succeeded(code) != 0, !session.control.isCancelled else {
      let error = session.failure(statement, doing: "read rows")
      close()
      throw error
    }
    next = 0
    available = rowset?.count ?? 1
    return true
  }

  private func appendRow(_ statement: ODBCStatement, to block: inout RowBlock) throws(DatabaseError) {
    if let rowset, rowset.isBroken(next) {
      var error = session.failure(statement, doing: "read rows")
      error.place = .init(row: rowsRead, column: nil)
      throw error
    }
    block.beginRow()
    for index in 0..<columns.count {
      let column = columns[index]
      if let rowset {
        let length = rowset.length(next, index)
        if length == Int(SQL_NULL_DATA) {
          block.appendNull()
          continue
        }
        if length >= 0, length <= column.width - column.terminator {
          if !conversion.append(rowset.value(next, index, length: length), column, to: &block) {
            try refuse(index, &block)
          }
          continue
        }
        guard session.driver.readsLongValuesFromBlocks, column.kind.width == 0 else {
          try refuse(index, &block)
          continue
        }
        try stand(on: next, statement)
        try appendSingle(statement, index, length: max(0, length), to: &block)
      } else {
        try appendSingle(statement, index, length: column.width, to: &block)
      }
    }
    block.endRow()
  }

  private func stand(on row: Int, _ statement: ODBCStatement) throws(DatabaseError) {
    let code = unsafe SQLSetPos(
      statement.pointer, SQLSETPOSIROW(row + 1), SQLUSMALLINT(SQL_POSITION), SQLUSMALLINT(SQL_LOCK_NO_CHANGE))
    if codbc_succeeded(code) == 0 { throw session.failure(statement, doing: "read a long value") }
  }

  private func appendSingle(
    _ statement: ODBCStatement, _ index: Int, length: Int, to block: inout RowBlock
  ) throws(DatabaseError) {
    switch long.read(statement, index, columns[index], length: length) {
    case .null: block.appendNull()
    case .value:
      let isOfKind = long.withBytes { conversion.append($0, columns[index], to: &block) }
      if !isOfKind { try refuse(index, &block) }
    case .failure: throw session.failure(statement, doing: "read a value")
    }
  }

  private func refuse(_ column: Int, _ block: inout RowBlock) throws(DatabaseError) {
    if policy == .asNull {
      mismatches.append(.init(row: block.count, column: column))
      block.appendNull()
      return
    }
    var error = DatabaseError(
      .mismatch, doing: "read rows", reason: "a value in column \(column) is no \(kinds[column])")
    error.place = .init(row: rowsRead, column: column)
    throw error
  }
}

/// A small result that is in memory already, so that its connection is free for other statements.
final class ODBCResultSource: RowSource {
  private var rows: RowBlock
  private var next = 0
  let mismatches: [DatabaseError.Place] = []

  /// Reads the source to its end.
  init(readingAll source: ODBCRowSource, _ kinds: [ColumnKind]) throws(DatabaseError) {
    var rows = RowBlock(kinds: kinds, capacity: 1024)
    defer { source.close() }
    try source.read(into: &rows, rows: .max, bytes: .max)
    self.rows = rows
  }

  func close() { next = rows.count }

  func read(into block: inout RowBlock, rows: Int, bytes: Int) throws(DatabaseError) {
    while next < self.rows.count, block.count < rows, block.byteCount < bytes {
      block.appendTuple(self.rows.bytes(of: next))
      next += 1
    }
  }
}
