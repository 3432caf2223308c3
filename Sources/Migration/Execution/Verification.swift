/// The comparison of both sides after a run.
public struct Verification: Sendable, Codable, Equatable {
  /// One table or stream, or one range of it.
  public struct Line: Sendable, Codable, Equatable {
    public let subject: String
    /// Rows on the old side that ought to be in.
    public let expectedRows: Int
    /// Rows on the new side that came from there.
    public let foundRows: Int
    public let expectedDigest: String
    public let foundDigest: String
    /// The ranges of keys that differ, at most twenty.
    public let differences: [String]

    public init(
      subject: String, expectedRows: Int, foundRows: Int, expectedDigest: String, foundDigest: String,
      differences: [String] = []
    ) {
      self.subject = subject
      self.expectedRows = expectedRows
      self.foundRows = foundRows
      self.expectedDigest = expectedDigest
      self.foundDigest = foundDigest
      self.differences = differences
    }

    public var agrees: Bool { expectedRows == foundRows && expectedDigest == foundDigest }
  }

  public var lines: [Line]
  /// What was compared beyond digests, with pass or block: invariants stated in SQL, rows of others untouched.
  public var invariants: [Finding]
  public var seconds: Double
  /// Rows that neither side of the comparison counts, since the run has rejected and listed them.
  public var rejected: Int

  public init(lines: [Line], invariants: [Finding], seconds: Double, rejected: Int = 0) {
    self.lines = lines
    self.invariants = invariants
    self.seconds = seconds
    self.rejected = rejected
  }

  /// Whether both sides hold the same, rejected rows aside.
  public var agrees: Bool { lines.allSatisfy(\.agrees) && !invariants.contains(where: \.blocks) }
}
