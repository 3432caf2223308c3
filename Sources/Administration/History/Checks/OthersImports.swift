internal import Base
internal import Database
internal import Migration

/// Imports of other runs in a history that are not at their end: what they have brought has no keys yet, is not whole,
/// or was not found right. A further import beside them would double rows, or leave rows out that are not in.
struct OthersImports {
  private let run: UniqueID?
  private let connection: Connection

  /// - Parameter run: whose own imports do not count.
  init(besides run: UniqueID? = nil, on connection: Connection) {
    self.run = run
    self.connection = connection
  }

  /// The first run that has an unfinished import. Blocks.
  func unfinished() throws -> UniqueID? {
    try first("SELECT i.run_id FROM history_import i WHERE i.finished_at IS NULL")
  }

  /// The first run whose import of a source was not compared, or was found to differ.
  func unverified(of source: UniqueID) throws -> UniqueID? {
    try first(
      """
      SELECT i.run_id FROM history_import i JOIN history_source s ON s.id = i.source_id
      WHERE i.state = 'unverified' AND s.identity = \(source.description)
      """)
  }

  private func first(_ query: SQL) throws -> UniqueID? {
    guard try connection.catalogue()["history_import"] != nil else { return nil }
    let others: SQL = run.map { " AND i.run_id <> \($0)" } ?? ""
    return try connection.first(query + others + " ORDER BY i.id LIMIT 1", [.uuid]) { $0.uuid(0) } ?? nil
  }

  // MARK: What is said of them

  func refusal(_ run: UniqueID) -> MigrationError {
    MigrationError(
      .blocked, doing: "look at the destination", reason: unfinishedText(run), advice: unfinishedRemedy(run))
  }

  func refusal(unverified run: UniqueID) -> MigrationError {
    MigrationError(
      .blocked, doing: "look at the destination", reason: unverifiedText(run), advice: unverifiedRemedy(run))
  }

  /// What `check` says.
  ///
  /// - Parameter sources: that are to be imported, by name.
  func findings(_ sources: [(name: String, identity: UniqueID)]) throws -> [Finding] {
    if let run = try unfinished() {
      return [
        Finding(
          "destination.unfinished", rule: "D103", .block, about: "destination", unfinishedText(run),
          remedy: unfinishedRemedy(run), onlyBeforeStart: true)
      ]
    }
    return try sources.compactMap { source in
      guard let run = try unverified(of: source.identity) else { return nil }
      return Finding(
        "destination.unverified", rule: "D91", .block, about: "source \(source.name)", unverifiedText(run),
        remedy: unverifiedRemedy(run), onlyBeforeStart: true)
    }
  }

  private func unfinishedText(_ run: UniqueID) -> String {
    "run \(run) has not brought its import there to its end"
  }

  private func unfinishedRemedy(_ run: UniqueID) -> String {
    "locktender resume \(run), or locktender rollback \(run)"
  }

  private func unverifiedText(_ run: UniqueID) -> String {
    "what run \(run) has brought of the same source was not found right by a comparison"
  }

  private func unverifiedRemedy(_ run: UniqueID) -> String {
    "locktender verify \(run), or locktender rollback \(run)"
  }
}
