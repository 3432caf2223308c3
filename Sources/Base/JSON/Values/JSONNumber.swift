/// The number that a strict JSON spelling stands for; nil in the fault's place is never given.
///
/// Spelled without point and exponent it is an integer, `-0` excepted, whose sign only a double keeps. A longer
/// integer than 64 bits hold is accepted where a double holds its digits as ``jsonCanonicalText(_:)`` would
/// write them, and refused where digits would be lost.
func jsonNumber(_ spelling: Span<UInt8>, at offset: Int) throws(JSONFault) -> JSONValue {
  var isInteger = true
  var magnitude: UInt64 = 0
  var digits = 0
  let negative = spelling[0] == UInt8(ascii: "-")
  for index in (negative ? 1 : 0)..<spelling.count {
    let digit = spelling[index] &- 48
    if digit > 9 {
      isInteger = false
      break
    }
    if digits < 19 { magnitude = magnitude &* 10 &+ UInt64(digit) }
    digits += 1
  }
  if isInteger {
    if digits < 19 || (digits == 19 && magnitude <= UInt64(Int64.max) + (negative ? 1 : 0)) {
      if negative, magnitude == 0 { return .number(-0.0) }
      return .integer(negative ? Int64(truncatingIfNeeded: 0 &- magnitude) : Int64(magnitude))
    }
  }
  let text = String(decoding: spelling.indices.map { spelling[$0] }, as: UTF8.self)
  guard let number = Double(text), number.isFinite else { throw JSONFault(.numberTooLarge, at: offset) }
  if isInteger, jsonCanonicalText(number) != text { throw JSONFault(.integerTooLarge, at: offset) }
  return .number(number)
}

/// The text of a double in the canonical form: as ECMAScript writes it (RFC 8785 section 3.2.2.3), except that
/// an integer below 2⁶³ is written with all its digits, as an integer of that value would be.
func jsonCanonicalText(_ number: Double) -> String {
  invariant(number.isFinite, "JSON has no word for \(number)")
  if number == 0 { return "0" }
  if let integer = Int64(exactly: number) { return String(integer) }
  let (digits, point) = shortestDigits(number.magnitude)
  let text: String =
    if point >= 1, point <= 21 {
      if digits.count <= point {
        digits + String(repeating: "0", count: point - digits.count)
      } else {
        "\(digits.prefix(point)).\(digits.dropFirst(point))"
      }
    } else if point > -6, point <= 0 {
      "0." + String(repeating: "0", count: -point) + digits
    } else {
      "\(digits.prefix(1))\(digits.count > 1 ? "." : "")\(digits.dropFirst())e\(point > 0 ? "+" : "-")\(abs(point - 1))"
    }
  return number < 0 ? "-" + text : text
}

/// The fewest digits that give the number back, without zeros at their ends, and where the point stands: the
/// number is 0.digits × 10^point.
private func shortestDigits(_ number: Double) -> (digits: String, point: Int) {
  // Swift's description has the shortest digits, as ECMAScript wants them; only their arrangement differs.
  let parts = number.description.split(separator: "e")
  let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
  let whole = String(mantissa[0])
  let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
  var digits = Array((whole + fraction).utf8)
  var point = whole.utf8.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
  while digits.count > 1, digits.last == UInt8(ascii: "0") { digits.removeLast() }
  let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
  digits.removeFirst(zeros)
  point -= zeros
  return (String(decoding: digits, as: UTF8.self), point)
}
