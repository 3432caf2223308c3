internal import Base

/// A range as plans show and keep it: `all times`, `nothing new`, `before TIME, TIME to TIME, from TIME on`.
extension HistoryRange: CustomStringConvertible, Codable {
  private static let everything = "all times"
  private static let again = "all times again"
  private static let nothing = "nothing new"

  var description: String {
    if intervals.isEmpty { return HistoryRange.nothing }
    if intervals == [Interval()] { return isRepeated ? HistoryRange.again : HistoryRange.everything }
    return intervals.map(\.description).joined(separator: ", ")
  }

  init?(_ text: String) {
    switch text {
    case HistoryRange.nothing: self.init(intervals: [])
    case HistoryRange.everything: self = .all
    case HistoryRange.again: self.init(intervals: [Interval()], isRepeated: true)
    default:
      var intervals: [Interval] = []
      for piece in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let interval = Interval(piece.drop { $0 == " " }) else { return nil }
        intervals.append(interval)
      }
      self.init(intervals: intervals)
    }
  }

  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let range = HistoryRange(text) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a range"))
    }
    self = range
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension HistoryRange.Interval: CustomStringConvertible {
  var description: String {
    switch (from, until) {
    case (nil, nil): "all times"
    case (nil, let until?): "before \(until)"
    case (let from?, nil): "from \(from) on"
    case (let from?, let until?): "\(from) to \(until)"
    }
  }

  init?(_ text: some StringProtocol) {
    let words = text.split(separator: " ")
    func time(_ index: Int) -> Timestamp? { Timestamp(rfc3339: words[index]) }
    switch words.count {
    case 2 where words[0] == "before":
      guard let until = time(1) else { return nil }
      self.init(from: nil, until: until)
    case 3 where words[0] == "from" && words[2] == "on":
      guard let from = time(1) else { return nil }
      self.init(from: from, until: nil)
    case 3 where words[1] == "to":
      guard let from = time(0), let until = time(2) else { return nil }
      self.init(from: from, until: until)
    default: return nil
    }
  }
}

extension HistoryRange {
  /// About what part of a source's requests lies within, from 0 to 1, as if they were spread evenly between the first
  /// and the last of them.
  func share(from first: Timestamp?, through last: Timestamp?) -> Double {
    if intervals.isEmpty { return 0 }
    guard let first, let last, first < last, intervals != [Interval()] else { return 1 }
    let covered = intervals.reduce(0.0) { sum, interval in
      let from = max(first, interval.from ?? first)
      let until = min(last, interval.until ?? last)
      return sum + max(0, until.seconds(since: from))
    }
    return min(1, covered / last.seconds(since: first))
  }
}
