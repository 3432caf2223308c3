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
  /// Rows that were read and belong to the next batch.
  private var held: RowBlock
  /// The rows at hand of which a value could not be read, with its column; and those of the rows held.
  private var unreadable: [Int: Int] = [:]
  private var unreadableHeld: [Int: Int] = [:]
  /// The rows among those filled that the transform refused.
  private(set) var refused: [(row: Int, rejection: RowRejection)] = []

  init(_ stream: TransferStream) throws {
    self.stream = stream
    transform = try stream.makeTransform()
    source = RowBlock(kinds: stream.scan.kinds)
    held = RowBlock(kinds: stream.scan.kinds)
    outputs = OutputRows(stream.outputs)
  }

  /// Reads the next rows, in place of those at hand.
  ///
  /// - Returns: false where no more follow.
  /// - Throws: ``SourceFailure``.
  func read(_ rows: inout RowStream, size: Int) throws -> Bool {
    source.removeAll()
    for index in 0..<held.count { source.appendTuple(held.bytes(of: index)) }
    unreadable = unreadableHeld
    forgetHeld()
    var more = try append(&rows, size: size, bytes: BatchSize.bytes)
    guard !stream.scan.keyIsUnique else { return more }
    while more {
      if let cut = lastKeyChange() {
        for index in cut..<source.count {
          held.appendTuple(source.bytes(of: index))
          if let column = unreadable.removeValue(forKey: index) { unreadableHeld[index - cut] = column }
        }
        source.truncate(to: cut)
        return true
      }
      more = try append(&rows, size: size, bytes: source.byteCount + BatchSize.bytes)
    }
    return false
  }

  private func append(_ rows: inout RowStream, size: Int, bytes: Int) throws -> Bool {
    do {
      let more = try rows.append(to: &source, rows: size, bytes: bytes)
      for place in rows.mismatches { try setAside(place) }
      return more
    } catch let error as DatabaseError {
      throw SourceFailure(cause: error)
    }
  }

  /// A value of another type than its column's is the fault of its row alone; without its key, though, a row can
  /// neither be named nor counted.
  private func setAside(_ place: DatabaseError.Place) throws {
    guard let column = place.column, column > 0 else {
      throw DatabaseError(
        .mismatch, doing: "read \(stream.name)", reason: "a row's key is of another type than its column",
        advice: "Repair \(stream.scan.keyExpression) in the source, then make a new plan.")
    }
    unreadable[place.row] = column
  }

  /// Forgets what was read ahead: another range begins.
  func forgetHeld() {
    held.removeAll()
    unreadableHeld = [:]
  }

  /// The first of the rows that share the last row's key; nil where all do.
  private func lastKeyChange() -> Int? {
    guard source.count > 1, let last = key(ofRow: source.count - 1) else { return nil }
    var index = source.count - 1
    while index > 0, key(ofRow: index - 1) == last { index -= 1 }
    return index == 0 ? nil : index
  }

  /// Transforms the given source rows into the outputs; what was there before is forgotten.
  ///
  /// - Parameter poison: rows that the destination would not take: they are refused, too.
  func fill(_ rows: Range<Int>, without poison: [Int: RowRejection] = [:]) {
    outputs.removeAll()
    skipped = 0
    refused = []
    for index in rows {
      if !poison.isEmpty, let rejection = poison[index] {
        refused.append((index, rejection))
        continue
      }
      if !unreadable.isEmpty, let column = unreadable[index] {
        refused.append((index, RowRejection("source.unreadable", column: stream.scan.columns[column])))
        continue
      }
      outputs.mark()
      do {
        if try !Batch.transform(source, index, by: transform, into: outputs) { skipped += 1 }
      } catch {
        outputs.returnToMark()
        refused.append((index, error))
      }
    }
  }

  // The block is lent for the whole call: a row's view may not outlive the access to a class's property.
  private static func transform(
    _ source: borrowing RowBlock, _ row: Int, by transform: any RowTransform, into outputs: OutputRows
  ) throws(RowRejection) -> Bool {
    try transform.transform(source[row], into: outputs)
  }

  /// What the reject file says of the rows that were refused.
  func rejectLines() -> [RejectedRow] {
    refused.compactMap { row, rejection in
      let key = key(ofRow: row)
      invariant(key != nil, "a row without a key")
      return key.map { rejectLine(row, $0, rejection) }
    }
  }

  private func rejectLine(_ row: Int, _ key: Key, _ rejection: RowRejection) -> RejectedRow {
    func line(_ source: borrowing RowBlock) -> RejectedRow {
      RejectedRow(source[row], of: stream, key: key, rejection)
    }
    return line(source)
  }

  /// Where the given rows can be parted in two so that no key is on both sides; nil where they cannot.
  func partition(_ rows: Range<Int>) -> Int? {
    let middle = rows.lowerBound + rows.count / 2
    for offset in 0..<rows.count {
      for candidate in [middle - offset, middle + offset]
      where candidate > rows.lowerBound && candidate < rows.upperBound {
        if stream.scan.keyIsUnique || key(ofRow: candidate - 1) != key(ofRow: candidate) { return candidate }
      }
    }
    return nil
  }

  var scan: SourceScan { stream.scan }

  func key(ofRow index: Int) -> Key? { stream.scan.key(of: source, row: index) }

  /// What ``SourceDigest`` tells of the given rows.
  func digest(ofSource rows: Range<Int>) -> DigestSum {
    var digest = SourceDigest()
    digest.add(source, rows)
    return digest.finish()
  }

  func digest(ofTable table: Int) -> DigestSum {
    outputs.withTable(table) { block in Batch.digest(of: block, &hasher) }
  }

  // The hasher is lent for the whole loop: asking a class for it again for each row takes time.
  private static func digest(of block: borrowing RowBlock, _ hasher: inout SHA256Hasher) -> DigestSum {
    var sum = DigestSum()
    for index in 0..<block.count { sum.add(hasher.digest(of: block.bytes(of: index))) }
    return sum
  }
}
