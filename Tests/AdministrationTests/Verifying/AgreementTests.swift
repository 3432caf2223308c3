import Base
import Database
import Migration
import TestSupport
import Testing
import Transfer

@testable import Administration

/// A good import, told to be good.
@Suite struct `A comparison of a good import` {
  @Test(arguments: Release.allCases)
  func `finds nothing on SQLite, damaged texts and all`(_ release: Release) async throws {
    let databases = try SampleDatabases(release, .damaged)
    try await databases.comparison().expectAgreement()
  }

  @Test(arguments: Release.allCases)
  func `counts the rows of both sides`(_ release: Release) async throws {
    let databases = try SampleDatabases(release, .plain)
    let lines = try await databases.comparison().lines()
    let kept = SampleHistory.plain.requests.filter { !$0.isLost }
    let lost = SampleHistory.plain.requests.filter(\.isLost)
    var rows = kept.reduce(0) { $0 + 1 + $1.properties.count + $1.sections.count }
    if release >= .v7_6 { rows += lost.reduce(0) { $0 + $1.sections.count } }
    if release >= .v8_1 { rows += lost.reduce(0) { $0 + $1.properties.count } }
    #expect(lines.map(\.expectedRows) == [rows, SampleHistory.plain.tasks.count])
    #expect(lines.map(\.foundRows) == [rows, SampleHistory.plain.tasks.count])
    #expect(lines.map(\.subject) == ["main/requests", "main/tasks"])
  }

  @Test(arguments: Release.allCases)
  func `finds nothing in empty databases`(_ release: Release) async throws {
    let databases = try SampleDatabases(release, SampleHistory(requests: [], tasks: []))
    for line in try await databases.comparison().lines() {
      #expect(line.agrees)
      #expect(line.expectedRows == 0)
    }
  }

  @Test(arguments: Release.allCases)
  func `leaves rows of other imports and of the service alone`(_ release: Release) async throws {
    let databases = try SampleDatabases(release, .damaged)
    var other = SampleHistory.plain
    for index in other.requests.indices { other.requests[index].host = Array("elsewhere".utf8) }
    // The same keys would be the same rows: those of another source differ.
    let shifted = SampleHistory(
      requests: other.requests.map { $0.moved(by: 1000) }, tasks: other.tasks.map { $0.moved(by: 1000) })
    try DividedTarget(.v8_2, shifted, .destination(8, from: release)).addRows(to: try databases.openTarget())
    try await databases.comparison().expectAgreement()
  }
}

extension HistoryComparison {
  func expectAgreement() async throws {
    for (rows, line) in zip([ComparedRows.requests, .tasks], try await lines()) {
      #expect(line.agrees, "\(line)")
      #expect(line.expectedRows > 0)
      #expect(line.differences == [])
      #expect(try differences(rows, in: .all) == [])
    }
  }

  /// The lines of requests and of tasks.
  func lines() async throws -> [Verification.Line] {
    var lines: [Verification.Line] = []
    for comparison in comparisons() { lines.append(try await comparison.run()) }
    return lines
  }
}

extension SampleRequest {
  func moved(by distance: Int64) -> SampleRequest {
    var moved = SampleRequest(
      key: key + distance, operation: operation, guid: guid, submitted: submitted, completed: completed)
    (moved.zone, moved.status, moved.properties, moved.sections) = (zone, status, properties, sections)
    return moved
  }
}

extension SampleTask {
  func moved(by distance: Int64) -> SampleTask {
    SampleTask(
      key: key + distance, request: request.map { $0 + distance }, kind: kind, status: status, due: due, zone: zone)
  }
}
