internal import Base
internal import Transfer

/// Which rows of a source an import was to bring.
struct ComparisonScope: Sendable {
  /// Microseconds since 1970 in UTC, from the first instant within to the first one beyond.
  private let intervals: [(from: Int64, until: Int64)]
  /// Whether every time is within.
  private let isAll: Bool
  /// Unfinished tasks come whatever their time is, or not at all.
  let includesUnfinishedTasks: Bool
  /// Whether properties and sections come whose request the source does not have (any more). They have no time.
  let includesOrphans: Bool
  /// Rows that the import put into its reject file.
  let rejected: RejectedRows
  /// Requests that earlier imports have brought, with all that belongs to them.
  let skipped: EarlierRequests

  /// - Parameter range: A request counts by its submission, with its properties and sections; a finished task by when
  ///   it was due, else by its request. Without any interval only unfinished tasks come.
  init(
    _ range: HistoryRange, includesUnfinishedTasks: Bool = true, includesOrphans: Bool = true,
    rejected: RejectedRows = RejectedRows(), skipped: EarlierRequests = EarlierRequests()
  ) {
    intervals = range.intervals.map { ($0.from?.microseconds ?? .min, $0.until?.microseconds ?? .max) }
    isAll = intervals.contains { $0 == (.min, .max) }
    self.includesUnfinishedTasks = includesUnfinishedTasks
    self.includesOrphans = includesOrphans
    self.rejected = rejected
    self.skipped = skipped
  }

  /// Whether rows must be asked for their time.
  var hasRange: Bool { !isAll }

  /// Whether an instant is within, in microseconds since 1970. A row of unknown time counts as within: what cannot
  /// be read is rejected by name or missed.
  func contains(_ microseconds: Int64?) -> Bool {
    guard !isAll, let microseconds else { return true }
    for interval in intervals where microseconds >= interval.from && microseconds < interval.until { return true }
    return false
  }
}

/// Rows of a source that were rejected, by their keys in the source.
struct RejectedRows: Sendable {
  var requests: Set<Key> = []
  /// Rows of the task tables; UUIDs are unique over all of them.
  var tasks: Set<Key> = []
  /// Rows of the section table in 7.6 and 8.0, by their own key.
  var sections: Set<Key> = []
  /// Rows of property and section tables from 8.1 on, by their request and ordinal.
  var properties: Set<Child> = []
  var dividedSections: Set<Child> = []

  /// A row that has its request's key. Without an ordinal: all that the request has of the kind.
  struct Child: Hashable, Sendable {
    let request: Key
    let ordinal: Int64?

    init(_ request: Key, _ ordinal: Int64?) {
      self.request = request
      self.ordinal = ordinal
    }
  }
}

extension Set<RejectedRows.Child> {
  func has(_ request: Key, _ ordinal: Int64) -> Bool {
    !isEmpty
      && (contains(RejectedRows.Child(request, ordinal)) || contains(RejectedRows.Child(request, nil)))
  }
}
