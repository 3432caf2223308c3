internal import Base

/// Puts together when an object had which name, from the requests made under each and from its renamings.
struct NameHistory {
  private struct Evidence {
    var first: Timestamp
    var last: Timestamp
    /// When it was given last.
    var given: Timestamp?
  }

  private var evidence: [String: Evidence] = [:]

  mutating func seen(_ name: String, from first: Timestamp, to last: Timestamp) {
    note(name, at: first)
    note(name, at: last)
  }

  mutating func renamed(_ old: String, to new: String, at time: Timestamp) {
    note(old, at: time)
    note(new, at: time)
    let given = evidence[new]?.given ?? time
    evidence[new]?.given = max(given, time)
  }

  private mutating func note(_ name: String, at time: Timestamp) {
    var known = evidence[name] ?? Evidence(first: time, last: time)
    known.first = min(known.first, time)
    known.last = max(known.last, time)
    evidence[name] = known
  }

  /// Oldest first. The first name reaches back, and the last one on, without an end; a name that came back keeps one
  /// span, from the first time to the last.
  var spans: [HistoryName] {
    func isBefore(_ left: (key: String, value: Evidence), _ right: (key: String, value: Evidence)) -> Bool {
      (left.value.first, left.value.last, left.key) < (right.value.first, right.value.last, right.key)
    }
    let ordered = evidence.sorted(by: isBefore)
    // The newest is the one that was given last and not given up since, or else the one seen last.
    let newest = evidence.max { left, right in
      let (one, other) = (left.value, right.value)
      return (one.given ?? one.first, one.last, left.key) < (other.given ?? other.first, other.last, right.key)
    }?.key
    return ordered.enumerated().map { index, entry in
      HistoryName(
        name: entry.key,
        span: TimeSpan(
          from: index == 0 ? nil : entry.value.first, until: entry.key == newest ? nil : after(entry.value.last)))
    }.sorted { $1.name == newest && $0.name != newest }
  }
}
