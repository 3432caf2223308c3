internal import Base

// Numbers as people read them.

/// A number with as many decimals as make sense at its size: `0.042`, `3.4`, `12,345`.
func readable(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "–" }
  if value == value.rounded() || abs(value) >= 99.95 { return Human.count(Int(value.rounded())) }
  let decimals = abs(value) >= 0.95 ? 1 : 3
  let scale = decimals == 1 ? 10.0 : 1000.0
  let scaled = Int((abs(value) * scale).rounded())
  var fraction = String(scaled % Int(scale))
  fraction = String(repeating: "0", count: decimals - fraction.count) + fraction
  while fraction.count > 1, fraction.last == "0" { fraction.removeLast() }
  return "\(value < 0 ? "-" : "")\(scaled / Int(scale)).\(fraction)"
}

/// `a`, `a and b`, `a, b and 3 more`: at most six names.
func listed(_ names: [String]) -> String {
  if names.count > 6 { return names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more" }
  guard names.count > 1, let last = names.last else { return names.first ?? "" }
  return names.dropLast().joined(separator: ", ") + " and \(last)"
}
