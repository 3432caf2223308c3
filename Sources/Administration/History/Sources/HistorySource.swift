internal import Base
internal import Database
internal import Migration
internal import Transfer

/// A history that can be imported: an administration database, an accesslog, an audit log, a backup. Whatever it is,
/// the import sees facts, checks, a secured copy, and streams.
protocol HistorySource: Sendable {
  /// As the platform file calls it: `main`.
  var name: String { get }
  /// `database`, `accesslog`, `samba-audit`, `backup`.
  var kind: String { get }

  /// Reads what the plan needs to know. Opens read-only. Blocks.
  func examine() throws -> SourceExamination

  /// The checks that this kind of source needs, those that pass included. Blocks.
  func check() throws -> [Finding]

  /// The acts that put a copy of the source in safety before anything is written. Import reads from that copy where
  /// the source itself would not stay as it is.
  func secure(_ plan: SourcePlan, _ settings: ImportSettings) -> [any Step]

  /// What is read and what becomes of it.
  func streams(_ plan: SourcePlan, importID: Int64, _ engine: Engine, _ context: StepContext) throws
    -> SourceStreams

  /// Compares the source, read anew, with what the destination holds of it.
  func comparisons(_ request: ComparisonRequest) throws -> [StreamComparison]

  /// Properties and sections that come without their request, since the source lacks it or it was rejected; nil where
  /// that cannot be told. Blocks.
  func orphans(_ request: ComparisonRequest) throws -> SourceOrphans?
}

extension HistorySource {
  /// In a log, what belongs to a change stands with it.
  func orphans(_ request: ComparisonRequest) throws -> SourceOrphans? { SourceOrphans() }
}

/// What a source is, as far as a plan must know.
struct SourceExamination: Sendable {
  var identity: UniqueID
  /// The digest of its shape.
  var fingerprint: String
  /// Where it is, without secrets.
  var location: String
  /// `7.5`; nil where the kind has no versions.
  var version: String?
  /// Rows by table or kind of record.
  var counts: [String: Int]
  /// Rows that the import will write, estimated.
  var estimatedRows: Int
  var bytes: Int
  var firstRecord: Timestamp?
  var lastRecord: Timestamp?
  var lastWrite: Timestamp?
  /// Whether others may write to it while it is read.
  var mayChange: Bool
  /// Whether an import of it brings all there is of its times. Repaired rows of a source do not.
  var addsCoverage = true
}

/// One source as the plan decides on it.
struct SourcePlan: Sendable, Codable, Equatable {
  let name: String
  let kind: String
  let identity: UniqueID
  let version: String?
  /// The times that come; empty intervals mean that only unfinished tasks do.
  let range: HistoryRange
  let takesUnfinishedTasks: Bool
  let counts: [String: Int]
  let bytes: Int
  /// It is read from where it is and caught up with at the end, instead of from the secured copy.
  let mayChange: Bool
  /// Whether its times count as brought once it is in.
  let addsCoverage: Bool
}

/// What of a run's settings the sources need.
struct ImportSettings: Sendable {
  let backups: BackupPlace
  let workplace: Workplace
}

struct SourceStreams: Sendable {
  /// Carried first, so that nothing that waits for somebody is missed.
  var tasks: [TransferStream]
  var history: [TransferStream]
}

/// What a comparison is to look at.
struct ComparisonRequest: Sendable {
  let plan: SourcePlan
  let importID: Int64
  let openDestination: @Sendable () throws -> Connection
  let context: StepContext
  /// What the import has put into its reject file.
  var rejected = RejectedRows()
  /// Tasks that a service has revised since they were imported.
  var usedTasks: Set<Key> = []
}
