internal import Base
internal import Migration
internal import Transfer

/// What an import of histories does, as its plan decides it.
struct HistoryPlan: Sendable, Codable, Equatable {
  var sources: [SourcePlan]
  var mode: CarryOptions.Mode
  var workers: Int
  var rejectLimit: Int
  /// The destination's own identity; nil where the run makes its tables.
  var destination: UniqueID?
  /// Where it was, in its one spelling.
  var destinationLocation: String
  /// Whether the destination's tables are made by the run.
  var createsTables: Bool
  /// The configuration that a new history is paired with.
  var pairedConfiguration: UniqueID?
  var backups: String
  /// Whether the destination holds rows that a backup must protect.
  var securesDestination: Bool
  /// What comes of roles and rights; nil where there is nothing to compare.
  var principals: PrincipalsPlan?

  var options: CarryOptions { CarryOptions(mode: mode, workers: workers, rejectLimit: rejectLimit) }

  static func of(_ plan: Plan) throws -> HistoryPlan { try plan.details.decoded(as: HistoryPlan.self) }
}
