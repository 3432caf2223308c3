internal import Base
internal import Cryptography
internal import Database
internal import Transfer

/// One fact that both sides do not have alike. Holds no value of a row.
struct HistoryDifference: Sendable, Equatable, CustomStringConvertible {
  enum Kind: String, Sendable {
    /// The destination does not have it.
    case missing
    /// The source does not have it, or not so often.
    case unexpected
    /// Both have it, with other values.
    case changed
  }

  /// The source row's key.
  let key: Key
  let kind: Kind
  /// `property 3`.
  let subject: String

  var description: String { "\(key): \(subject) \(kind)" }
}

extension HistoryComparison {
  /// Tells which facts of a range of keys differ, after ``comparisons()`` named the range.
  ///
  /// Reads the destination's whole import, since it is not ordered by the source's keys.
  ///
  /// - Parameters:
  ///   - limit: the most facts that are kept of each side.
  /// - Returns: the differences in the order of their keys; nil where the range has more facts than the limit.
  func differences(
    _ rows: ComparedRows, in range: KeyRange, limit: Int = 200_000
  ) throws -> [HistoryDifference]? {
    let expected = FactTrace(range, limit: limit)
    let found = FactTrace(range, limit: limit)
    let (expectedPieces, foundPieces) = (SharedPieces(), SharedPieces())
    for share in 0..<HistoryComparison.shares {
      _ = try readSource(rows, expectedPieces, share, RangeSums(bounds: []), trace: expected)
      _ = try readDestination(rows, foundPieces, share, RangeSums(bounds: []), trace: found)
    }
    if expected.isCut || found.isCut { return nil }
    var differences: [HistoryDifference] = []
    for (entry, digests) in expected.facts {
      let others = found.facts[entry]
      if others.map(HistoryComparison.multiset) == HistoryComparison.multiset(digests) { continue }
      let kind: HistoryDifference.Kind = others == nil ? .missing : .changed
      differences.append(
        HistoryDifference(entry, others.map { $0.count > digests.count } == true ? .unexpected : kind))
    }
    for entry in found.facts.keys where expected.facts[entry] == nil {
      differences.append(HistoryDifference(entry, .unexpected))
    }
    return differences.sorted { ($0.key, $0.subject) < ($1.key, $1.subject) }
  }

  private static func multiset(_ digests: [Digest256]) -> DigestSum {
    var sum = DigestSum()
    for digest in digests { sum.add(digest) }
    return sum
  }
}

extension HistoryDifference {
  init(_ entry: FactTrace.Entry, _ kind: Kind) {
    key = entry.key
    self.kind = kind
    subject =
      switch entry.label.kind {
      case .property, .section, .orphanProperty, .orphanSection: "\(entry.label.kind.name) \(entry.label.ordinal)"
      default: entry.label.kind.name
      }
  }
}
