import Base
import Database
import Migration
import Synchronization
import Transfer

/// The same rows by the same transforms, readers and writers, without journal, digests, checkpoints, leases and
/// retries: what the carrying itself costs.
struct BareCarryStep: Step {
  let id: String
  private let carry: CarryStep

  init(_ carry: CarryStep) {
    id = carry.id
    self.carry = carry
  }

  func act(_ context: StepContext) async throws {
    let streams = try carry.makeStreams(context)
    let pieces = try await BlockingThread(name: id).run { try self.pieces(of: streams) }
    let queue = BareQueue(pieces, hasOneWriter: carry.destination.engine == .sqlite)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<carry.options.workers {
        let thread = BlockingThread(name: "\(id) \(number)")
        group.addTask { try await thread.run { try BareWorker(carry, queue).work() } }
      }
      try await group.waitForAll()
    }
  }

  private func pieces(of streams: [TransferStream]) throws -> [BareQueue.Piece] {
    let perRange = carry.options.rowsPerRange(carry.destination.engine)
    return try streams.flatMap { stream in
      let source = try stream.openSource()
      return try stream.ranges(perRange: perRange, on: source).ranges.map { BareQueue.Piece(stream, $0) }
    }
  }

  func probe(_ context: StepContext) async throws -> StepEffect { .complete(digest: nil) }
}

/// The ranges of all streams, for several workers to take one by one.
final class BareQueue: Sendable {
  struct Piece: Sendable {
    let stream: TransferStream
    let range: KeyRange

    init(_ stream: TransferStream, _ range: KeyRange) {
      self.stream = stream
      self.range = range
    }
  }

  private let pieces: [Piece]
  private let taken = Atomic(0)
  private let hasOneWriter: Bool
  private let writing = Mutex(())

  init(_ pieces: [Piece], hasOneWriter: Bool) {
    self.pieces = pieces
    self.hasOneWriter = hasOneWriter
  }

  func next() -> Piece? {
    let place = taken.add(1, ordering: .relaxed).oldValue
    return place < pieces.count ? pieces[place] : nil
  }

  /// Lets one worker write at a time where the database has one writer.
  func write(_ body: () throws -> Void) rethrows {
    if hasOneWriter { try writing.withLock { _ in try body() } } else { try body() }
  }
}

/// Reads, transforms and writes pieces until none is left.
final class BareWorker {
  private let carry: CarryStep
  private let queue: BareQueue
  private let destination: Connection
  private var source: Connection?
  private var current: (name: String, outputs: OutputRows, transform: any RowTransform)?

  init(_ carry: CarryStep, _ queue: BareQueue) throws {
    self.carry = carry
    self.queue = queue
    destination = try carry.destination.open()
    try carry.options.prepare(destination)
  }

  func work() throws {
    while let piece = queue.next() { try copy(piece.stream, piece.range) }
  }

  private func copy(_ stream: TransferStream, _ range: KeyRange) throws {
    let source = try self.source ?? stream.openSource()
    self.source = source
    if current?.name != stream.name {
      current = (stream.name, OutputRows(stream.outputs), try stream.makeTransform())
    }
    guard let (_, outputs, transform) = current else { return }
    var block = RowBlock(kinds: stream.scan.kinds)
    var rows = try source.stream(stream.scan.query(range), stream.scan.kinds, mismatches: .asNull)
    while try rows.read(into: &block, rows: 20_000, bytes: 8 << 20) {
      outputs.removeAll()
      for index in 0..<block.count { _ = try transform.transform(block[index], into: outputs) }
      try queue.write {
        try destination.transaction { try insert(outputs) }
      }
    }
  }

  private func insert(_ outputs: OutputRows) throws {
    for (index, table) in outputs.tables.enumerated() {
      try outputs.withTable(index) { block throws in
        if block.count == 0 { return }
        try destination.insert(
          into: carry.destination.table(table.name), columns: table.columns, rows: block, range: 0..<block.count)
      }
    }
  }
}
