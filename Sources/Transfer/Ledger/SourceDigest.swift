internal import Base
internal import Cryptography
internal import Database

/// Tells whether a batch's source rows are still what they were: one SHA-256 over all of them in the scan's order,
/// with their count.
///
/// Unlike the digests of what is written, which are summed row by row so that ranges can be merged and rows come in
/// any order, this one is only ever compared with a later reading of the same range in the same order. One digest over
/// a batch takes half the time of one for each row.
struct SourceDigest: ~Copyable {
  private var hasher = SHA256Hasher()
  private var rows = 0

  init() {}

  mutating func add(_ block: borrowing RowBlock, _ range: Range<Int>) {
    if range.isEmpty { return }
    hasher.update(block.bytes(of: range))
    rows += range.count
  }

  consuming func finish() -> DigestSum {
    if rows == 0 { return DigestSum() }
    return DigestSum(sum: hasher.finish(), count: UInt64(rows))
  }
}
