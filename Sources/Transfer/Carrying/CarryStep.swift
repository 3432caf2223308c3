internal import Base
internal import Cryptography
public import Database
public import Migration

/// Carries streams from their sources into a destination, in batches, with as many workers as the plan says.
public struct CarryStep: Step {
  public let id: String
  package let makeStreams: @Sendable (StepContext) throws -> [TransferStream]
  package let destination: Destination
  package let options: CarryOptions
  private let holdsRun: @Sendable (StepContext, Connection) throws -> Bool

  /// - Parameters:
  ///   - holdsRun: whether the destination's own tables say that this run's rows are in it. Asked within each
  ///     transaction that takes rows back: numbers in a journal may mean the rows of another run in another database.
  ///   - streams: what to carry; asked when the step runs, since earlier steps decide on import numbers.
  public init(
    id: String, destination: Destination, options: CarryOptions,
    holdsRun: @escaping @Sendable (StepContext, Connection) throws -> Bool = { _, _ in true },
    streams: @escaping @Sendable (StepContext) throws -> [TransferStream]
  ) {
    self.id = id
    self.holdsRun = holdsRun
    makeStreams = streams
    self.destination = destination
    self.options = options
  }

  public func act(_ context: StepContext) async throws {
    try await carry(makeStreams(context), context)
  }

  func carry(_ streams: [TransferStream], _ context: StepContext) async throws {
    let thread = BlockingThread(name: id)
    try await thread.run { try destination.space?.check(context) }
    let rows = try await thread.run {
      try Retrying(context).run("plan the ranges of \(id)") { _ in try prepare(streams, context) }
    }
    let shared = SharedCarry(
      step: id, streams: streams, destination: destination, options: options,
      ledger: RangeLedger(run: context.run, clock: context.workplace.clock),
      meter: ProgressMeter(
        step: id, rowsTotal: rows.total, rowsBefore: rows.done, rejectsBefore: rows.rejected, context),
      rejects: try RejectFile(folder: context.folder))
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<max(1, options.workers) {
          let worker = BlockingThread(name: "\(id) \(number)")
          group.addTask { try await worker.run { try CarryWorker(shared, number, context).work() } }
        }
        do {
          try await group.waitForAll()
        } catch {
          shared.stop(because: error)
          throw error
        }
      }
    } catch {
      // Workers that stop because another one failed may come to their end before it does.
      throw shared.failure ?? error
    }
    shared.meter.finish()
    try context.cancellation.check()
  }

  /// Plans the ranges that are not planned yet, and takes over what an earlier process left.
  private func prepare(_ streams: [TransferStream], _ context: StepContext) throws -> (
    total: Int, done: Int, rejected: Int
  ) {
    try destination.hold.take()
    let control = try destination.open()
    let ledger = RangeLedger(run: context.run, clock: context.workplace.clock)
    var total = 0
    for stream in streams {
      let source = try stream.openSource()
      let cut = try stream.ranges(perRange: options.rowsPerRange(destination.engine), on: source)
      total += cut.rows
      try control.transaction(.immediate) {
        try ledger.plan(stream.name, cut.ranges, on: control)
        try ledger.takeOver(on: control)
      }
    }
    let done = try streams.reduce(0) { try $0 + ledger.totals($1.name, on: control).sourceRows }
    return (total, done, try ledger.rejectedRows(on: control))
  }

  public func probe(_ context: StepContext) async throws -> StepEffect {
    try await BlockingThread(name: id).run {
      let control = try destination.open()
      let ledger = RangeLedger(run: context.run, clock: context.workplace.clock)
      guard try control.hasTable("locktender_range") else { return .incomplete }
      let streams = try makeStreams(context)
      var digest = ""
      for stream in streams {
        guard try ledger.isComplete(stream.name, on: control) else { return .incomplete }
        let totals = try ledger.totals(stream.name, on: control)
        for (table, sum) in totals.tables.sorted(by: { $0.key < $1.key }) {
          digest += "\(stream.name) \(table) \(sum)\n"
        }
      }
      // Everything before this commit is on the disk once it returns, whatever the batches waited for.
      try ledger.flush(on: control)
      return .complete(digest: sha256(Array(digest.utf8)).description)
    }
  }

  /// Removes exactly this run's rows, and nothing where the destination does not say that it has any.
  public func undo(_ context: StepContext) async throws {
    try await BlockingThread(name: id).run {
      try destination.hold.take()
      let control = try destination.open()
      guard try control.hasTable("locktender_range") else { return }
      let streams = try makeStreams(context)
      let ledger = RangeLedger(run: context.run, clock: context.workplace.clock)
      for stream in streams {
        try control.transaction(.immediate) {
          if try holdsRun(context, control) {
            for statement in stream.removal(.all) { try control.execute(statement) }
          }
          try ledger.forget(stream.name, on: control)
        }
      }
    }
  }
}

extension CarryOptions {
  /// A database with one writer takes its rows in order, a batch a range; several writers want fewer, larger ones.
  package func rowsPerRange(_ engine: Engine) -> Int { engine == .postgresql ? 60_000 : 12_000 }
}
