public import Database

/// The destination rows of one batch, a block for each table of the stream.
///
/// A class because an array cannot hold blocks, which cannot be copied. Used by one worker at a time.
public final class OutputRows {
  public let tables: [OutputTable]
  private let places: [Place]

  private final class Place {
    var rows: RowBlock
    var mark = 0
    init(_ kinds: [ColumnKind]) { rows = RowBlock(kinds: kinds) }
  }

  public init(_ tables: [OutputTable]) {
    self.tables = tables
    places = tables.map { Place($0.kinds) }
  }

  /// Lends the block of a table.
  @inline(__always)
  public func withTable<Result, Failure: Error>(
    _ index: Int, _ body: (inout RowBlock) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(&places[index].rows)
  }

  /// How many rows each table has.
  public var counts: [Int] { places.map { $0.rows.count } }

  public var byteCount: Int { places.reduce(0) { $0 + $1.rows.byteCount } }

  package func removeAll() {
    for place in places { place.rows.removeAll() }
  }

  /// Remembers where each table ends.
  func mark() {
    for place in places { place.mark = place.rows.count }
  }

  /// Takes back what was added since the mark, a row that was begun included.
  func returnToMark() {
    for place in places { place.rows.truncate(to: place.mark) }
  }
}
