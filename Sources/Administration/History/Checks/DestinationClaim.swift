internal import Base
internal import Database
internal import Migration

/// The mark on a database without rows by which one run takes it for its own until its import is in, so that two
/// upgrades that were both planned for it cannot both fill it.
enum DestinationClaim {
  struct Holder: Equatable {
    let run: String
    let since: Timestamp
  }

  /// Who has taken the database; nil while nobody has.
  static func holder(on connection: Connection) throws -> Holder? {
    guard try connection.catalogue()["locktender_claim"] != nil else { return nil }
    return try connection.first("SELECT run, since FROM locktender_claim", [.text, .integer]) { row in
      Holder(run: row.string(0) ?? "", since: Timestamp(microseconds: row.integer(1) ?? 0))
    }
  }

  /// Takes the database within the caller's transaction; a run that has it already keeps it.
  ///
  /// - Throws: ``MigrationError`` `inUse` where another run has it.
  static func take(for run: UniqueID, at time: Timestamp, on connection: Connection) throws {
    // `name` is the same in every row, so that there is one at most.
    try connection.execute(
      """
      CREATE TABLE IF NOT EXISTS locktender_claim (
        name text PRIMARY KEY CHECK (name = 'destination'), run text NOT NULL, since bigint NOT NULL)
      """)
    try connection.execute(
      """
      INSERT INTO locktender_claim (name, run, since) VALUES ('destination', \(run.description), \(time.microseconds))
      ON CONFLICT (name) DO NOTHING
      """)
    guard let holder = try holder(on: connection), holder.run != run.description else { return }
    throw refusal(holder)
  }

  static func refusal(_ holder: Holder) -> MigrationError {
    MigrationError(
      .inUse, doing: "take the blank database",
      reason: "run \(holder.run) has taken it for its own on \(holder.since)",
      advice:
        "locktender resume \(holder.run), or locktender rollback \(holder.run); or name another blank database")
  }

  /// Gives the database free, if the run has it.
  static func release(from run: UniqueID, on connection: Connection) throws {
    guard try holder(on: connection)?.run == run.description else { return }
    try connection.execute("DELETE FROM locktender_claim WHERE run = \(run.description)")
  }

  static func drop(on connection: Connection) throws {
    try connection.execute("DROP TABLE IF EXISTS locktender_claim")
  }

  /// Speaks of a blank database that a run has taken and not filled.
  static func finding(on connection: Connection) throws -> Finding? {
    guard let holder = try holder(on: connection) else { return nil }
    return Finding(
      "destination.claimed", rule: "D10", .block, about: "destination",
      "run \(holder.run) has taken this blank database on \(holder.since)",
      remedy: "locktender resume \(holder.run), or roll that run back, or name another blank database",
      onlyBeforeStart: true)
  }
}
