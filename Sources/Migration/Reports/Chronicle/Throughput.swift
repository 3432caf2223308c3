/// The speed of one step over the time that was worked on the run.
public struct ThroughputSeries: Sendable, Codable, Equatable {
  public struct Point: Sendable, Codable, Equatable {
    /// The middle of the interval, in seconds of work since the run began; pauses between attempts are left out.
    public let second: Double
    public let rowsPerSecond: Double

    public init(second: Double, rowsPerSecond: Double) {
      self.second = second
      self.rowsPerSecond = rowsPerSecond
    }
  }

  /// The step's id.
  public let step: String
  /// Equally wide intervals, one after the other.
  public let points: [Point]

  public init(step: String, points: [Point]) {
    self.step = step
    self.points = points
  }
}

/// Rows over time in a fixed number of intervals: each time they are full, pairs become one.
struct Throughput {
  static let intervalLimit = 240
  static let stepLimit = 12

  /// Seconds of one interval.
  private(set) var width = 0.5
  /// Seconds worked so far.
  private(set) var now = 0.0
  /// In the order in which the steps first carried something.
  private var steps: [(id: String, intervals: [Interval])] = []
  /// What a step had done at its last progress, and when that was.
  private var told: [String: (rows: Int, at: Double)] = [:]

  private struct Interval {
    var rows = 0.0
    /// How much of the interval the step was at work.
    var seconds = 0.0
  }

  mutating func advance(seconds: Double) {
    now += seconds
    while now / width >= Double(Throughput.intervalLimit) {
      width *= 2
      for index in steps.indices { steps[index].intervals = Throughput.halved(steps[index].intervals) }
    }
  }

  /// A step begins or begins again: what it does from now on is not spread over the pause before.
  mutating func begin(step: String) { told[step] = (told[step]?.rows ?? 0, now) }

  /// Spreads what was done since the last progress evenly over the time since then.
  mutating func take(_ progress: Progress) {
    let before = told[progress.step] ?? (0, now)
    told[progress.step] = (progress.rowsDone, now)
    let done = Double(max(0, progress.rowsDone - before.rows))
    guard let index = index(of: progress.step, carrying: done > 0) else { return }
    let first = Int(before.at / width)
    let last = Int(now / width)
    while steps[index].intervals.count <= last { steps[index].intervals.append(Interval()) }
    guard now > before.at else {
      steps[index].intervals[last].rows += done
      return
    }
    for number in first...last {
      let from = max(before.at, Double(number) * width)
      let to = min(now, Double(number + 1) * width)
      guard to > from else { continue }
      steps[index].intervals[number].rows += done * (to - from) / (now - before.at)
      steps[index].intervals[number].seconds += to - from
    }
  }

  /// One series a step: from its first interval with rows to its last, standstills in between as zero.
  var series: [ThroughputSeries] {
    steps.compactMap { id, intervals in
      guard let first = intervals.firstIndex(where: { $0.rows > 0 }),
        let last = intervals.lastIndex(where: { $0.rows > 0 })
      else { return nil }
      let points = (first...last).map { number in
        let interval = intervals[number]
        // An interval that was hardly begun tells nothing of the speed.
        let seconds = interval.seconds >= width / 8 ? interval.seconds : width
        return ThroughputSeries.Point(
          second: Throughput.rounded((Double(number) + 0.5) * width),
          rowsPerSecond: Throughput.rounded(interval.rows / seconds))
      }
      return ThroughputSeries(step: id, points: points)
    }
  }

  private mutating func index(of step: String, carrying: Bool) -> Int? {
    if let known = steps.firstIndex(where: { $0.id == step }) { return known }
    guard carrying, steps.count < Throughput.stepLimit else { return nil }
    steps.append((step, []))
    return steps.count - 1
  }

  private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

  private static func halved(_ intervals: [Interval]) -> [Interval] {
    stride(from: 0, to: intervals.count, by: 2).map { number in
      guard number + 1 < intervals.count else { return intervals[number] }
      let (left, right) = (intervals[number], intervals[number + 1])
      return Interval(rows: left.rows + right.rows, seconds: left.seconds + right.seconds)
    }
  }
}
