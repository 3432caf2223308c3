internal import Base
internal import Cryptography
internal import Database

/// Source rows in memory and what becomes of them: the unit that commits as a whole. Used by one worker, again
/// and again.
final class Batch {
  private let stream: TransferStream
  private let transform: any RowTransform
  private var hasher = SHA256Hasher()
  var source: RowBlock
  let outputs: OutputRows
  private(set) var skipped = 0
  /// The rows among those filled that the transform refused.
  private(set) var refused: [(row: Int, rejection: RowRejection)] = []

  init(_ stream: TransferStream) throws {
    self.stream = stream
    transform = try stream.makeTransform()
    source = RowBlock(kinds: stream.scan.kinds)
    outputs = OutputRows(stream.outputs)
  }

  /// Transforms the given source rows into the outputs; what was there before is forgotten.
  func fill(_ rows: Range<Int>) {
    outputs.removeAll()
    skipped = 0
    refused = []
    for index in rows {
      outputs.mark()
      do {
        if try !transform.transform(source[index], into: outputs) { skipped += 1 }
      } catch {
        outputs.returnToMark()
        refused.append((index, error))
      }
    }
  }

  func key(ofRow index: Int) -> Key? { stream.scan.key(of: source[index]) }

  func digest(ofSource rows: Range<Int>) -> DigestSum {
    var sum = DigestSum()
    for index in rows { sum.add(hasher.digest(of: source.bytes(of: index))) }
    return sum
  }

  func digest(ofTable table: Int) -> DigestSum {
    outputs.withTable(table) { block in
      var sum = DigestSum()
      for index in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: index))) }
      return sum
    }
  }
}
