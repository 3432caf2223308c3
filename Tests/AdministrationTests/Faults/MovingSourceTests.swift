import Base
import Database
import Migration
import Subprocess
import Synchronization
import TestSupport
import Testing

@testable import Administration

/// An old service on PostgreSQL that goes on writing while its history is imported.
@Suite struct MovingSourceTests {
  /// Copies of the request with the given key, under other keys.
  private static func insert(_ keys: [Int], like model: Int64, on connection: Connection) throws {
    for key in keys {
      try connection.execute(
        """
        INSERT INTO request SELECT \(key), operation, object_guid, object_dn, object_class, initiator, account_used,
          host, submitted, completed, zone, status, detail FROM request WHERE id = \(model)
        """)
    }
  }

  /// Makes room beneath the lowest and between other keys.
  private func spread(_ bench: FaultBench) throws {
    let source = try Connection.open(bench.source, options: .readWrite)
    try source.execute("UPDATE task SET request_id = request_id * 10 + 100000, id = id * 10 + 100000")
    try source.execute("UPDATE request SET id = id * 10 + 100000")
  }

  private func expectAllArrived(_ bench: FaultBench, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let source = try Connection.open(bench.source, options: .readOnly)
    let requests = try source.integer("SELECT count(*) FROM request")
    let tasks = try source.integer("SELECT count(*) FROM task")
    let destination = try bench.openDestination()
    #expect(
      try destination.integer("SELECT count(*) FROM change_request") == requests, sourceLocation: sourceLocation)
    #expect(
      try destination.integer("SELECT count(DISTINCT source_key) FROM change_request") == requests,
      sourceLocation: sourceLocation)
    var found: Int64 = 0
    for kind in TaskKind.allCases {
      found += try destination.integer("SELECT count(*) FROM \(identifier: kind.table(in: .v8_2))") ?? 0
    }
    #expect(found == tasks, sourceLocation: sourceLocation)
  }

  @Test(arguments: [false, true])
  func `a transaction that commits late with lower keys is caught up with`(_ crashes: Bool) async throws {
    let bench = try await FaultBench(.postgresToPostgres)
    try spread(bench)
    let source = bench.source
    let model = try Connection.open(source, options: .readOnly).integer("SELECT max(id) FROM request") ?? 0
    // Began before the import, with keys at the very bottom and in between; commits when all else is in.
    let late = try Connection.open(source, options: .readWrite)
    try late.begin(.deferred)
    try MovingSourceTests.insert([7, 100_013, 107_777], like: model, on: late)
    let committing = Mutex<Connection?>(late)
    let commit = EventSink.when("catch-up") { try committing.withLock { try $0?.commit() } }
    var run: RunSummary
    if crashes {
      let flag = CancellationFlag()
      let workbench = try bench.workbench()
      let (_, hash) = try await workbench.engine.plan(Workbench.part, PlanRequest())
      let id = UniqueID.random()
      await #expect(throws: MigrationError.self) {
        try await workbench.engine.apply(
          hash, run: id, cancellation: flag, listeners: [EventSink.when("keys") { flag.set() }])
      }
      try committing.withLock { try $0?.commit() }
      run = try await bench.workbench().engine.resume(id)
    } else {
      run = try await bench.workbench().importHistory(listeners: [commit])
    }
    #expect(run.state == .verified)
    try expectAllArrived(bench)
    #expect(
      try bench.openDestination().integer(
        "SELECT count(*) FROM change_request WHERE source_key IN ('7', '100013', '107777')") == 3)
  }

  /// The program itself, killed while the old service has a transaction under way, which commits before or after that.
  @Test(arguments: [Route.postgresToPostgres, .postgresToSQLite])
  func `a program that is killed follows a source that went on, late commits with lower keys included`(
    _ route: Route
  ) async throws {
    try await seededRun(count: 2) { seed, random in
      let bench = try await FaultBench(route)
      try spread(bench)
      let service = try Connection.open(bench.source, options: .readWrite)
      let model = try service.integer("SELECT max(id) FROM request") ?? 0
      let late = try Connection.open(bench.source, options: .readWrite)
      try late.begin(.deferred)
      try MovingSourceTests.insert([7, 100_013, 107_777], like: model, on: late)
      let commitsBefore = Bool.random(using: &random)
      let step = ["tasks", "history", "keys", "catch-up", "settle"].randomElement(using: &random)!
      var child = try bench.program.start(["apply", "--plan", bench.program.plan()])
      while try child.isRunning(), !bench.program.log.contains("\"id\":\"\(step)\"") { blockThread(seconds: 0.001) }
      if commitsBefore { try late.commit() }
      blockThread(seconds: Double.random(in: 0...0.05, using: &random))
      child.killHard()
      _ = try child.wait()
      if !commitsBefore { try late.commit() }
      // The service goes on at the top, and changes what was carried.
      try MovingSourceTests.insert(Array(900_000..<900_020), like: model, on: service)
      try service.execute("UPDATE request SET host = host || '.moved' WHERE id % 97 = 0")
      let outcome = try bench.program("resume")
      let isDone = try bench.program.state() == "verified"
      try #require(
        isDone, "seed \(seed), \(step), commits \(commitsBefore ? "before" : "after"): \(outcome.errors)")
      // Killed behind its last look, it has compared with the source as it was then.
      guard outcome.status == 0, bench.program.log.contains("catch-up") else { return }
      try expectFollowed(bench, seed, step)
    }
  }

  /// What is committed behind the last look belongs to the next import, and is no difference.
  @Test func `a source that goes on behind the last look does not seem to differ`() async throws {
    let bench = try await FaultBench(.postgresToPostgres)
    let source = bench.source
    let run = try await bench.workbench().importHistory(
      listeners: [
        EventSink.when("settle") {
          let service = try Connection.open(source, options: .readWrite)
          try MovingSourceTests.insert(
            Array(900_000..<900_020), like: service.integer("SELECT max(id) FROM request") ?? 0, on: service)
          try service.execute("UPDATE request SET host = host || '.moved' WHERE id % 97 = 0")
        }
      ])
    #expect(run.state == .verified)
    #expect(
      try bench.openDestination().integer("SELECT count(*) FROM change_request WHERE host LIKE '%.moved'") == 0)
    // The next one brings what came since; what was changed since then is another matter.
    #expect(
      try bench.openDestination().integer("SELECT count(*) FROM change_request") == Int64(FaultBench.history))
  }

  /// What the source holds is in; but what came after the run's last look belongs to the next import.
  private func expectFollowed(_ bench: FaultBench, _ seed: UInt64, _ step: String) throws {
    let destination = try bench.openDestination()
    let keys = try destination.integer(
      "SELECT count(*) FROM change_request WHERE source_key IN ('7', '100013', '107777')")
    let doubled = try destination.integer(
      "SELECT count(*) - count(DISTINCT source_key) FROM change_request")
    try #require(doubled == 0, "seed \(seed), \(step)")
    try #require(keys == 3, "seed \(seed), \(step)")
  }

  @Test func `a source that grows, changes and shrinks meanwhile is followed to its end`() async throws {
    let bench = try await FaultBench(.postgresToPostgres)
    try spread(bench)
    let source = bench.source
    let model = try Connection.open(source, options: .readOnly).integer("SELECT min(id) FROM request") ?? 0
    let act: @Sendable () throws -> Void = {
      let service = try Connection.open(source, options: .readWrite)
      try MovingSourceTests.insert(Array(900_000..<900_040), like: model, on: service)
      try service.execute("UPDATE request SET status = status, host = host || '.moved' WHERE id % 97 = 0")
      // Tasks are decided, and others come up.
      try service.execute("UPDATE task SET status = CASE status WHEN 1 THEN 2 ELSE status END WHERE id % 3 = 0")
    }
    let run = try await bench.workbench().importHistory(listeners: [EventSink.when("keys", act)])
    #expect(run.state == .verified)
    try expectAllArrived(bench)
    #expect(
      try bench.openDestination().integer("SELECT count(*) FROM change_request WHERE host LIKE '%.moved'") ?? 0 > 5)
  }

  /// The two states of a task, read in two pictures by two processes: it must come once.
  @Test(arguments: ["bulk", "live"])
  func `a task that is finished while a run is cut off comes once, as finished`(_ mode: String) async throws {
    let bench = try await FaultBench(.postgresToPostgres)
    let task = try OpenTask(in: bench.source)
    let workbench = try bench.workbench()
    let (_, hash) = try await workbench.engine.plan(Workbench.part, PlanRequest(choices: ["mode": [mode]]))
    let (id, flag) = (UniqueID.random(), CancellationFlag())
    await #expect(throws: MigrationError.self) {
      try await workbench.engine.apply(
        hash, run: id, cancellation: flag, listeners: [EventSink.when("history") { flag.set() }])
    }
    try task.finish()
    #expect(try await bench.workbench().engine.resume(id).state == .verified)
    try expectAllArrived(bench)
    #expect(try states(of: task.key, bench).count == 1 && states(of: task.key, bench).first != "held")
  }

  /// A task of a 7.5 source that waits for somebody.
  private struct OpenTask {
    let source: DatabaseLocation
    let key: Int64

    init(in source: DatabaseLocation) throws {
      self.source = source
      key = try #require(
        try Connection.open(source, options: .readOnly).integer(
          "SELECT min(t.id) FROM task t WHERE \(unsafeSQL: TaskTransform.unfinished(.v7_5))"))
    }

    func finish() throws {
      let finished = try #require(TaskState.allCases.first { $0.isFinished }?.code)
      try Connection.open(source, options: .readWrite).execute(
        "UPDATE task SET status = \(finished) WHERE id = \(key)")
    }
  }

  private func states(of key: Int64, _ bench: FaultBench) throws -> [String] {
    var states: [String] = []
    let destination = try bench.openDestination()
    for kind in TaskKind.allCases {
      try destination.rows(
        "SELECT state FROM \(identifier: kind.table(in: .v8_2)) WHERE source_key = \(String(key))", [.text]
      ) { states.append($0.string(0) ?? "") }
    }
    return states
  }

  @Test func `a task that is finished while the history is carried comes once, as finished`() async throws {
    let bench = try await FaultBench(.postgresToPostgres)
    let task = try OpenTask(in: bench.source)
    let run = try await bench.workbench().importHistory(
      listeners: [EventSink.when("history") { try task.finish() }])
    #expect(run.state == .verified)
    try expectAllArrived(bench)
    #expect(try states(of: task.key, bench).count == 1 && states(of: task.key, bench).first != "held")
  }
}
