import Base
import Cryptography
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Imports of a source that went on: each brings what came since, once, and nothing is missing between them.
@Suite struct RepeatedImportTests {
  /// Adds requests to an old service: some of this moment, some that were under way when it was last read.
  private func add(_ count: Int, to place: DatabaseLocation, _ release: Release, daysAgo: [Double]) throws {
    let service = try Connection.open(place, options: .readWrite)
    let now = SystemClock().now()
    for number in 0..<count {
      let time = now.advanced(seconds: -86_400 * daysAgo[number % daysAgo.count] - Double(number))
      if release.keysAreIntegers {
        let text = String(CivilTime(time, offsetMinutes: 0).description.prefix(19))
        try service.execute(
          """
          INSERT INTO request (id, operation, object_guid, object_dn, object_class, initiator, account_used, host,
            submitted, completed, zone, status, detail)
          SELECT (SELECT max(id) + 1 FROM request), operation, object_guid, object_dn, object_class, initiator,
            account_used, host, \(text), NULL, 'UTC', status, detail FROM request WHERE id = 5
          """)
      } else {
        let id = UniqueID(
          milliseconds: time.milliseconds, hashHigh: .random(in: 1...9), hashLow: .random(in: 1 ... .max))
        let model = try service.first(
          "SELECT request_id FROM property_change GROUP BY 1 HAVING count(*) > 1 LIMIT 1", [.uuid]
        ) { $0.uuid(0) }
        let whole = Timestamp(microseconds: time.milliseconds * 1000)
        try service.execute(
          """
          INSERT INTO change_request (id, operation, object_guid, object_dn, object_class, initiator, account_used,
            host, submitted_at, submitted_offset, zone, state)
          SELECT \(id), operation, object_guid, object_dn, object_class, initiator, account_used, host, \(whole), 0,
            'UTC', state FROM change_request WHERE id = \((model ?? nil).sqlValue)
          """)
        try service.execute(
          """
          INSERT INTO property_change (request_id, ordinal, name, old_value, new_value)
          SELECT \(id), ordinal, name, old_value, new_value FROM property_change
          WHERE request_id = \((model ?? nil).sqlValue)
          """)
      }
    }
    try service.close()
  }

  private func requests(_ place: DatabaseLocation, _ release: Release) throws -> Int64? {
    try Connection.open(place, options: .readOnly).integer(
      "SELECT count(*) FROM \(identifier: HistoryLayout(release).requests)")
  }

  /// All requests of the source are in, each once, and the times that are in have no gap.
  private func expectAll(
    _ bench: FaultBench, _ release: Release, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let connection = try bench.openDestination()
    #expect(
      try connection.integer("SELECT count(*) FROM change_request") == requests(bench.source, release),
      sourceLocation: sourceLocation)
    #expect(
      try connection.integer("SELECT count(*) - count(DISTINCT source_key) FROM change_request") == 0,
      sourceLocation: sourceLocation)
    let coverage = try CoverageReader(connection: connection, created: Timestamp(microseconds: 0)).read(
      within: TimeSpan())
    #expect(coverage.gaps.isEmpty, "\(coverage.gaps)", sourceLocation: sourceLocation)
    #expect(coverage.sources.map(\.covered) == [[TimeSpan()]], sourceLocation: sourceLocation)
  }

  @Test(arguments: [
    (Route.sqliteToSQLite, Release.v7_5), (.sqliteToSQLite, .v8_1), (.sqliteToPostgres, .v7_5),
    (.postgresToPostgres, .v7_5), (.postgresToPostgres, .v8_1),
  ])
  func `what came since an import of all times comes with the next one`(
    _ route: Route, _ release: Release
  ) async throws {
    let bench = try await FaultBench(route, release, history: 300)
    try add(20, to: bench.source, release, daysAgo: [1, 2])
    #expect(try await bench.workbench().importHistory().state == .verified)
    try expectAll(bench, release)
    // Of this moment, of yesterday, and of before the first import: a transaction that was committed late.
    try add(30, to: bench.source, release, daysAgo: [0, 1, 2.5])
    let second = try await bench.workbench().importHistory()
    #expect(second.state == .verified && second.rejected == 0)
    try expectAll(bench, release)
    let imported = try bench.openDestination().integer("SELECT max(id) FROM history_import") ?? 0
    #expect(
      try bench.openDestination().integer("SELECT count(*) FROM change_request WHERE import_id = \(imported)") == 30
    )
    // Nothing came since: nothing comes.
    #expect(try await bench.workbench().importHistory().state == .verified)
    try expectAll(bench, release)
  }

  /// The import read it today, and it ended months ago: nothing says that nothing happened in between.
  @Test func `a copy that is older than it seems leaves no hole behind its end`() async throws {
    let bench = try await FaultBench(.sqliteToSQLite, .v8_1, history: 300)
    let source = try Connection.open(bench.source, options: .readWrite)
    let recent = UniqueID(
      milliseconds: SystemClock().now().advanced(seconds: -86_400 * 60).milliseconds, hashHigh: 0, hashLow: 0)
    for table in ["change_request", "approval_task", "temporal_membership_task", "deprovisioning_task"] {
      try source.execute("DELETE FROM \(identifier: table) WHERE id > \(recent)")
    }
    for table in ["property_change", "request_section"] {
      try source.execute("DELETE FROM \(identifier: table) WHERE request_id > \(recent)")
    }
    try source.close()
    #expect(try await bench.workbench().importHistory().state == .verified)
    try add(20, to: bench.source, .v8_1, daysAgo: [20, 40])
    #expect(try await bench.workbench().importHistory().state == .verified)
    try expectAll(bench, .v8_1)
  }

  @Test(arguments: [Release.v7_6, .v8_1, .v8_2])
  func `all times again bring nothing twice and reject nothing`(_ release: Release) async throws {
    let bench = try await FaultBench(.sqliteToSQLite, release, history: 300)
    let workbench = try bench.workbench()
    #expect(try await workbench.importHistory().state == .verified)
    let before = try bench.digest()
    let again = try await workbench.importHistory(["range": ["all"]])
    #expect(again.state == .verified && again.rejected == 0)
    #expect(try bench.digest() == before)
  }

  @Test func `what is taken back counts as in no longer, whatever came later`() async throws {
    let bench = try await FaultBench(.sqliteToSQLite, .v8_1, history: 300)
    try add(20, to: bench.source, .v8_1, daysAgo: [1, 2])
    let first = try await bench.workbench().importHistory()
    try add(30, to: bench.source, .v8_1, daysAgo: [0, 1, 2.5])
    let second = try await bench.workbench().importHistory()
    #expect(second.state == .verified)
    #expect(try await bench.workbench().engine.rollback(first.run).state == .rolledBack)
    #expect(try bench.openDestination().integer("SELECT count(*) FROM change_request") == 30)
    #expect(try await bench.workbench().importHistory().state == .verified)
    try expectAll(bench, .v8_1)
  }

  @Test func `an import that was not found right counts for nothing until it is`() async throws {
    let bench = try await FaultBench(history: 200)
    let workbench = try bench.workbench()
    let flag = CancellationFlag()
    let hash = try await workbench.engine.plan(Workbench.part, PlanRequest()).hash
    let run = UniqueID.random()
    await #expect(throws: MigrationError.self) {
      try await workbench.engine.apply(
        hash, run: run, cancellation: flag,
        listeners: [{ if case .stepFinished("settle", _, _) = $0.kind { flag.set() } }])
    }
    func state() throws -> String? { try bench.openDestination().text("SELECT state FROM history_import") }
    #expect(try state() == "unverified")
    let findings = try await workbench.engine.check(Workbench.part, PlanRequest())
    #expect(findings.of("destination.unverified")?.blocks == true)
    // A plan that no finding has stopped does not get by either.
    let (plan, _) = try await workbench.engine.plan(Workbench.part, PlanRequest())
    let other = StepContext(
      run: .random(), folder: bench.folder.path, workplace: workbench.workplace,
      journal: try Journal(path: bench.folder / "journal.db"),
      events: EventSink(run: .random(), clock: SystemClock()), cancellation: CancellationFlag())
    let refusal = await #expect(throws: MigrationError.self) {
      try await workbench.importer.currentInputs(of: plan, other)
    }
    #expect(refusal?.code == .blocked && refusal?.reason.contains(run.description) == true)
    let coverage = try CoverageReader(connection: bench.openDestination(), created: Timestamp(microseconds: 0))
      .read(within: TimeSpan())
    #expect(coverage.gaps.map(\.reason) == [.unfinished])
    #expect(try await bench.workbench().engine.verify(run).state == .verified)
    #expect(try state() == "complete")
    // A difference that is found later takes it back.
    let writer = try bench.openDestination(.readWrite)
    try writer.execute("UPDATE change_request SET host = 'other' WHERE rowid = 5")
    try writer.close()
    await #expect(throws: MigrationError.self) { try await bench.workbench().engine.verify(run) }
    #expect(try state() == "unverified")
  }

  @Test func `a log that has grown brings its new records`() async throws {
    let folder = try TestFolder()
    let text = try Base.Files.readText(Fixture.path("accesslog.ldif"), limit: 1 << 24)
    let entries = text.split(separator: "\n\n", omittingEmptySubsequences: true)
    func write(_ count: Int) throws {
      try folder.write(entries.prefix(count).joined(separator: "\n\n") + "\n\n", to: "log.ldif")
    }
    try write(entries.count / 2)
    let bench = try Workbench(folder: folder, logs: ["ldap": .accesslogFile(ldif: folder / "log.ldif")])
    #expect(try await bench.importHistory().verified == true)
    let early = try bench.count("change_request")
    try write(entries.count)
    #expect(try await bench.importHistory().verified == true)
    let whole = try Workbench(
      folder: TestFolder(), logs: ["ldap": .accesslogFile(ldif: Fixture.path("accesslog.ldif"))])
    #expect(try await whole.importHistory().verified == true)
    let all = try whole.count("change_request")
    #expect(early > 0 && early < all)
    for table in ["change_request", "property_change", "request_section"] {
      #expect(try bench.count(table) == whole.count(table), "\(table)")
    }
  }

  @Test func `ranges are written as they are read`() throws {
    let times = ["2020-01-01T00:00:00Z", "2021-02-03T04:05:06.000007Z"].map { Timestamp(rfc3339: $0) }
    for range in [
      HistoryRange.all, HistoryRange(intervals: []), HistoryRange(intervals: [.init()], isRepeated: true),
      HistoryRange(intervals: [.init(from: nil, until: times[0]), .init(from: times[0], until: times[1])]),
      HistoryRange(intervals: [.init(from: times[1], until: nil)]),
    ] {
      #expect(HistoryRange(range.description) == range)
    }
    for text in ["", "all", "before", "from 2020-01-01 to", "2020-01-01 to 2021-01-01,", "nothing new, all times"] {
      #expect(HistoryRange(text) == nil, "\(text)")
    }
    let half = HistoryRange(intervals: [.init(from: Timestamp(rfc3339: "2020-01-02"), until: nil)])
    #expect(half.share(from: Timestamp(rfc3339: "2020-01-01"), through: Timestamp(rfc3339: "2020-01-03")) == 0.5)
    #expect(HistoryRange(intervals: []).share(from: nil, through: nil) == 0)
  }
}
