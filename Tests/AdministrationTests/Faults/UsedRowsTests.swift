import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// Rows that somebody uses in the new history while an old service still changes them.
@Suite(.serialized) struct UsedRowsTests {
  /// Unfinished tasks come with the first import, their requests with the one whose times hold them.
  @Test func `a request that an earlier import's task refers to is followed`() async throws {
    let bench = try await FaultBench(.postgresToPostgres)
    let source = bench.source
    #expect(try await bench.workbench().importHistory(["until": ["2019-01-01"]]).state == .verified)
    let open = TaskTransform.unfinished(.v7_5)
    let run = try await bench.workbench().importHistory(
      listeners: [
        EventSink.when("catch-up") {
          let rows = try Connection.open(source, options: .readWrite).execute(
            "UPDATE request SET host = 'moved' WHERE id IN (SELECT t.request_id FROM task t WHERE \(unsafeSQL: open))"
          )
          try #require(rows > 0)
        }
      ])
    #expect(run.state == .verified)
    // What the first import has brought is as it was then.
    let destination = try bench.openDestination()
    #expect(
      try destination.integer("SELECT count(*) FROM change_request WHERE host = 'moved' AND import_id = 2") ?? 0 > 0
    )
    #expect(
      try destination.integer("SELECT count(*) FROM change_request WHERE host = 'moved' AND import_id = 1") == 0)
  }

  @Test func `a task that the service revised stays, whatever comes of it at the source`() async throws {
    let bench = try await FaultBench(.postgresToPostgres)
    let (source, destination) = (bench.source, bench.destination)
    let run = try await bench.workbench().importHistory(
      ["mode": ["live"]],
      listeners: [
        EventSink.when("catch-up") {
          let service = try Connection.open(destination, options: .readWrite)
          let key = try #require(
            try service.text("SELECT min(source_key) FROM approval_task WHERE state = 'held'"))
          try service.execute(
            "UPDATE approval_task SET state = 'completed', decision = 'new', revision = 1 WHERE source_key = \(key)"
          )
          try Connection.open(source, options: .readWrite).execute(
            "UPDATE task SET status = 1 WHERE id = \(Int64(key) ?? 0)")
        }
      ])
    #expect(run.state == .verified)
    let after = try bench.openDestination()
    #expect(
      try after.integer(
        "SELECT count(*) FROM approval_task WHERE revision = 1 AND decision = 'new' AND state = 'completed'") == 1)
    #expect(
      try after.integer("SELECT count(*) - count(DISTINCT source_key) FROM approval_task") == 0)
  }
}
