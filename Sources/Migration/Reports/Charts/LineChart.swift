/// Lines over time in one plane, each with a colour and a dash pattern of its own.
///
/// The drawing is stretched to the width that is there; strokes keep their width, and all words stand outside of it.
struct LineChart {
  struct Line {
    let name: String
    let points: [(x: Double, y: Double)]
  }

  static let colours = 6
  /// The drawing's own units, stretched to whatever the page gives.
  static let width = 1000.0
  static let height = 300.0

  let title: String
  /// The whole of it in words, for those who do not see it.
  let description: String
  let lines: [Line]
  let labelX: (Double) -> String
  let labelY: (Double) -> String

  private let axisX: Axis
  private let axisY: Axis

  init(
    title: String, description: String, lines: [Line], labelX: @escaping (Double) -> String,
    labelY: @escaping (Double) -> String
  ) {
    self.title = title
    self.description = description
    self.lines = lines
    self.labelX = labelX
    self.labelY = labelY
    axisX = Axis(covering: lines.flatMap(\.points).map(\.x).max() ?? 0)
    axisY = Axis(covering: lines.flatMap(\.points).map(\.y).max() ?? 0)
  }

  var markup: Markup {
    """
    <figure class="chart">
    <figcaption>\(title)</figcaption>
    <div class="plot">
    <ol class="y" aria-hidden="true">\(axisY.marks.reversed().map { "<li>\(labelY($0))</li>" as Markup })</ol>
    <svg viewBox="0 0 1000 300" preserveAspectRatio="none" role="img" aria-label="\(description)" focusable="false">
    \(grid)\(lines.enumerated().map { drawing($1, number: $0) })</svg>
    <ol class="x" aria-hidden="true">\(axisX.marks.map { "<li>\(labelX($0))</li>" as Markup })</ol>
    </div>
    </figure>

    """
  }

  private var grid: Markup {
    var all = Markup()
    for mark in axisY.marks {
      let y = coordinate(LineChart.height * (1 - axisY.fraction(mark)))
      all += "<line class=\"grid\" x1=\"0\" x2=\"1000\" y1=\"\(y)\" y2=\"\(y)\"/>\n"
    }
    return all
  }

  private func drawing(_ line: Line, number: Int) -> Markup {
    let path = path(line.points)
    guard let first = line.points.first, let last = line.points.last else { return Markup() }
    let kind = "s\(number % LineChart.colours)"
    let from = coordinate(LineChart.width * axisX.fraction(first.x))
    let to = coordinate(LineChart.width * axisX.fraction(last.x))
    // One point is no line: a short stroke shows it.
    let stroke = line.points.count == 1 ? "\(path)h4" : path
    return """
      <path class="area \(kind)" d="\(path)L\(to) 300L\(from) 300Z"/>
      <path class="line \(kind)" d="\(stroke)" vector-effect="non-scaling-stroke"/>

      """
  }

  /// `M0 300L12.5 80…`: what SVG calls a path.
  func path(_ points: [(x: Double, y: Double)]) -> String {
    var path = ""
    for (index, point) in points.enumerated() {
      let x = coordinate(LineChart.width * axisX.fraction(point.x))
      let y = coordinate(LineChart.height * (1 - axisY.fraction(point.y)))
      path += "\(index == 0 ? "M" : "L")\(x) \(y)"
    }
    return path
  }
}
