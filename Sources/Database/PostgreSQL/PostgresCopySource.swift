internal import Base
internal import CPostgres

extension PostgresSession {
  /// `COPY (SELECT …) TO STDOUT (FORMAT binary)`.
  func stream(
    _ sql: SQL, _ kinds: [ColumnKind], _ policy: MismatchPolicy
  ) throws(DatabaseError) -> any RowSource {
    try checkReady()
    var text = ""
    for piece in sql.pieces {
      if case .value(let value) = piece {
        text += try unsafe PostgresParameters.literal(value, on: connection)
      } else {
        text += SQLDialect.postgresql.text(piece)
      }
    }
    let select = try fitted(text, kinds)
    let result = try run(text: "\(liftingTimeLimit)copy (\(select)) to stdout (format binary)", doing: "read rows")
    guard result.status == PGRES_COPY_OUT else {
      throw DatabaseError(.other, doing: "read rows", reason: "the server does not begin to copy")
    }
    isStreaming = true
    return PostgresCopySource(self, kinds)
  }

  /// The statement with its columns cast to their kinds where they are narrower. COPY tells no types, and its bytes
  /// would be taken for others.
  private func fitted(_ text: String, _ kinds: [ColumnKind]) throws(DatabaseError) -> String {
    _ = try checkedPreparation(text)
    guard let pointer = unsafe PQdescribePrepared(connection, "") else { throw lost(doing: "read rows") }
    let description = unsafe PostgresResult(adopting: pointer)
    if !description.succeeded { throw failure(description, doing: "read rows") }
    guard description.columnCount == kinds.count else {
      throw DatabaseError(
        .misuse, doing: "read rows",
        reason: "the statement gives \(description.columnCount) columns, \(kinds.count) are expected")
    }
    var casts = false
    var columns: [String] = []
    for (column, kind) in kinds.enumerated() {
      let type = description.type(ofColumn: column)
      if kind.accepts(postgresType: type) {
        columns.append("c\(column)")
      } else if kind.widens(postgresType: type) {
        columns.append("c\(column)::\(kind.postgresTypeName)")
        casts = true
      } else {
        throw DatabaseError.unfit(column, type, kind)
      }
    }
    if !casts { return text }
    let names = kinds.indices.map { "c\($0)" }.joined(separator: ", ")
    return "select \(columns.joined(separator: ", ")) from (\(text)) as source (\(names))"
  }

  private func checkedPreparation(_ text: String) throws(DatabaseError) -> Bool {
    guard let pointer = unsafe PQprepare(connection, "", text, 0, nil) else { throw lost(doing: "read rows") }
    let result = unsafe PostgresResult(adopting: pointer)
    if !result.succeeded { throw failure(result, doing: "read rows") }
    return true
  }

}

/// The tuples of a COPY TO, which the server sends one in a message.
@safe
final class PostgresCopySource: RowSource {
  // SAFETY: each row's buffer belongs to us from PQgetCopyData to PQfreemem.
  private let session: PostgresSession
  private let kinds: [ColumnKind]
  private var atEnd = false
  private var headerIsDue = true
  let mismatches: [DatabaseError.Place] = []

  init(_ session: PostgresSession, _ kinds: [ColumnKind]) {
    self.session = session
    self.kinds = kinds
  }

  deinit { close() }

  func read(into block: inout RowBlock, rows: Int, bytes: Int) throws(DatabaseError) {
    while !atEnd, block.count < rows, block.byteCount < bytes {
      var buffer: UnsafeMutablePointer<CChar>?
      let length = unsafe PQgetCopyData(session.connection, &buffer, 0)
      guard length > 0, let buffer = unsafe buffer else {
        try finish(length)
        return
      }
      defer { unsafe PQfreemem(buffer) }
      var message = unsafe RawSpan(_unsafeStart: buffer, byteCount: Int(length))
      if headerIsDue {
        message = try withoutHeader(message)
        headerIsDue = false
      }
      if message.byteCount <= 2 { continue }
      guard block.appendTuple(checking: message) else {
        close()
        throw DatabaseError(.mismatch, doing: "read rows", reason: "the server sends a row of another form")
      }
    }
  }

  @_lifetime(copy message)
  private func withoutHeader(_ message: RawSpan) throws(DatabaseError) -> RawSpan {
    var length = -1
    if message.byteCount >= 19 {
      length = Int(UInt32(bigEndian: unsafe message.unsafeLoadUnaligned(fromByteOffset: 15, as: UInt32.self)))
    }
    guard length >= 0, message.byteCount >= 19 + length else {
      throw DatabaseError(.other, doing: "read rows", reason: "the server sends another format")
    }
    return message.extracting((19 + length)...)
  }

  /// Takes the result that follows the last row: only that tells whether all rows came.
  private func finish(_ length: Int32) throws(DatabaseError) {
    atEnd = true
    var failure: DatabaseError? = length == -1 ? nil : session.lost(doing: "read rows")
    while let pointer = unsafe PQgetResult(session.connection) {
      let result = unsafe PostgresResult(adopting: pointer)
      if !result.succeeded { failure = session.failure(result, doing: "read rows") }
    }
    session.isStreaming = false
    if let failure { throw failure }
    try session.restoreTimeLimit()
  }

  func close() {
    if atEnd { return }
    session.makeCanceller().cancel()
    var buffer: UnsafeMutablePointer<CChar>?
    var length: Int32 = 1
    while length > 0 {
      length = unsafe PQgetCopyData(session.connection, &buffer, 0)
      unsafe PQfreemem(buffer)
      unsafe buffer = nil
    }
    // The stream is given up: its end has no reader, and a broken connection shows at the next statement.
    try? finish(length)
  }
}
