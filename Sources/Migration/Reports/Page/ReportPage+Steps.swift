internal import Base

extension ReportPage {
  /// Steps with their times, and the speed over time.
  var steps: Chapter? {
    guard !report.steps.isEmpty else { return nil }
    let done = Set(report.stepsDone)
    var bars = report.steps.map { bar($0.title, id: $0.id, done) }
    let planned = Set(report.steps.map(\.id))
    for id in report.stepSeconds.keys.sorted() where !planned.contains(id) { bars.append(bar(id, id: id, done)) }
    if let verification = report.verification {
      bars.append(
        BarChart.Bar(
          label: "Compare both sides", value: verification.seconds, text: Human.duration(verification.seconds))
      )
    }
    let chart = BarChart(caption: "Time by step", labelHeading: "Step", valueHeading: "Time", bars: bars)
    return Chapter(id: "steps", title: "Steps and times", body: "\(chart.markup)\(speed)")
  }

  private func bar(_ title: String, id: String, _ done: Set<String>) -> BarChart.Bar {
    guard let seconds = report.stepSeconds[id] else {
      return BarChart.Bar(
        label: "\(title)\(done.contains(id) ? Markup() : " <small>not begun</small>")", value: 0, text: "–")
    }
    let isDone = done.contains(id)
    return BarChart.Bar(
      label: "\(title)\(isDone ? Markup() : " <small>not done</small>")", value: seconds,
      text: Human.duration(seconds),
      isMarked: !isDone)
  }

  /// Rows per second over the time worked.
  private var speed: Markup {
    // Most rows first: that line gets the solid stroke.
    func rows(_ series: ThroughputSeries) -> Double { series.points.reduce(0) { $0 + $1.rowsPerSecond } }
    let series = report.throughput.filter { !$0.points.isEmpty }.sorted { rows($0) > rows($1) }
    guard !series.isEmpty else { return Markup() }
    let titles = Dictionary(report.steps.map { ($0.id, $0.title) }, uniquingKeysWith: { first, _ in first })
    let lines = series.map { one in
      LineChart.Line(
        name: titles[one.step] ?? one.step, points: one.points.map { ($0.second, $0.rowsPerSecond) })
    }
    func peak(_ line: LineChart.Line) -> Double { line.points.map(\.y).max() ?? 0 }
    func mean(_ line: LineChart.Line) -> Double {
      line.points.isEmpty ? 0 : line.points.reduce(0) { $0 + $1.y } / Double(line.points.count)
    }
    let words = lines.map {
      "\($0.name): \(readable(mean($0).rounded())) on average, \(readable(peak($0).rounded())) at most"
    }
    let chart = LineChart(
      title: "Rows per second over the time worked",
      description: "Line chart of rows per second. \(words.joined(separator: ". ")).", lines: lines,
      labelX: { Human.duration($0) }, labelY: { short($0) })
    let legend = PageTable(
      "Speed by step",
      [.init("Step"), .init("On average", .number), .init("At most", .number)],
      lines.enumerated().map { number, line in
        [
          "\(LineChart.key(number))\(line.name)", "\(readable(mean(line).rounded())) rows/s",
          "\(readable(peak(line).rounded())) rows/s",
        ]
      })
    return "\(chart.markup)\(legend.markup)"
  }

  /// `250 k` for the side of a chart.
  private func short(_ value: Double) -> String {
    if value >= 1_000_000 { return "\(readable(value / 1_000_000)) M" }
    return value >= 10_000 ? "\(readable(value / 1000)) k" : readable(value)
  }
}

extension LineChart {
  /// A stroke as a line of that number has it.
  static func key(_ number: Int) -> Markup {
    """
    <svg class="key" viewBox="0 0 24 10" width="24" height="10" aria-hidden="true" focusable="false">\
    <path class="line s\(number % colours)" d="M1 5h22"/></svg>
    """
  }
}
