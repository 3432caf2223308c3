internal import Base
internal import Cryptography
internal import Database
internal import Migration

/// What of a stream is no longer as it was carried: found by digests of the source, taken back, and left open to be
/// carried again. What is taken back and what is opened commit together.
struct ChangedRanges {
  private let stream: TransferStream
  private let ledger: RangeLedger
  private let context: StepContext
  private let token: Int64
  private let control: Connection
  private let source: Connection

  init(_ stream: TransferStream, _ destination: Destination, _ context: StepContext) throws {
    self.stream = stream
    self.context = context
    ledger = RangeLedger(run: context.run, clock: context.workplace.clock)
    token = try destination.hold.take()
    control = try destination.open()
    source = try stream.openSource()
  }

  /// Takes back each batch whose source rows are other ones now, and whatever must go with it.
  ///
  /// - Returns: how many ranges are open again.
  func reopen() throws -> Int {
    let batches = try ledger.batches(stream.name, stream.scan.keyKind, on: control)
    var opened = 0
    switch stream.trace {
    case .bySourceKey:
      for batch in batches where try isChanged(batch) {
        try takeBack([batch])
        opened += 1
      }
    case .byReach(let reach):
      for group in try groups(of: batches, reach) {
        try takeBack(group)
        opened += group.count
      }
    case .byOwnKeys(let rows, let all):
      for batch in batches where try isChanged(batch) {
        opened += 1
        if try takeBack(batch, removing: rows) { continue }
        try takeBackAll(all)
        opened = batches.count
        break
      }
    }
    return try opened + openTail()
  }

  private func isChanged(_ batch: CommittedBatch) throws -> Bool {
    try context.cancellation.check()
    var digest = SourceDigest()
    var block = RowBlock(kinds: stream.scan.kinds)
    var rows = try source.stream(stream.scan.query(batch.range), stream.scan.kinds, mismatches: .asNull)
    var more = true
    while more {
      more = try rows.read(into: &block, rows: 20_000, bytes: BatchSize.bytes)
      digest.add(block, 0..<block.count)
    }
    return digest.finish() != batch.sourceDigest
  }

  /// Rows beyond the last key get a range of their own.
  private func openTail() throws -> Int {
    guard let highest = try stream.extreme(stream.scan.highestKeyQuery, on: source),
      let last = try ledger.highestBound(stream.name, stream.scan.keyKind, on: control), highest > last
    else { return 0 }
    try transaction {
      try ledger.append(stream.name, [KeyRange(above: last, through: highest)], on: control)
    }
    return 1
  }

  // MARK: Taking back

  private func transaction(_ body: () throws -> Void) throws {
    try control.transaction(.immediate) {
      try DestinationHold.confirm(token, on: control)
      try body()
    }
  }

  /// Takes back batches that follow each other.
  private func takeBack(_ batches: [CommittedBatch]) throws {
    guard let first = batches.first, let last = batches.last else { return }
    try transaction {
      let range = KeyRange(above: first.range.lower, through: last.range.upper)
      for statement in stream.removal(range) { try control.execute(statement) }
      for batch in batches { try ledger.reopen(stream.name, batch, on: control) }
    }
  }

  private func takeBackAll(_ removal: [SQL]) throws {
    try transaction {
      for statement in removal { try control.execute(statement) }
      // Those that were reopened before are open ranges already.
      for batch in try ledger.batches(stream.name, stream.scan.keyKind, on: control) {
        try ledger.reopen(stream.name, batch, on: control)
      }
    }
  }

  /// - Returns: false where what the source has now does not lead to all rows that the batch has written. Nothing is
  ///   taken back then.
  private func takeBack(
    _ batch: CommittedBatch, removing remove: (OutputRows, Connection) throws -> Int
  ) throws -> Bool {
    do {
      try transaction {
        let written = try ledger.writtenRows(stream.outputs[0].name, of: batch, stream.name, on: control)
        guard try removeRows(of: batch.range, remove) == written else { throw Untraceable() }
        try ledger.reopen(stream.name, batch, on: control)
      }
      return true
    } catch is Untraceable {
      return false
    }
  }

  private struct Untraceable: Error {}

  private func removeRows(of range: KeyRange, _ remove: (OutputRows, Connection) throws -> Int) throws -> Int {
    let reader = try Batch(stream)
    var rows = try source.stream(stream.scan.query(range), stream.scan.kinds, mismatches: .asNull)
    var removed = 0
    var more = true
    while more {
      more = try reader.read(&rows, size: 20_000)
      reader.fill(0..<reader.source.count)
      removed += try remove(reader.outputs, control)
    }
    return removed
  }

  // MARK: Batches that a removal cannot tell apart

  /// The changed batches, each with those beside it that have rows where its removal reaches to. What a neighbour had
  /// there and has no more makes it a changed one by itself.
  private func groups(
    of batches: [CommittedBatch], _ reach: (KeyRange) -> KeyRange
  ) throws -> [[CommittedBatch]] {
    let sorted = try batches.map { (batch: $0, isChanged: try isChanged($0)) }.sorted { left, right in
      guard let bound = right.batch.range.lower else { return false }
      return left.batch.range.lower.map { $0 < bound } ?? true
    }
    var marked: Set<Int> = []
    // The places whose batch goes together with the next one.
    var tied: Set<Int> = []
    var waiting = sorted.indices.filter { sorted[$0].isChanged }
    while let place = waiting.popLast() {
      guard marked.insert(place).inserted else { continue }
      let range = sorted[place].batch.range
      let reached = reach(range)
      if place + 1 < sorted.count, try hasRows(KeyRange(above: range.upper, through: reached.upper)) {
        tied.insert(place)
        waiting.append(place + 1)
      }
      if place > 0, try hasRows(KeyRange(above: reached.lower, through: range.lower)) {
        tied.insert(place - 1)
        waiting.append(place - 1)
      }
    }
    var groups: [[CommittedBatch]] = []
    for place in marked.sorted() {
      if tied.contains(place - 1) {
        groups[groups.count - 1].append(sorted[place].batch)
      } else {
        groups.append([sorted[place].batch])
      }
    }
    return groups
  }

  /// Whether the source has rows in a range.
  private func hasRows(_ range: KeyRange) throws -> Bool {
    try stream.extreme(stream.scan.key(after: 1, above: range.lower), on: source).map(range.contains) ?? false
  }
}
