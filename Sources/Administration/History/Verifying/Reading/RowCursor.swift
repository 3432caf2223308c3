internal import Base
internal import Database

/// The rows of a statement, one at hand at a time, read in blocks whose memory is used again.
struct RowCursor: ~Copyable {
  private static let rowsAtOnce = 512

  private var stream: RowStream
  private var block: RowBlock
  private var row = 0
  private(set) var isAtEnd: Bool
  private let progress: ReadProgress

  init(
    _ connection: Connection, _ sql: SQL, _ kinds: [ColumnKind], _ progress: ReadProgress
  ) throws {
    var stream = try connection.stream(sql, kinds, mismatches: .asNull)
    var block = RowBlock(kinds: kinds)
    let isAtEnd = try !stream.read(into: &block, rows: RowCursor.rowsAtOnce)
    try progress.advance(block.count)
    self.init(stream, block, isAtEnd, progress)
  }

  private init(
    _ stream: consuming RowStream, _ block: consuming RowBlock, _ isAtEnd: Bool, _ progress: ReadProgress
  ) {
    self.isAtEnd = isAtEnd
    self.stream = stream
    self.block = block
    self.progress = progress
  }

  /// The row at hand. There must be one.
  var view: RowView {
    @_lifetime(borrow self)
    get { block[row] }
  }

  /// The first column of the row at hand, where it is a UUID.
  var id: UniqueID {
    let bytes = block.bytes(of: row)
    return UniqueID(
      high: UInt64(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 6, as: UInt64.self)),
      low: UInt64(bigEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: 14, as: UInt64.self)))
  }

  /// Whether a value of the row at hand is of a type that its column cannot have; it is shown as null.
  var hasMismatch: Bool {
    if stream.mismatches.isEmpty { return false }
    return stream.mismatches.contains { $0.row == row }
  }

  mutating func advance() throws {
    row += 1
    if row == block.count { try fill() }
  }

  private mutating func fill() throws {
    row = 0
    isAtEnd = try !stream.read(into: &block, rows: RowCursor.rowsAtOnce)
    try progress.advance(block.count)
  }
}

/// Told how many rows were read; throws where the reading shall end.
struct ReadProgress: Sendable {
  private let report: @Sendable (Int) throws -> Void

  init(_ report: @escaping @Sendable (Int) throws -> Void) { self.report = report }

  func advance(_ rows: Int) throws { if rows > 0 { try report(rows) } }
}
