import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// What is asked often goes by an index; what cannot is written here, so that nobody takes it for an oversight.
@Suite struct IndexTests {
  private func plan(_ sql: SQL, on connection: Connection) throws -> String {
    var lines: [String] = []
    if connection.engine == .sqlite {
      try connection.rows("EXPLAIN QUERY PLAN \(fragment: sql)", [.integer, .integer, .integer, .text]) {
        lines.append($0.string(3) ?? "")
      }
    } else {
      try connection.rows("EXPLAIN \(fragment: sql)", [.text]) { lines.append($0.string(0) ?? "") }
    }
    return lines.joined(separator: "\n")
  }

  /// Whether a plan reads a whole table row by row.
  private func scans(_ table: String, _ plan: String) -> Bool {
    plan.contains("Seq Scan on \(table)")
      || plan.split(separator: "\n").contains {
        $0.hasSuffix("SCAN \(table)") || $0.contains("SCAN \(table) ") && !$0.contains("INDEX")
      }
  }

  @Test(arguments: engines) func `requests and what hangs on them are found by indexes`(engine: Engine) throws {
    let bench = try ReadingBench(engine)
    let guid = UniqueID.random()
    try bench.connection.transaction {
      for number in 1...3000 {
        try bench.request(
          number, Timestamp(microseconds: Int64(number) * 3_600_000_000).description,
          "CN=o\(number % 97)", guid: number % 300 == 0 ? guid : UniqueID.random(), by: "CORP\\u\(number % 89)",
          properties: [("a", "b", "c")])
      }
    }
    try bench.connection.execute("ANALYZE")
    let connection = bench.connection
    let origins = try HistoryOrigins(connection)
    let place = EntryPlace(Timestamp(microseconds: 1_000_000_000_000), guid)
    let span = TimeSpan(from: Timestamp(microseconds: 0), until: Timestamp(microseconds: 9_000_000_000_000))
    for part in [
      RequestSelection.Part(key: .object(guid)), .nameless("CN=o1", span), .init(key: .initiator("CORP\\u1")),
    ] {
      for last in [nil, place] {
        let plan = try plan(RequestPager(connection, part, origins).sql(after: last), on: connection)
        #expect(!scans("change_request", plan), "\(plan)")
      }
    }
    // Small tables are rightly read as they are: the question is whether an index could serve.
    if engine == .postgresql { try connection.execute("SET enable_seqscan = off") }
    let keys = (0..<64).map { _ in UniqueID.random() }
    for (table, column) in [
      ("property_change", "request_id"), ("request_section", "request_id"), ("original_value", "row_id"),
    ] {
      let plan = try plan(
        "SELECT * FROM \(identifier: table) WHERE \(identifier: column) IN \(list: keys)", on: connection)
      #expect(!scans(table, plan), "\(plan)")
    }
    for column in ["object_dn", "initiator"] {
      let plan = try plan(NameSearch.beginnings(of: column, engine), on: connection)
      #expect(!scans("change_request", plan) && plan.contains("change_request_\(column)"), "\(plan)")
    }
  }

  @Test(arguments: engines) func `the tasks of a list cost one reading of their table, and its requests none`(
    engine: Engine
  )
    throws
  {
    let bench = try ReadingBench(engine)
    try bench.connection.transaction {
      for number in 1...2000 {
        let id = try bench.request(
          number, Timestamp(microseconds: Int64(number) * 3_600_000_000).description, "CN=o\(number)",
          guid: UniqueID.random())
        if number % 10 == 0 { try bench.approval(number, of: id, subject: "CN=o\(number)", by: "CORP\\b") }
      }
    }
    try bench.connection.execute("ANALYZE")
    let requests = RequestSelection([.init(key: .object(UniqueID.random()))], within: TimeSpan())
    let plan = try plan(RequestTasks.sql(.approval, of: requests), on: bench.connection)
    #expect(!scans("change_request", plan) && !scans("c", plan), "\(plan)")
    #expect(plan.components("approval_task", or: "SCAN t") == 1, "\(plan)")
  }

  @Test(.startsServers) func `a login that may only read the history's own tables is enough`() throws {
    let bench = try ReadingBench(.postgresql)
    try bench.request(1, "2022-01-01T00:00:00Z", "CN=x")
    let server = try PrivatePostgres.shared()
    let database = try #require(bench.location.postgres?.database)
    let login = try server.createLogin("reader")
    let tables = ReleaseSchema(.newest, .history).tables.map(\.name).joined(separator: ", ")
    try server.execute(
      "CREATE TABLE locktender_batch (run text, stream text, source_rows bigint, skipped_rows bigint, rejected_rows bigint); GRANT SELECT ON \(tables) TO \"\(login)\"",
      in: database)
    let told = try bench.ask(.object("CN=x"), login: server.location(database, user: login))
    #expect(told.numbers == [1])
    #expect(told.heading?.coverage.notes.count == 1)
  }
}

extension String {
  /// In how many lines either text stands.
  fileprivate func components(_ one: String, or other: String) -> Int {
    split(separator: "\n").count { $0.contains(one) || $0.contains(other) }
  }
}
