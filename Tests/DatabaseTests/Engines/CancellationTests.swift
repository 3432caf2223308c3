import Base
import Database
import Glibc
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct CancellationTests {
  /// Runs until it is stopped.
  static func endless(_ engine: TestEngine) -> SQL {
    engine == .sqlite
      ? "with recursive n (i) as (select 1 union all select i + 1 from n) select count(*) from n where i < 0"
      : "select count(*) from generate_series(1, 9000000000) n where n < 0"
  }

  /// Rows without end.
  static let numbers: SQL =
    "with recursive n (i) as (select 1 union all select i + 1 from n) select cast(i as bigint) from n"

  @Test(arguments: TestEngine.allCases)
  func `a statement is cancelled from another thread`(engine: TestEngine) async throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let cancelling = RepeatedCancellation(connection.canceller())
    let error = databaseError { _ = try connection.integer(Self.endless(engine)) }
    await cancelling.stop()
    #expect(error?.code == .cancelled)
    #expect(error?.isTransient == false)
  }

  @Test(arguments: TestEngine.allCases)
  func `a stream is cancelled from another thread, and the connection goes on`(engine: TestEngine) async throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let canceller = connection.canceller()
    var stream = try connection.stream(Self.numbers, [.integer])
    var block = RowBlock(kinds: [.integer])
    _ = try stream.read(into: &block, rows: 10)
    try await onThread { canceller.cancel() }
    let error = databaseError { while try stream.read(into: &block, rows: 10_000) {} }
    #expect(error?.code == .cancelled)
    stream.close()
    #expect(try connection.integer("select cast(7 as bigint)") == 7)
  }

  @Test func `a wait for SQLite's lock is cancelled`() async throws {
    let database = try TestDatabase(.sqlite)
    let holder = try database.connect()
    try holder.execute("create table t (id integer)")
    try holder.begin(.immediate)
    let other = try database.connect(ConnectOptions(access: .readWrite, lockTimeout: 50))
    let cancelling = RepeatedCancellation(other.canceller())
    let error = databaseError { try other.execute("insert into t values (1)") }
    await cancelling.stop()
    #expect(error?.code == .cancelled)
  }

  @Test(arguments: TestEngine.allCases)
  func `a statement that takes too long is stopped, and the next one is not`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect(ConnectOptions(access: .readWrite, statementTimeout: 0.1))
    let error = databaseError { _ = try connection.integer(Self.endless(engine)) }
    #expect(error?.code == .timeout)
    #expect(try connection.integer("select cast(1 as bigint)") == 1)
  }

  @Test(arguments: TestEngine.allCases)
  func `a cancelled task sees a cancellation error`(engine: TestEngine) async throws {
    let database = try TestDatabase(engine)
    let hasBegun = Flag()
    let task = Task(executorPreference: BlockingThread(name: "work")) {
      let connection = try database.connect()
      try await connection.cancelledByTask {
        var block = RowBlock(kinds: [.integer])
        var stream = try connection.stream(Self.numbers, [.integer])
        while try stream.read(into: &block, rows: 10_000) {
          hasBegun.set()
          try Task.checkCancellation()
        }
      }
    }
    while !hasBegun.isSet { await Task.yield() }
    task.cancel()
    let result = await task.result
    #expect(throws: CancellationError.self) { try result.get() }
  }

  @Test func `the time limit does not bound a stream, and holds again after it`() throws {
    let database = try TestDatabase(.postgresql)
    let connection = try database.connect(ConnectOptions(access: .readWrite, statementTimeout: 0.2))
    let slow = try readAll("select 1::bigint from pg_sleep(0.4)", [.integer], on: connection)
    #expect(slow.count == 1)
    #expect(databaseError { _ = try connection.execute("select pg_sleep(5)") }?.code == .timeout)
  }

  @Test(arguments: TestEngine.allCases)
  func `a canceller outlives its connection without harm`(engine: TestEngine) throws {
    let database = try TestDatabase(engine)
    let connection = try database.connect()
    let canceller = connection.canceller()
    try connection.close()
    canceller.cancel()
    #expect(databaseError { try connection.execute("select 1") }?.code == .misuse)
  }
}

/// Cancels again and again from a thread of its own, since a cancellation that comes too early is lost.
final class RepeatedCancellation: Sendable {
  private let thread = BlockingThread(name: "canceller")
  private let isStopped: Flag
  private let task: Task<Void, Never>

  init(_ canceller: Canceller) {
    let flag = Flag()
    isStopped = flag
    task = Task(executorPreference: thread) {
      while !flag.isSet {
        canceller.cancel()
        usleep(5000)
      }
    }
  }

  func stop() async {
    isStopped.set()
    await task.value
  }
}

/// A switch between two threads.
final class Flag: Sendable {
  private let value = Atomic<Bool>(false)

  func set() { value.store(true, ordering: .releasing) }

  var isSet: Bool { value.load(ordering: .acquiring) }
}
