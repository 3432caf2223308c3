import Base
import Database
import Migration
import Testing
import Transfer

@testable import Administration

/// What was asked for is expected, and nothing else.
@Suite struct `A comparison of a part of the history` {
  /// From the first second of 2020 to the first of 2021-07-15 07:30:00.25 UTC, when requests 7 and 8 came.
  private let range = HistoryRange(intervals: [
    .init(from: Timestamp(rfc3339: "2020-01-01T00:00:00Z"), until: Timestamp(rfc3339: "2021-07-15T07:30:00.25Z"))
  ])

  private func isWithin(_ time: Timestamp?) -> Bool { time.map(range.contains) ?? true }

  /// What an import of the range brings: tasks by when they are due, else by their request.
  private func imported(_ release: Release, unfinished: Bool = true, orphans: Bool = true) -> SampleHistory {
    let all = SampleHistory.damaged
    var part = all
    part.requests = all.requests.filter {
      $0.isLost ? orphans : isWithin($0.submitted.imported(from: release).instant)
    }
    part.tasks = all.tasks.filter { task in
      if task.isUnfinished { return unfinished }
      let request = all.request(task.request).flatMap { $0.isLost ? nil : $0 }
      return isWithin(
        task.due?.imported(from: release).instant ?? request?.submitted.imported(from: release).instant)
    }
    return part
  }

  @Test(arguments: Release.allCases)
  func `expects the rows of a range and all unfinished tasks`(_ release: Release) async throws {
    let part = imported(release)
    #expect((3..<20).contains(part.requests.count))
    #expect(part.tasks.count == 6)
    let databases = try SampleDatabases(release, .damaged, imported: part)
    try await databases.comparison(range: range).expectAgreement()
    // The destination holds more than a smaller range has, and less than a larger one.
    let smaller = HistoryRange(intervals: [.init(from: Timestamp(rfc3339: "2020-02-01T00:00:00Z"), until: nil)])
    for other in [.all, smaller, HistoryRange(intervals: [])] {
      let lines = try await databases.comparison(range: other).lines()
      #expect(!lines[0].agrees)
    }
  }

  @Test(arguments: Release.allCases)
  func `counts intervals together`(_ release: Release) async throws {
    let databases = try SampleDatabases(release, .damaged)
    let middle = Timestamp(rfc3339: "2020-01-01T00:00:00Z")
    let halves = HistoryRange(intervals: [.init(from: nil, until: middle), .init(from: middle, until: nil)])
    try await databases.comparison(range: halves).expectAgreement()
    let gap = HistoryRange(intervals: [
      .init(from: nil, until: Timestamp(rfc3339: "2020-01-01T00:00:00Z")),
      .init(from: Timestamp(rfc3339: "2021-01-15T08:30:00.000001Z"), until: nil),
    ])
    let lines = try await databases.comparison(range: gap).lines()
    #expect(lines[0].foundRows > lines[0].expectedRows)
    #expect(lines[1].foundRows > lines[1].expectedRows)
  }

  @Test(arguments: Release.allCases)
  func `expects no unfinished task where they were left out`(_ release: Release) async throws {
    let part = imported(release, unfinished: false)
    let databases = try SampleDatabases(release, .damaged, imported: part)
    try await databases.comparison(range: range, takesUnfinishedTasks: false).expectAgreement()
    #expect(try await !databases.comparison(range: range).lines()[1].agrees)
  }

  @Test(arguments: [Release.v7_6, .v8_0, .v8_1, .v8_2])
  func `expects no orphans where they were left out`(_ release: Release) async throws {
    let databases = try SampleDatabases(release, .damaged, imported: imported(release, orphans: false))
    try await databases.comparison(range: range, takesOrphans: false).expectAgreement()
    #expect(try await !databases.comparison(range: range).lines()[0].agrees)
  }

  @Test(arguments: Release.allCases)
  func `expects no row that was rejected`(_ release: Release) async throws {
    var part = SampleHistory.damaged
    part.requests.removeAll { $0.key == 22 }
    part.tasks.removeAll { $0.key == 4 }
    let databases = try SampleDatabases(release, .damaged, imported: part)
    #expect(try await databases.comparison().lines().map(\.agrees) == [false, false])
    let rejected = RejectedRows(requests: [databases.key("r", 22)], tasks: [databases.key("t", 4)])
    try await databases.comparison(rejected: rejected).expectAgreement()
  }

  @Test(arguments: [Release.v7_6, .v8_0, .v8_1, .v8_2])
  func `expects what hangs on a rejected request as orphans`(_ release: Release) async throws {
    var part = SampleHistory.damaged
    let place = try #require(part.requests.firstIndex { $0.key == 104 })
    part.requests[place].isLost = true
    let databases = try SampleDatabases(release, .damaged, imported: part)
    let rejected = RejectedRows(requests: [databases.key("r", 104)])
    try await databases.comparison(rejected: rejected).expectAgreement()
  }

  @Test func `expects no section or property that was rejected by itself`() async throws {
    let databases = try SampleDatabases(.v8_1, .damaged)
    let request = databases.key("r", 1)
    try databases.tamper(
      Fault(
        "",
        "delete from property_change where request_id = Q(1) and ordinal = 2; "
          + "delete from request_section where request_id = Q(1)"
      ).script(for: databases)
        + "; delete from original_value where field like 'section.%'")
    let rejected = RejectedRows(properties: [.init(request, 2)], dividedSections: [.init(request, nil)])
    try await databases.comparison(rejected: rejected).expectAgreement()
    let rows = try SampleDatabases(.v8_0, .damaged)
    // Sections of 8.0 have keys of their own, in the sample a hundred for each request.
    try rows.tamper(
      Fault("", "delete from request_section where request_id = Q(1) and ordinal = 0").script(for: rows))
    try await rows.comparison(rejected: RejectedRows(sections: [.integer(100)])).expectAgreement()
  }

  @Test(arguments: [Release.v7_5, .v8_1])
  func `leaves out tasks that have been used since`(_ release: Release) async throws {
    let databases = try SampleDatabases(release, .damaged)
    try databases.tamper(
      "update approval_task set state = 'completed', decision = 'granted', revision = 1 where state = 'held'")
    #expect(try await !databases.comparison().lines()[1].agrees)
    let used = try HistoryInvariants.usedTasks(
      of: SampleDatabases.importID, release, on: try databases.openTarget())
    #expect(used == [databases.key("t", 1)])
    try await databases.comparison(skippedTasks: used).expectAgreement()
  }

  @Test(arguments: [Release.v7_5, .v8_1])
  func `ends when its caller has enough`(_ release: Release) async throws {
    struct Enough: Error {}
    let databases = try SampleDatabases(release, .plain)
    let comparison = HistoryComparison(
      source: "main", release: release, openSource: { try databases.openSource() },
      openDestination: { try databases.openTarget() }, importID: SampleDatabases.importID, range: .all,
      progress: { _ in throw Enough() })
    await #expect(throws: Enough.self) { try await comparison.lines() }
  }
}
