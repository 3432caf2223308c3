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

  @Test func `a history arrives whole on PostgreSQL`() async throws {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase("history_sqlite")
    let bench = try await Workbench(.v7_5, destination: server.location(database: name))
    let run = try await bench.importHistory()
    #expect(run.verified == true)
    #expect(try bench.count("change_request") > 0)
  }
}
