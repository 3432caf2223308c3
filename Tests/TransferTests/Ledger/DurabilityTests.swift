import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Transfer

/// Commits that a journal speaks of.
@Suite struct DurabilityTests {
  private func database(_ setting: String) throws -> DatabaseLocation {
    let server = try PrivatePostgres.shared()
    let name = try server.createDatabase()
    try server.execute("ALTER DATABASE \(name) SET synchronous_commit = \(setting)", in: "postgres")
    return try DatabaseLocation(server.location(database: name))
  }

  @Test func `a session waits for the disk where the database says that none need to`() throws {
    for (setting, expected) in [("off", "on"), ("local", "local"), ("remote_apply", "remote_apply")] {
      let connection = try Connection.open(try database(setting), options: .readWrite)
      #expect(try connection.serverSetting("synchronous_commit") == setting)
      try connection.waitForDisk()
      #expect(try connection.serverSetting("synchronous_commit") == expected)
    }
  }

  @Test func `what ends a step waits for the disk, whatever the database says`() throws {
    let bench = try CarryBench(destination: database("off"))
    try bench.destination.hold.take()
    let connection = try bench.destination.open()
    try bench.ledger.flush(on: connection)
    #expect(try connection.serverSetting("synchronous_commit") == "on")
  }
}
