import Testing

@testable import Migration

struct ChartTests {
  private static let axes: [(Double, [Double])] = [
    (0, [0, 1]), (1, [0, 0.25, 0.5, 0.75, 1]), (7, [0, 2, 4, 6, 8]), (38_400, [0, 10_000, 20_000, 30_000, 40_000]),
    (0.9, [0, 0.25, 0.5, 0.75, 1]), (1_000_000, [0, 250_000, 500_000, 750_000, 1_000_000]),
  ]

  @Test(arguments: axes)
  func `an axis has round marks and covers its maximum`(_ maximum: Double, _ marks: [Double]) {
    let axis = Axis(covering: maximum)
    #expect(zip(axis.marks, marks).allSatisfy { abs($0 - $1) < 1e-9 } && axis.marks.count == marks.count)
    #expect(axis.end >= maximum)
  }

  @Test func `whatever the maximum, an axis has two to six marks and wastes less than half`() {
    var maximum = 1e-6
    while maximum < 1e12 {
      let axis = Axis(covering: maximum)
      #expect((2...6).contains(axis.marks.count), "\(maximum)")
      #expect(axis.end >= maximum * (1 - 1e-9) && axis.end < maximum * 2, "\(maximum)")
      maximum *= 1.0713
    }
    #expect(Axis(covering: .nan).marks == [0, 1] && Axis(covering: .infinity).marks == [0, 1])
  }

  @Test(arguments: [(0.0, "0"), (12.5, "12.5"), (12.345, "12.35"), (-0.05, "-0.05"), (1000, "1000"), (3.1, "3.1")])
  func `coordinates are short and plain`(_ value: Double, _ text: String) {
    #expect(coordinate(value) == text)
  }

  @Test func `a line runs from the bottom left to the top right of what it shows`() {
    let chart = LineChart(
      title: "", description: "", lines: [.init(name: "a", points: [(0, 0), (50, 25), (100, 100)])],
      labelX: { readable($0) }, labelY: { readable($0) })
    #expect(chart.path([(0, 0), (50, 25), (100, 100)]) == "M0 300L500 225L1000 0")
  }

  @Test func `a chart of nothing and a chart of one point can be drawn`() {
    for points in [[], [(x: 3.0, y: 4.0)], [(x: 0.0, y: 0.0)]] {
      let chart = LineChart(
        title: "t", description: "d", lines: [.init(name: "a", points: points)], labelX: { readable($0) },
        labelY: { readable($0) })
      #expect(!chart.markup.text.contains("nan") && !chart.markup.text.contains("inf"))
      #expect(chart.markup.text.contains("h4") == (points.count == 1))
    }
  }

  @Test func `bars stand to the longest as their values do`() {
    func width(_ fraction: Double) -> String? {
      BarChart.drawing(fraction, isMarked: false).text.firstMatch(of: /class="fill" width="([^"]*)%"/).map {
        String($0.1)
      }
    }
    #expect(width(1) == "100" && width(0.5) == "50" && width(0) == "0" && width(.nan) == "0" && width(7) == "100")
    // What is small is still seen.
    #expect(width(0.000_01) == "0.4")
  }

  @Test func `numbers are not too exact`() {
    #expect(readable(0.0421) == "0.042" && readable(3.44) == "3.4" && readable(12_345.6) == "12,346")
    #expect(readable(0.9999) == "1.0" && readable(99.96) == "100" && readable(-2.5) == "-2.5")
    #expect(listed([]) == "" && listed(["a"]) == "a" && listed(["a", "b", "c"]) == "a, b and c")
    #expect(listed((1...9).map(String.init)) == "1, 2, 3, 4, 5 and 4 more")
  }
}
