/// How many rows of one table or stream a run met and what became of them.
///
/// A step that splits or joins rows writes another number than it reads, so that the numbers need not add up; that
/// nothing is missing is for the ``Verification`` to say.
public struct TableCount: Sendable, Codable, Equatable {
  public let table: String
  /// Rows on the old side, nil where nobody counted them.
  public let sourceRows: Int?
  /// Rows that this run wrote into the new side, nil where only those that it read were counted.
  public let written: Int?
  /// Rows outside of the ranges that were asked for; nil where no range was.
  public let skipped: Int?
  public let rejected: Int

  public init(table: String, sourceRows: Int? = nil, written: Int? = nil, skipped: Int? = nil, rejected: Int = 0) {
    self.table = table
    self.sourceRows = sourceRows
    self.written = written
    self.skipped = skipped
    self.rejected = rejected
  }
}

extension Report {
  /// Rows that the run wrote, all tables together; where nobody counted those, the ones that it carried.
  var rowsBrought: Int {
    counts.reduce(0) { sum, count in
      sum + (count.written ?? max(0, (count.sourceRows ?? 0) - count.rejected - (count.skipped ?? 0)))
    }
  }
}
