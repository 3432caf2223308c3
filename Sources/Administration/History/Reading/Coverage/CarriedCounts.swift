internal import Base
internal import Database

/// How many rows each import has carried and how many it could not, as the checkpoints in the destination tell.
struct CarriedCounts {
  private struct Counts {
    var carried = 0
    var rejected = 0
  }

  /// By run, and by what stands before the stroke in the names of its streams: the source as the run called it.
  private var runs: [UniqueID: [String: Counts]] = [:]

  /// - Returns: nil where the checkpoints may not be read.
  init?(_ connection: Connection) throws {
    guard try connection.catalogue()["locktender_batch"] != nil else { return }
    var found: [UniqueID: [String: Counts]] = [:]
    do {
      // A savepoint: a refusal must not break the transaction around it.
      try connection.transaction(.deferred) {
        try connection.rows(
          """
          SELECT run, stream, cast(sum(source_rows - skipped_rows - rejected_rows) AS bigint),
            cast(sum(rejected_rows) AS bigint)
          FROM locktender_batch GROUP BY run, stream
          """, [.text, .text, .integer, .integer]
        ) { row in
          guard let run = row.string(0).flatMap({ UniqueID($0) }), let stream = row.string(1) else { return }
          let name = String(stream.prefix { $0 != "/" })
          found[run, default: [:]][name, default: Counts()].carried += Int(row.integer(2) ?? 0)
          found[run, default: [:]][name, default: Counts()].rejected += Int(row.integer(3) ?? 0)
        }
      }
    } catch let error as DatabaseError {
      guard error.code == .permission else { throw error }
      return nil
    }
    runs = found
  }

  /// What a run's import of a source has carried and rejected.
  ///
  /// - Parameter names: of all sources that the run imported. A run may call a source otherwise than the history does,
  ///   which keeps the first name: what no name fits belongs to the source whose name fits nothing.
  func counts(
    of source: String, in run: UniqueID, among names: Set<String>
  ) -> (carried: Int, rejected: Int) {
    let streams = runs[run] ?? [:]
    let own = streams.filter { entry in
      names.count == 1 || entry.key == source || (streams[source] == nil && !names.contains(entry.key))
    }.values
    return (own.reduce(0) { $0 + $1.carried }, own.reduce(0) { $0 + $1.rejected })
  }
}
