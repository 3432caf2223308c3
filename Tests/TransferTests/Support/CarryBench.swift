import Base
import Database
import Migration
import Synchronization
import TestSupport

@testable import Transfer

/// An import of one table `item` into another `copied`, with everything that a step needs around it.
struct CarryBench {
  let folder: TestFolder
  let source: DatabaseLocation
  let location: DatabaseLocation
  let destination: Destination
  let context: StepContext
  let events = EventList()
  let options: CarryOptions

  /// - Parameters:
  ///   - source: another place than the file `source.db`; it must be blank.
  ///   - destination: another place than the file `destination.db`; it must be blank.
  ///   - check: what the destination's table demands of a row, in SQL.
  init(
    source: DatabaseLocation? = nil, destination: DatabaseLocation? = nil, check: String? = nil, workers: Int = 2,
    mode: CarryOptions.Mode = .bulk, rejectLimit: Int = 1_000, clock: any Base.Clock = SystemClock(),
    retry: RetryPolicy = RetryPolicy(firstDelay: 0.01, longestDelay: 0.05)
  ) throws {
    let folder = try TestFolder()
    self.folder = folder
    self.source = source ?? .sqlite(path: folder / "source.db")
    location = destination ?? .sqlite(path: folder / "destination.db")
    options = CarryOptions(mode: mode, workers: workers, rejectLimit: rejectLimit)
    self.destination = CarryBench.destination(location)
    context = try CarryBench.context(folder, events, clock, retry)

    let from = try Connection.open(self.source, options: .create)
    try from.execute("CREATE TABLE item (id bigint PRIMARY KEY, body text)")
    let to = try Connection.open(location, options: .create)
    let rule: SQL = check.map { ", CHECK (\(unsafeSQL: $0))" } ?? ""
    try to.execute("CREATE TABLE copied (id bigint NOT NULL, body text\(fragment: rule))")
  }

  /// The same place as another process would open it: with a hold of its own.
  static func destination(_ location: DatabaseLocation, lockTimeout: Double = 30) -> Destination {
    let options = ConnectOptions(access: .readWrite, lockTimeout: lockTimeout)
    let open: @Sendable () throws -> Connection = { try Connection.open(location, options: options) }
    return Destination(
      name: "copy", engine: location.engine, schema: nil, hold: DestinationHold(location, open: open), open: open)
  }

  static func context(
    _ folder: TestFolder, _ events: EventList, _ clock: any Base.Clock, _ retry: RetryPolicy,
    run: UniqueID = UniqueID.random()
  ) throws -> StepContext {
    StepContext(
      run: run, folder: folder.path,
      workplace: Workplace(folder: folder.path, clock: clock, program: "locktender test", secrets: NoSecrets()),
      journal: try Journal(path: folder / "journal-\(run).db"),
      events: EventSink(run: run, clock: clock, listeners: [{ events.add($0) }]), cancellation: CancellationFlag(),
      retry: retry)
  }

  struct NoSecrets: SecretProvider {
    func secret(for name: String) throws -> SecretBytes? { nil }
  }

  // MARK: The two sides

  func fill(_ ids: some Sequence<Int>, body: @Sendable (Int) -> String = { "body \($0)" }) throws {
    let connection = try Connection.open(source, options: .readWrite)
    var block = RowBlock(kinds: [.integer, .text])
    for id in ids {
      block.beginRow()
      block.append(Int64(id))
      block.append(body(id))
      block.endRow()
    }
    try connection.insert(into: TableName("item"), columns: ["id", "body"], rows: block, range: 0..<block.count)
  }

  /// The rows of a side, in order of their keys: doubled ones stand twice.
  private func rows(_ place: DatabaseLocation, _ table: String) throws -> [String] {
    var rows: [String] = []
    try Connection.open(place, options: .readOnly).rows(
      "SELECT id, body FROM \(identifier: table) ORDER BY id, body", [.integer, .text]
    ) { rows.append("\($0.integer(0) ?? -1) \($0.string(1) ?? "null")") }
    return rows
  }

  func expected() throws -> [String] { try rows(source, "item") }
  func found() throws -> [String] { try rows(location, "copied") }

  /// Rows that the checkpoints speak of.
  func ledgerTotals() throws -> StreamTotals {
    try ledger.totals("main", on: Connection.open(location, options: .readOnly))
  }

  var ledger: RangeLedger { RangeLedger(run: context.run, clock: context.workplace.clock) }

  // MARK: What carries

  static let scan = SourceScan(
    columns: ["id", "body"], kinds: [.integer, .text], from: "item", keyExpression: "id", keyKind: .integer)

  func stream(
    meddling: CopyTransform.Meddling? = nil, opening: (@Sendable () throws -> Connection)? = nil
  ) -> TransferStream {
    let source = source
    return TransferStream(
      name: "main", scan: CarryBench.scan,
      outputs: [OutputTable("copied", [("id", .integer), ("body", .text)])],
      openSource: opening ?? { try Connection.open(source, options: .readOnly) },
      makeTransform: { CopyTransform(meddling) },
      removal: { range in
        var condition: SQL = "1 = 1"
        if let lower = range.lower { condition = condition + " AND id > \(key: lower)" }
        if let upper = range.upper { condition = condition + " AND id <= \(key: upper)" }
        return ["DELETE FROM copied WHERE \(fragment: condition)"]
      })
  }

  func step(
    _ destination: Destination? = nil, options: CarryOptions? = nil,
    meddling: CopyTransform.Meddling? = nil, opening: (@Sendable () throws -> Connection)? = nil
  ) -> CarryStep {
    let stream = stream(meddling: meddling, opening: opening)
    return CarryStep(
      id: "carry", destination: destination ?? self.destination, options: options ?? self.options
    ) { _ in [stream] }
  }

  /// Carries everything and tells what the probe says afterwards.
  @discardableResult
  func carry(meddling: CopyTransform.Meddling? = nil) async throws -> StepEffect {
    let step = step(meddling: meddling)
    try await step.act(context)
    return try await step.probe(context)
  }

  /// What a new process finds that goes on with the run, once this one has ended: a journal and a hold of its own.
  func successor() throws -> (context: StepContext, destination: Destination) {
    destination.hold.release()
    return (
      try CarryBench.context(folder, events, SystemClock(), context.retry, run: context.run),
      CarryBench.destination(location)
    )
  }

  /// Goes on as a new process would.
  func resume(meddling: CopyTransform.Meddling? = nil) async throws {
    let (context, destination) = try successor()
    let step = step(destination, meddling: meddling)
    try await step.act(context)
    let effect = try await step.probe(context)
    invariant(effect != .incomplete, "a step that ended without effect")
  }

  func writer(_ destination: Destination? = nil) throws -> BatchWriter {
    let meter = ProgressMeter(step: "carry", rowsTotal: nil, rowsBefore: 0, context)
    return try BatchWriter(
      destination ?? self.destination, ledger, context, RejectFile(folder: folder.path), meter, options)
  }

  /// The lines of the reject file.
  func rejects() throws -> [String] {
    guard try Base.Files.exists(folder / "rejects.jsonl") else { return [] }
    return try Base.Files.readText(folder / "rejects.jsonl", limit: 1 << 24).split(separator: "\n").map {
      String($0)
    }
  }
}

/// Events in the order in which they were told.
final class EventList: Sendable {
  private let events = Mutex<[Event.Kind]>([])
  private let onRetry = Mutex<(@Sendable () -> Void)?>(nil)

  func add(_ event: Event) {
    events.withLock { $0.append(event.kind) }
    if case .retried = event.kind { onRetry.withLock { $0 }?() }
  }

  /// Does something as soon as a retry is announced, before the wait.
  func whenRetried(_ body: @escaping @Sendable () -> Void) { onRetry.withLock { $0 = body } }

  var all: [Event.Kind] { events.withLock { $0 } }

  var batches: Int { all.count { if case .batchCommitted = $0 { true } else { false } } }
  var retries: Int { all.count { if case .retried = $0 { true } else { false } } }
  var rejected: Int { all.reduce(0) { if case .rejected(_, let rows, _) = $1 { $0 + rows } else { $0 } } }
}
