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

  @Test func `a plan made twice from the same facts has the same hash`() async throws {
    let bench = try await Workbench(.v8_0, history: 200)
    let first = try await bench.engine.plan(Workbench.part, PlanRequest()).hash
    let second = try await bench.engine.plan(Workbench.part, PlanRequest()).hash
    let other = try await bench.engine.plan(Workbench.part, PlanRequest(choices: ["without-tasks": ["yes"]])).hash
    #expect(first == second)
    #expect(first != other)
  }

  @Test func `a rollback leaves the destination as it was`() async throws {
    let bench = try await Workbench(.v7_6)
    let run = try await bench.importHistory()
    #expect(try bench.count("change_request") > 0)
    let after = try await bench.engine.rollback(run.run)
    #expect(after.state == .rolledBack)
    // It was not there before.
    #expect(try !Base.Files.exists(bench.destination.path ?? ""))
  }

  @Test func `ranges add up, and nothing comes twice`() async throws {
    let bench = try await Workbench(.v8_1)
    _ = try await bench.importHistory(["until": ["2020-01-01"]])
    let early = try bench.count("change_request")
    let rest = try await bench.importHistory()
    let all = try bench.count("change_request")
    #expect(rest.verified == true)
    #expect(early > 0)
    #expect(all > early)
    let again = try await bench.importHistory()
    #expect(again.verified == true)
    #expect(try bench.count("change_request") == all)
  }
}
