internal import Base
internal import Database
internal import Migration

/// What is asked of a destination beyond its condition: rights, blankness, its name, and the way there.
struct FurtherDestinationChecks {
  let destination: HistoryDestination
  let condition: HistoryDestination.Condition
  /// Nil where one of them cannot be read, which is told elsewhere.
  let sources: [any HistorySource]?
  let examined: [SourceExamination]
  let choices: HistoryChoices
  let run: UniqueID?
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
    if condition.identity != nil { findings += try history() }
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

  /// What earlier imports have left unfinished in a history, and whether it can take a further one.
  private func history() throws -> [Finding] {
    let connection = try destination.openReadOnly()
    let known = (sources.map { zip($0, examined) }.map { Array($0) } ?? []).filter(\.1.addsCoverage)
    var findings = try OthersImports(besides: run, on: connection).findings(
      known.map { ($0.0.name, $0.1.identity) })
    guard findings.isEmpty, case .inUse = condition else { return findings }
    // A bulk import of the run itself makes them when its rows are in.
    if let run, try DestinationGuard.holds(run, on: connection) { return findings }
    let missing = try HistoryKeys.missing(on: connection)
    findings.append(
      Finding(
        "destination.keys", rule: "D103", missing.isEmpty ? .pass : .block, about: "destination",
        missing.isEmpty
          ? "it has all its keys and indexes, which keep rows from coming twice"
          : "it lacks keys and indexes, which keep rows from coming twice: \(missing.joined(separator: ", "))",
        remedy: missing.isEmpty
          ? nil
          : HistoryKeys.statements(connection.engine).filter { missing.contains(HistoryKeys.name(in: $0)) }.map {
            $0 + ";"
          }.joined(separator: " "), onlyBeforeStart: true))
    return findings
  }

  private func fileRights() throws -> [Finding] {
    try destination.location.path.map { [try DestinationFileRights(path: $0).finding()] } ?? []
  }

  private func principals() -> [Finding] {
    guard let sources else { return [] }
    do {
      return try PrincipalPlanner(
        sources: sources, destination: destination, condition: condition, wishes: choices.principals
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
