extension Connection {
  /// Reads a result that fits into memory, row by row.
  ///
  /// SQLite converts values where nothing is lost (digits, whole doubles, the 36 characters of a UUID) and else
  /// throws `mismatch`; PostgreSQL wants columns of the kinds' types, or a cast in the statement.
  public func rows(
    _ sql: SQL, _ kinds: [ColumnKind], _ body: (borrowing RowView) throws -> Void
  ) throws {
    let source = try session.result(sql, kinds, .throwing)
    defer { source.close() }
    var block = RowBlock(kinds: kinds, capacity: 4096)
    repeat {
      block.removeAll()
      try source.read(into: &block, rows: 256, bytes: 1 << 20)
      for row in 0..<block.count { try body(block[row]) }
    } while block.count > 0
  }

  /// What a body makes of the first row; nil where there is none.
  public func first<R>(
    _ sql: SQL, _ kinds: [ColumnKind], _ body: (borrowing RowView) throws -> R
  ) throws -> R? {
    let source = try session.result(sql, kinds, .throwing)
    defer { source.close() }
    var block = RowBlock(kinds: kinds, capacity: 1024)
    try source.read(into: &block, rows: 1, bytes: .max)
    return block.count == 0 ? nil : try body(block[0])
  }

  /// The one integer of the first row; nil for null and where there is no row.
  public func integer(_ sql: SQL) throws(DatabaseError) -> Int64? {
    try single(sql, .integer) { $0.integer(0) }
  }

  /// The one text of the first row; nil for null and where there is no row.
  public func text(_ sql: SQL) throws(DatabaseError) -> String? {
    try single(sql, .text) { $0.string(0) }
  }

  /// The one boolean of the first row; nil for null and where there is no row.
  public func boolean(_ sql: SQL) throws(DatabaseError) -> Bool? {
    try single(sql, .boolean) { $0.boolean(0) }
  }

  private func single<R>(
    _ sql: SQL, _ kind: ColumnKind, _ body: (borrowing RowView) -> R?
  ) throws(DatabaseError) -> R? {
    let source = try session.result(sql, [kind], .throwing)
    defer { source.close() }
    var block = RowBlock(kinds: [kind], capacity: 256)
    try source.read(into: &block, rows: 1, bytes: .max)
    return block.count == 0 ? nil : body(block[0])
  }

  /// Reads a result of any size, block by block. PostgreSQL: by `COPY … TO STDOUT (FORMAT binary)`, with values as
  /// literals since COPY takes no parameters; nothing else can be done on that connection until the stream ends.
  public func stream(
    _ sql: SQL, _ kinds: [ColumnKind], mismatches policy: MismatchPolicy = .throwing
  ) throws(DatabaseError) -> RowStream {
    RowStream(try session.stream(sql, kinds, policy))
  }
}

/// The rows of a big result. What is not read to its end is cut off when the stream goes.
public struct RowStream: ~Copyable {
  private let source: any RowSource

  init(_ source: any RowSource) { self.source = source }

  deinit { source.close() }

  /// Values of the last block that became null, under ``MismatchPolicy/asNull``.
  public var mismatches: [DatabaseError.Place] { source.mismatches }

  /// Replaces the block's rows by the next ones: at most so many, and no further one once it has so many bytes.
  ///
  /// - Returns: false at the end, with an empty block.
  public mutating func read(
    into block: inout RowBlock, rows: Int, bytes: Int = 1 << 20
  ) throws(DatabaseError) -> Bool {
    block.removeAll()
    try source.read(into: &block, rows: rows, bytes: bytes)
    return block.count > 0
  }

  /// Adds the next rows behind those of the block: at most so many, and no further one once the block has so many
  /// bytes.
  ///
  /// - Returns: false where the end was reached for certain; true where more may follow.
  public mutating func append(
    to block: inout RowBlock, rows: Int, bytes: Int = 1 << 20
  ) throws(DatabaseError) -> Bool {
    let before = block.count
    let (last, overflows) = before.addingReportingOverflow(rows)
    try source.read(into: &block, rows: overflows ? .max : last, bytes: bytes)
    return block.count - before == rows || block.byteCount >= bytes
  }

  /// Ends the stream early.
  public consuming func close() {}
}
