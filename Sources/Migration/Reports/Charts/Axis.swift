/// A scale from zero to a round number above a maximum, with evenly spaced marks.
struct Axis: Equatable {
  /// What stands at the end of the scale.
  let end: Double
  /// From zero to the end.
  let marks: [Double]

  /// - Parameter intervals: about how many intervals between marks; at most one more or two fewer come out.
  init(covering maximum: Double, intervals: Int = 4) {
    guard maximum > 0, maximum.isFinite else {
      end = 1
      marks = [0, 1]
      return
    }
    let rough = maximum / Double(intervals)
    var power = 1.0
    while power * 10 <= rough { power *= 10 }
    while power > rough { power /= 10 }
    let step = [1.0, 2, 2.5, 5, 10].map { $0 * power }.first { $0 >= rough * 0.999_999 } ?? power * 10
    let count = Int((maximum / step - 1e-9).rounded(.up))
    marks = (0...max(1, count)).map { Double($0) * step }
    end = Double(max(1, count)) * step
  }

  /// Where a value lies, 0…1.
  func fraction(_ value: Double) -> Double { min(1, max(0, value / end)) }
}

/// A number for an SVG attribute: at most two decimals, never an exponent.
func coordinate(_ value: Double) -> String {
  guard value.isFinite else { return "0" }
  let hundredths = Int((value * 100).rounded())
  let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
  var text = hundredths < 0 ? "-\(whole)" : "\(whole)"
  if rest > 0 {
    let digits = rest < 10 ? "0\(rest)" : "\(rest)"
    text += "." + (digits.hasSuffix("0") ? String(digits.dropLast()) : digits)
  }
  return text
}
