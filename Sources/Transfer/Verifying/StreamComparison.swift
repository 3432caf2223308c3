internal import Base
internal import Cryptography
internal import Database
public import Migration

/// Compares what a source holds with what the destination says came from there.
///
/// The two sides are read at the same time by code that the importer does not use; each adds a digest for every
/// source row it knows of, by the row's key. Equal sums in every range mean that nothing is missing, doubled or
/// changed.
public struct StreamComparison: Sendable {
  /// Reads one side and adds its rows to the sums.
  public typealias Reader = @Sendable (inout RangeSums) throws -> Void

  public let subject: String
  private let bounds: @Sendable () throws -> [Key]
  private let expected: [Reader]
  private let found: [Reader]

  /// - Parameters:
  ///   - bounds: gives the ends of the ranges in which differences are told apart.
  ///   - expected: readers of the source, each of another share of its rows.
  ///   - found: readers of the destination, likewise.
  public init(
    subject: String, bounds: @escaping @Sendable () throws -> [Key], expected: [Reader], found: [Reader]
  ) {
    self.subject = subject
    self.bounds = bounds
    self.expected = expected
    self.found = found
  }

  /// Reads both sides and compares.
  public func run() async throws -> Verification.Line {
    let bounds = try await BlockingThread(name: "bounds").run { try self.bounds() }
    let sums = try await withThrowingTaskGroup(of: (Bool, RangeSums).self) { group in
      for (isExpected, readers) in [(true, expected), (false, found)] {
        for reader in readers {
          let thread = BlockingThread(name: "verify")
          group.addTask {
            try await thread.run {
              var sums = RangeSums(bounds: bounds)
              try reader(&sums)
              return (isExpected, sums)
            }
          }
        }
      }
      var sides = (expected: RangeSums(bounds: bounds), found: RangeSums(bounds: bounds))
      for try await (isExpected, part) in group {
        if isExpected { sides.expected.merge(part) } else { sides.found.merge(part) }
      }
      return sides
    }
    let differences = sums.expected.differences(from: sums.found)
    return Verification.Line(
      subject: subject, expectedRows: Int(sums.expected.total.count), foundRows: Int(sums.found.total.count),
      expectedDigest: sums.expected.total.sum.description, foundDigest: sums.found.total.sum.description,
      differences: differences.prefix(20).map(\.description))
  }
}
