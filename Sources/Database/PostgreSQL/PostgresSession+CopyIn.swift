internal import Base
internal import CPostgres

extension PostgresSession {
  /// `COPY … FROM STDIN (FORMAT binary)`: the block's memory is the format's.
  func insert(
    into table: TableName, columns: [String], rows: borrowing RowBlock, range: Range<Int>
  ) throws(DatabaseError) {
    if range.isEmpty { return }
    let names = columns.map(quotedIdentifier).joined(separator: ", ")
    _ = try run(
      text: "\(liftingTimeLimit)copy \(table.quoted) (\(names)) from stdin (format binary)", doing: "insert rows")
    let tuples = rows.bytes(of: range)
    let sent = unsafe put(copySignature) && put(tuples) && put([0xFF, 0xFF]) && PQputCopyEnd(connection, nil) == 1
    // The server's own words come with the result, even where sending failed.
    var failure: DatabaseError?
    while let pointer = unsafe PQgetResult(connection) {
      let result = unsafe PostgresResult(adopting: pointer)
      if !result.succeeded {
        var error = self.failure(result, doing: "insert rows")
        if let row = copyRow(result.diagnostic(cpostgres_diag_context)) {
          error.place = .init(row: row, column: nil)
        }
        failure = failure ?? error
      }
      if result.status == PGRES_COPY_IN { break }
    }
    if let failure { throw failure }
    if !sent { throw lost(doing: "insert rows") }
    try restoreTimeLimit()
  }

  private func put(_ bytes: [UInt8]) -> Bool { put(unsafe bytes.span.bytes) }

  /// Sends in pieces: libpq would else grow its buffer to hold the whole.
  private func put(_ bytes: RawSpan) -> Bool {
    var start = 0
    while start < bytes.byteCount {
      let end = min(start + 65_536, bytes.byteCount)
      let code = unsafe bytes.extracting(start..<end).withUnsafeBytes { piece in
        unsafe PQputCopyData(
          connection, piece.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(piece.count))
      }
      if code != 1 { return false }
      start = end
    }
    return true
  }

  /// `COPY users, line 7` in the error's context names the row by its ordinal from 1.
  private func copyRow(_ context: String?) -> Int? {
    guard let context, let range = context.firstRange(of: ", line ") else { return nil }
    return Int(context[range.upperBound...].prefix { $0.isNumber }).map { $0 - 1 }
  }
}

/// The signature, flags and extension length that begin the format (documentation of COPY, "Binary Format").
let copySignature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
