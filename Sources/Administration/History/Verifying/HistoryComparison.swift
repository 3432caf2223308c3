internal import Base
internal import Database
internal import Synchronization
internal import Transfer

/// Compares the management history of one source with what an import has made of it.
///
/// Shares no code with the import. Both sides are told as *facts* in the source's own vocabulary: one for each
/// request, changed property, section and task, with the key of its source row. What the destination holds is
/// projected back: states to the ones they came from, instants to local times, repaired texts to their original
/// bytes. A fact that only one side has, or has more often, shows in the sums of its range of keys.
struct HistoryComparison: Sendable {
  let source: String
  let layout: SourceLayout
  let scope: ComparisonScope
  let importID: Int64
  let openSource: @Sendable () throws -> Connection
  let openDestination: @Sendable () throws -> Connection
  let skippedTasks: SkippedTasks
  let progress: ReadProgress

  /// How many readers each side has.
  static let shares = 2
  /// Ranges in which differences are told apart.
  static let ranges = 1024

  /// - Parameters:
  ///   - source: its name, for the subjects.
  ///   - openSource: opens it for one reader of several; all must see the same state.
  ///   - openDestination: opens the 8.2 history, likewise.
  ///   - importID: tells the rows that came from this source.
  ///   - range: the times that were asked for.
  ///   - takesUnfinishedTasks: whether unfinished tasks were to come (then all of them).
  ///   - takesOrphans: whether properties and sections were to come whose request the source does not have.
  ///   - rejected: rows that the import put into its reject file.
  ///   - skippedRequests: requests that earlier imports have brought, by their keys in the source.
  ///   - skippedTasks: tasks that neither side counts.
  ///   - progress: called with rows read, by several threads; what it throws ends the reading.
  init(
    source: String, release: Release, openSource: @escaping @Sendable () throws -> Connection,
    openDestination: @escaping @Sendable () throws -> Connection, importID: Int64, range: HistoryRange,
    takesUnfinishedTasks: Bool = true, takesOrphans: Bool = true, rejected: RejectedRows = RejectedRows(),
    skippedRequests: EarlierRequests = EarlierRequests(), skippedTasks: SkippedTasks = SkippedTasks(),
    progress: @escaping @Sendable (Int) throws -> Void = { _ in }
  ) {
    self.source = source
    layout = SourceLayout(release)
    scope = ComparisonScope(
      range, includesUnfinishedTasks: takesUnfinishedTasks, includesOrphans: takesOrphans, rejected: rejected,
      skipped: skippedRequests)
    self.openSource = openSource
    self.openDestination = openDestination
    self.importID = importID
    self.skippedTasks = skippedTasks
    self.progress = ReadProgress(progress)
  }

  /// One comparison of requests with their properties and sections, and one of tasks.
  func comparisons() -> [StreamComparison] {
    [ComparedRows.requests, .tasks].map { rows in
      let expected = SharedPieces()
      let found = SharedPieces()
      return StreamComparison(
        subject: "\(source)/\(rows)",
        bounds: { try bounds(rows) },
        expected: (0..<HistoryComparison.shares).map { share in
          { sums in sums = try readSource(rows, expected, share, sums, trace: nil) }
        },
        found: (0..<HistoryComparison.shares).map { share in
          { sums in sums = try readDestination(rows, found, share, sums, trace: nil) }
        })
    }
  }

  private func bounds(_ rows: ComparedRows) throws -> [Key] {
    let connection = try openSource()
    let tables = rows == .requests ? [layout.requestTable] : layout.taskTables.map(\.name)
    guard
      let (lowest, highest) = try KeyPieces.extremes(
        of: tables.map { ($0, "id") }, layout.keyKind, on: connection)
    else { return [] }
    return KeyRange.cut(from: lowest, through: highest, into: HistoryComparison.ranges).compactMap(\.upper)
  }
}

/// What one comparison looks at.
enum ComparedRows: String, Sendable, CustomStringConvertible {
  /// With their properties and sections.
  case requests
  case tasks

  var description: String { rawValue }
}

/// Pieces of keys that several readers have to agree on, made by whoever comes first.
final class SharedPieces: Sendable {
  private let pieces = Mutex<[String: KeyPieces]>([:])

  /// The pieces of one reader. The first call for a name makes them.
  func share(_ index: Int, of name: String, _ make: () throws -> KeyPieces) throws -> [KeyRange] {
    let pieces = try pieces.withLock { known in
      if let pieces = known[name] { return pieces }
      let pieces = try make()
      known[name] = pieces
      return pieces
    }
    return pieces.share(index, of: HistoryComparison.shares)
  }
}
