internal import Base
internal import Database
internal import Migration

/// What is asked of a destination beyond its condition: rights, blankness, its name, and the way there.
struct FurtherDestinationChecks {
  let destination: HistoryDestination
  let condition: HistoryDestination.Condition
  /// Nil where one of them cannot be read, which is told elsewhere.
  let sources: [any HistorySource]?
  let request: PlanRequest
  let now: Timestamp

  func all() throws -> [Finding] {
    let name = DestinationName(destination: destination, now: now)
    switch condition {
    case .absent: return try [name.creation()] + fileRights() + principals()
    case .foreign(let reason): return [try name.clash(reason)]
    case .blank, .empty, .inUse: break
    }
    var findings: [Finding] = []
    if case .blank = condition {
      let connection = try destination.openReadOnly()
      findings.append(try BlankDatabase(location: destination.location, connection: connection).finding())
      if let claimed = try DestinationClaim.finding(on: connection) { findings.append(claimed) }
    }
    findings += try fileRights()
    guard destination.location.engine == .postgresql else { return findings }
    let connection = try destination.open()
    if let pooled = try PoolerChecks.finding("destination", open: { try destination.open() }) {
      findings.append(pooled)
    }
    findings += try DestinationRights(location: destination.location, connection: connection).findings()
    findings += try ConnectionChecks.others("destination", destination.location, on: connection, now: now)
    if case .inUse = condition {
      // What it holds is backed up first.
      findings.append(BackupChecks.programs("destination", try connection.serverFacts()))
    }
    return findings + principals()
  }

  private func fileRights() throws -> [Finding] {
    try destination.location.path.map { [try DestinationFileRights(path: $0).finding()] } ?? []
  }

  private func principals() -> [Finding] {
    guard let sources else { return [] }
    do {
      return try PrincipalPlanner(
        sources: sources, destination: destination, condition: condition, wishes: PrincipalWishes(request)
      ).findings()
    } catch {
      return [
        Finding(
          "principals", rule: "D7", .block, about: "destination", explain(error),
          remedy: advice(for: error) ?? "leave roles out with --principals off")
      ]
    }
  }
}
