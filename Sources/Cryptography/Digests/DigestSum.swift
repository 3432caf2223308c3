/// The digest of a multiset: the sum modulo 2²⁵⁶ of its members' digests, with their count.
///
/// The order in which members are added does not matter, sums of parts can be merged and taken away again, and a
/// row that stands twice counts twice (with exclusive-or it would vanish). Two multisets of SHA-256 digests with
/// equal sums are equal unless somebody made the rows for that purpose: an additive hash finds errors, it is no
/// seal against an attacker who chooses rows (Bellare and Micciancio 1997, AdHash).
public struct DigestSum: Hashable, Sendable, Codable, CustomStringConvertible {
  /// The sum modulo 2²⁵⁶.
  public private(set) var sum: Digest256
  /// How many digests were added, less those subtracted; modulo 2⁶⁴, so that a difference of sums can be undone.
  public private(set) var count: UInt64

  /// The sum of nothing.
  public init() { self.init(sum: Digest256(0, 0, 0, 0), count: 0) }

  public init(sum: Digest256, count: UInt64) {
    self.sum = sum
    self.count = count
  }

  public mutating func add(_ digest: Digest256) {
    sum = DigestSum.added(sum, digest)
    count &+= 1
  }

  /// Takes one member away that was added before, here or in a part that was merged.
  public mutating func subtract(_ digest: Digest256) {
    sum = DigestSum.subtracted(sum, digest)
    count &-= 1
  }

  /// Adds all members of another multiset.
  public mutating func merge(_ other: DigestSum) {
    sum = DigestSum.added(sum, other.sum)
    count &+= other.count
  }

  /// Takes all members of another multiset away.
  public mutating func remove(_ other: DigestSum) {
    sum = DigestSum.subtracted(sum, other.sum)
    count &-= other.count
  }

  private static func added(_ left: Digest256, _ right: Digest256) -> Digest256 {
    let (word3, carry3) = left.word3.addingReportingOverflow(right.word3)
    let (word2, carry2) = sumWithCarry(left.word2, right.word2, carry3)
    let (word1, carry1) = sumWithCarry(left.word1, right.word1, carry2)
    return Digest256(left.word0 &+ right.word0 &+ (carry1 ? 1 : 0), word1, word2, word3)
  }

  private static func subtracted(_ left: Digest256, _ right: Digest256) -> Digest256 {
    let (word3, borrow3) = left.word3.subtractingReportingOverflow(right.word3)
    let (word2, borrow2) = differenceWithBorrow(left.word2, right.word2, borrow3)
    let (word1, borrow1) = differenceWithBorrow(left.word1, right.word1, borrow2)
    return Digest256(left.word0 &- right.word0 &- (borrow1 ? 1 : 0), word1, word2, word3)
  }

  private static func sumWithCarry(_ left: UInt64, _ right: UInt64, _ carry: Bool) -> (UInt64, Bool) {
    let (partial, first) = left.addingReportingOverflow(right)
    let (total, second) = partial.addingReportingOverflow(carry ? 1 : 0)
    return (total, first || second)
  }

  private static func differenceWithBorrow(_ left: UInt64, _ right: UInt64, _ borrow: Bool) -> (UInt64, Bool) {
    let (partial, first) = left.subtractingReportingOverflow(right)
    let (total, second) = partial.subtractingReportingOverflow(borrow ? 1 : 0)
    return (total, first || second)
  }
}

extension DigestSum {
  /// The length of ``bytes``.
  public static let byteCount = 40

  /// Reads what ``bytes`` gives; nil for any other length.
  public init?(bytes: Span<UInt8>) {
    guard bytes.count == DigestSum.byteCount, let sum = Digest256(bytes: bytes.extracting(0..<32)) else {
      return nil
    }
    self.init(sum: sum, count: bigEndianWord(bytes, at: 32))
  }

  /// 40 bytes: the sum, then the count, both big-endian.
  public var bytes: [UInt8] {
    var bytes = sum.bytes
    appendBigEndian(count, to: &bytes)
    return bytes
  }

  /// The sum in hexadecimal, a `×` and the count.
  public var description: String { "\(sum)×\(count)" }
}
