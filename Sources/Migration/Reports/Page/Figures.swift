internal import Base

// Numbers as people read them.

/// `1,234,567`.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude).utf8)
  var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(UInt8(ascii: ",")) }
    text.append(digit)
  }
  return String(decoding: text, as: UTF8.self)
}

/// A number with as many decimals as make sense at its size: `0.042`, `3.4`, `12,345`.
func readable(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e15 else { return "–" }
  if value == value.rounded() || abs(value) >= 99.95 { return grouped(Int(value.rounded())) }
  let decimals = abs(value) >= 0.95 ? 1 : 3
  let scale = decimals == 1 ? 10.0 : 1000.0
  let scaled = Int((abs(value) * scale).rounded())
  var fraction = String(scaled % Int(scale))
  fraction = String(repeating: "0", count: decimals - fraction.count) + fraction
  while fraction.count > 1, fraction.last == "0" { fraction.removeLast() }
  return "\(value < 0 ? "-" : "")\(scaled / Int(scale)).\(fraction)"
}

/// `0.4 s`, `47 s`, `12:41 min`, `3:05:00 h`, `2 d 4 h`.
func duration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
  if seconds < 9.95 { return "\(readable((seconds * 10).rounded() / 10)) s" }
  let whole = Int(seconds.rounded())
  func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
  return switch whole {
  case ..<60: "\(whole) s"
  case ..<3600: "\(whole / 60):\(two(whole % 60)) min"
  case ..<172_800: "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60)) h"
  default: "\(whole / 86_400) d \(whole / 3600 % 24) h"
  }
}

/// `2026-11-20 15:05:45 UTC`, to the second.
func readable(_ instant: Timestamp) -> String {
  let whole = instant.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
  let seconds = whole.remainder < 0 ? whole.quotient - 1 : whole.quotient
  var text = CivilTime(Timestamp(microseconds: seconds * 1_000_000), offsetMinutes: 0).description
  if let index = text.firstIndex(of: "T") { text.replaceSubrange(index...index, with: " ") }
  return text + " UTC"
}

/// `a`, `a and b`, `a, b and 3 more`: at most six names.
func listed(_ names: [String]) -> String {
  if names.count > 6 { return names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more" }
  guard names.count > 1, let last = names.last else { return names.first ?? "" }
  return names.dropLast().joined(separator: ", ") + " and \(last)"
}

/// `1 row`, `2 rows`.
func counted(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
  "\(grouped(number)) \(number == 1 ? singular : plural ?? singular + "s")"
}
