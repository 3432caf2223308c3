internal import Base
internal import Database
internal import Migration

/// What is asked of a source on a server, whether or not its tables could be read.
struct ServerSourceChecks {
  let source: DatabaseSource
  let now: Timestamp

  private var subject: String { "source \(source.name)" }

  /// Nothing for a file, and nothing for a server that does not let us in: that is told as such.
  func all() -> [Finding] {
    guard source.location.engine != .sqlite else { return [] }
    let connection: Connection
    do {
      connection = try source.open()
    } catch {
      return []
    }
    do {
      if connection.engine == .odbc {
        return [try ODBCSourceRights(subject: subject, connection: connection).finding()]
      }
      var findings: [Finding] = []
      if let pooled = try PoolerChecks.finding(subject, open: { try source.open() }) { findings.append(pooled) }
      findings.append(try SourceRights(subject: subject, connection: connection).finding())
      findings += try ConnectionChecks.others(subject, source.location, on: connection, now: now)
      findings.append(BackupChecks.programs(subject, try connection.serverFacts()))
      return findings
    } catch {
      return [
        Finding(
          "source.rights", rule: "D8", .block, about: subject, explain(error),
          remedy: advice(for: error) ?? "look into the server's log")
      ]
    }
  }
}
