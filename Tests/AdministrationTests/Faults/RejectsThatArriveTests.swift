import Base
import Database
import Migration
import Synchronization
import TestSupport
import Testing

@testable import Administration

/// Rejected rows that the source repairs or drops while the run goes on, and a reject file that somebody touches.
@Suite(.serialized) struct RejectsThatArriveTests {
  /// A row that no import takes, and how the service puts it right.
  private struct Plant: Sendable {
    let table: String
    let fault: String
    let cure: String
  }

  private static let plants: [Release: [Plant]] = [
    .v7_6: [
      Plant(table: "change_history_section", fault: "kind = 'Q'", cure: "kind = 'W'"),
      Plant(table: "change_history", fault: "status = 9999", cure: "status = 3"),
    ],
    .v8_1: [
      Plant(table: "request_section", fault: "kind = 'other'", cure: "kind = 'policy'"),
      Plant(table: "change_request", fault: "operation = 'juggle'", cure: "operation = 'modify'"),
    ],
  ]

  private func plant(_ plants: [Plant], _ source: DatabaseLocation) throws {
    let service = try Connection.open(source, options: .readWrite)
    for plant in plants {
      let key = plant.table.hasSuffix("section") && plant.table != "change_history_section" ? "request_id" : "id"
      let rows = try service.execute(
        """
        UPDATE \(identifier: plant.table) SET \(unsafeSQL: plant.fault) WHERE ctid = (
          SELECT ctid FROM \(identifier: plant.table) ORDER BY \(identifier: key) LIMIT 1 OFFSET 40)
        """)
      try #require(rows == 1)
    }
  }

  @Test(arguments: [Release.v7_6, .v8_1], [false, true])
  func `a rejected row that is repaired or deleted at the source counts no more`(
    _ release: Release, _ deletes: Bool
  ) async throws {
    let bench = try await FaultBench(.postgresToPostgres, release)
    let source = bench.source
    let plants = RejectsThatArriveTests.plants[release] ?? []
    try plant(plants, source)
    let rejected = Mutex(0)
    let act: EventSink.Listener = { event in
      if case .rejected(_, let rows, _) = event.kind { rejected.withLock { $0 += rows } }
      guard case .stepStarted(let id, _, _, _) = event.kind, id == "keys" else { return }
      do {
        let service = try Connection.open(source, options: .readWrite)
        for plant in plants {
          if deletes {
            try service.execute("DELETE FROM \(identifier: plant.table) WHERE \(unsafeSQL: plant.fault)")
          } else {
            try service.execute(
              "UPDATE \(identifier: plant.table) SET \(unsafeSQL: plant.cure) WHERE \(unsafeSQL: plant.fault)")
          }
        }
      } catch {
        Issue.record("the old service failed: \(explain(error))")
      }
    }
    let run = try await bench.workbench().importHistory(listeners: [act])
    #expect(rejected.withLock { $0 } == plants.count)
    #expect(run.state == .verified)
    let requests = try Connection.open(source, options: .readOnly).integer(
      "SELECT count(*) FROM \(identifier: HistoryLayout(release).requests)")
    #expect(try bench.openDestination().integer("SELECT count(*) FROM change_request") == requests)
  }

  @Test func `a reject file that lost a line is told of, and the row is not forgotten`() async throws {
    let bench = try await FaultBench(.postgresToPostgres, .v8_1)
    try plant(RejectsThatArriveTests.plants[.v8_1] ?? [], bench.source)
    let first = try bench.program("apply", "--plan", bench.program.plan())
    #expect(first.status == 4, "\(first.errors)")
    let folder = try #require(try bench.program.runs().last)
    let lines = try Base.Files.readText(folder + "/rejects.jsonl", limit: 1 << 20).split(separator: "\n")
    #expect(lines.count == 2)
    try Base.Files.write(Array((String(lines[0]) + "\n").utf8), to: folder + "/rejects.jsonl")
    let again = try bench.program("verify")
    #expect(again.status == 4, "\(again.errors)")
    let told = try Base.Files.readText(folder + "/verification.json", limit: 1 << 20)
    #expect(told.contains("2 rows were rejected") && told.contains("has lost 1"), "\(told)")
  }
}
