import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite struct ImportTests {
  @Test(arguments: Release.allCases)
  func `a history of every release arrives whole`(_ release: Release) async throws {
    let bench = try await Workbench(release)
    let run = try await bench.importHistory()
    #expect(run.state == .verified)
    #expect(run.verified == true)
    #expect(try bench.count("change_request") > 0)
  }
}
