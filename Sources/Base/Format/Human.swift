/// Numbers as people read them, in English, the same on every machine.
///
/// For reports and progress only: programs get the plain numbers.
public enum Human {
  /// `1,234,567`.
  public static func count(_ number: Int64) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  public static func count(_ number: Int) -> String { count(Int64(number)) }

  /// `1 row`, `2,000 rows`.
  ///
  /// - Parameter plural: nil adds an s.
  public static func count(_ number: Int64, _ singular: String, plural: String? = nil) -> String {
    "\(count(number)) \(number == 1 ? singular : plural ?? singular + "s")"
  }

  /// `512 B`, `1.5 KiB`, `230 MiB`: powers of 1024, at least two digits that count.
  public static func bytes(_ number: Int64) -> String {
    let sign = number < 0 ? "-" : ""
    if number.magnitude < 1024 { return "\(sign)\(number.magnitude) B" }
    var value = Double(number.magnitude)
    var unit = 0
    // 1,023.5 KiB would be rounded to 1024.
    while value >= 1023.5, unit < 6 {
      value /= 1024
      unit += 1
    }
    return "\(sign)\(short(value)) \(["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][unit])"
  }

  /// `12,345 rows/s`, `3.2 rows/s`; a dash where there is no rate yet.
  public static func rate(_ perSecond: Double, _ unit: String) -> String {
    guard perSecond.isFinite, perSecond >= 0, perSecond < 1e18 else { return "– \(unit)/s" }
    return "\(perSecond < 99.95 ? short(perSecond) : count(Int64(perSecond.rounded()))) \(unit)/s"
  }

  /// `12.3 MiB/s`; a dash where there is no rate yet.
  public static func byteRate(_ perSecond: Double) -> String {
    guard perSecond.isFinite, perSecond >= 0, perSecond < 1e18 else { return "– B/s" }
    return bytes(Int64(perSecond.rounded())) + "/s"
  }

  /// `42.3 %` of a whole. Says `100 %` and `0 %` only where that is exact: a report must not call the last
  /// missing row nothing. A dash for a part of nothing.
  public static func percentage(_ part: Int64, of whole: Int64) -> String {
    guard whole > 0 else { return "–" }
    if part == whole { return "100 %" }
    if part == 0 { return "0 %" }
    let share = Double(part) / Double(whole) * 100
    if part > 0, share < 0.05 { return "<0.1 %" }
    if part < whole, share > 99.9 { return ">99.9 %" }
    return decimal(share, places: 1) + " %"
  }

  /// One decimal below 100, none above: `1.5`, `99.9`, `230`.
  private static func short(_ value: Double) -> String {
    value < 99.95 ? decimal(value, places: 1) : decimal(value, places: 0)
  }

  /// A number with a fixed count of decimals, rounded half away from zero.
  static func decimal(_ value: Double, places: Int) -> String {
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let scaled = Int64((value.magnitude * scale).rounded())
    let whole = scaled / Int64(scale)
    let rest = String(scaled % Int64(scale))
    let sign = value < 0 && scaled != 0 ? "-" : ""
    if places == 0 { return sign + String(whole) }
    return "\(sign)\(whole).\(String(repeating: "0", count: places - rest.utf8.count))\(rest)"
  }
}
