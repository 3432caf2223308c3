public import Base

/// Which entries of a history are asked for.
public struct HistoryFilter: Sendable, Equatable, Encodable {
  /// The first instant that belongs to it; nil is open.
  public var since: Timestamp?
  /// The first instant after it; nil is open.
  public var until: Timestamp?
  /// How many entries at most, the newest ones; nil for all.
  public var limit: Int?

  public init(since: Timestamp? = nil, until: Timestamp? = nil, limit: Int? = nil) {
    self.since = since
    self.until = until
    self.limit = limit
  }

  var span: TimeSpan { TimeSpan(from: since, until: until) }
}

/// A half-open span of time; nil is open.
public struct TimeSpan: Sendable, Equatable, Encodable {
  /// The first instant that belongs to it.
  public var from: Timestamp?
  /// The first instant after it.
  public var until: Timestamp?

  public init(from: Timestamp? = nil, until: Timestamp? = nil) {
    self.from = from
    self.until = until
  }

  /// What belongs to both; nil for nothing.
  func intersection(_ other: TimeSpan) -> TimeSpan? {
    let from = [from, other.from].compactMap { $0 }.max()
    let until = [until, other.until].compactMap { $0 }.min()
    if let from, let until, from >= until { return nil }
    return TimeSpan(from: from, until: until)
  }

  public func contains(_ time: Timestamp) -> Bool {
    if let from, time < from { return false }
    if let until, time >= until { return false }
    return true
  }
}
