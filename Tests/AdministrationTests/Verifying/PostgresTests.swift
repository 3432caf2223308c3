import Database
import TestSupport
import Testing

@testable import Administration

/// One after another: each comparison takes up to sixteen connections.
@Suite(.serialized) struct `A comparison on PostgreSQL` {
  @Test(arguments: Release.allCases)
  func `finds nothing in a good import`(_ release: Release) async throws {
    let databases = try SampleDatabases(release, .plain, on: .postgresql)
    try await databases.comparison().expectAgreement()
  }

  @Test(arguments: [
    "a dropped request", "another operation", "a dropped property", "an absent value that became empty",
    "outcome and message swapped", "a task that is not held", "a dropped task", "add instead of remove",
  ])
  func `names the rows that are wrong`(_ name: String) async throws {
    let fault = try #require(Fault.all.first { $0.name == name })
    for release in [Release.v7_6, .v8_0, .v8_2] {
      try await fault.expectBite(on: try SampleDatabases(release, .plain, on: .postgresql), "\(release)")
    }
  }
}
