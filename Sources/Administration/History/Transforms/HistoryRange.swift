internal import Base

/// The times that an import brings: half-open intervals in UTC, ascending and apart. Without any, nothing is asked for.
struct HistoryRange: Sendable, Equatable {
  struct Interval: Sendable, Equatable {
    /// The first instant that belongs to it; nil is open.
    var from: Timestamp?
    /// The first instant after it; nil is open.
    var until: Timestamp?

    func contains(_ time: Timestamp) -> Bool {
      if let from, time < from { return false }
      if let until, time >= until { return false }
      return true
    }
  }

  var intervals: [Interval]
  /// Whether all times were imported before, and with them the rows that have no time, such as a property whose request
  /// is gone. These come once.
  var isRepeated = false

  static let all = HistoryRange(intervals: [Interval()])

  func contains(_ time: Timestamp) -> Bool {
    for interval in intervals where interval.contains(time) { return true }
    return false
  }

  /// Whether everything is asked for, rows without a time included.
  var isAll: Bool { intervals == [Interval()] && !isRepeated }

  /// What is left of this range once other intervals are taken out of it.
  func subtracting(_ others: [Interval]) -> HistoryRange {
    var rest = intervals
    for other in others {
      rest = rest.flatMap { interval -> [Interval] in
        var pieces: [Interval] = []
        if let start = other.from, interval.from.map({ $0 < start }) ?? true {
          let end = min(start, interval.until ?? start)
          pieces.append(Interval(from: interval.from, until: end))
        }
        if let end = other.until, interval.until.map({ $0 > end }) ?? true {
          let start = max(end, interval.from ?? end)
          pieces.append(Interval(from: start, until: interval.until))
        }
        return pieces.filter { piece in
          guard let from = piece.from, let until = piece.until else { return true }
          return from < until
        }
      }
    }
    return HistoryRange(intervals: rest, isRepeated: isRepeated)
  }
}
