internal import Base
internal import Database
internal import Migration

/// Whether the connections are sessions of their own: locks, snapshots and the promise to read only live in sessions.
enum PoolerChecks {
  static func finding(_ subject: String, open: () throws -> Connection) throws -> Finding? {
    let first = try open()
    guard first.engine == .postgresql, try first.serverFacts().isPooled else { return nil }
    guard try sharesSessions(first, open) || !keepsSettings(first) else { return nil }
    return Finding(
      "connection.pooled", rule: "D8", .block, about: subject,
      "the connection goes through a pooler that shares sessions: neither locks nor read-only mode hold there",
      remedy: "give the server's own address in platform.json5, not the pooler's")
  }

  /// While another connection keeps a session busy, a pooler that shares them serves the next statement elsewhere.
  private static func sharesSessions(_ first: Connection, _ open: () throws -> Connection) throws -> Bool {
    let before = try first.serverFacts().backendProcess
    let other = try open()
    return try other.transaction(.deferred) {
      let busy = try other.serverFacts().backendProcess
      return try first.serverFacts().backendProcess != before || busy == before
    }
  }

  /// A pooler that leaves out what a session is opened with leaves out that it only reads.
  private static func keepsSettings(_ connection: Connection) throws -> Bool {
    try connection.serverSetting("TimeZone") == "UTC" && connection.serverSetting("IntervalStyle") == "iso_8601"
  }
}
