/// Bars beside their labels and values.
///
/// The words are table cells and only the bars are drawn, so that it reads the same on a phone, on paper, and aloud.
struct BarChart {
  struct Bar {
    let label: Markup
    let value: Double
    /// What stands beside the bar: `12:41 min`.
    let text: String
    /// Part of a total that the bar stands out from, such as the step that failed.
    var isMarked = false
  }

  let caption: String
  let labelHeading: String
  let valueHeading: String
  let bars: [Bar]

  var markup: Markup {
    let longest = bars.map(\.value).filter(\.isFinite).max() ?? 0
    return """
      <div class="scroll" role="group" aria-label="\(caption)" tabindex="0"><table class="bars">
      <caption>\(caption)</caption>
      <thead><tr><th scope="col">\(labelHeading)</th><th scope="col" class="n">\(valueHeading)</th><td></td></tr></thead>
      <tbody>
      \(bars.map { row($0, longest) })</tbody></table></div>

      """
  }

  private func row(_ bar: Bar, _ longest: Double) -> Markup {
    """
    <tr><th scope="row">\(bar.label)</th><td class="n">\(bar.text)</td>\
    <td class="bar">\(BarChart.drawing(longest > 0 ? bar.value / longest : 0, isMarked: bar.isMarked))</td></tr>

    """
  }

  /// One bar: a rounded rectangle over so much of the width that is there; a sliver for what is small but not zero.
  static func drawing(_ fraction: Double, isMarked: Bool) -> Markup {
    let kept = fraction.isFinite ? min(1, max(0, fraction)) : 0
    let width = kept == 0 ? 0 : max(0.4, kept * 100)
    return """
      <svg width="100%" height="14" aria-hidden="true" focusable="false">\
      <rect class="track" width="100%" height="14" rx="3"/>\
      <rect class="\(isMarked ? "marked" : "fill")" width="\(coordinate(width))%" height="14" rx="3"/></svg>
      """
  }
}
