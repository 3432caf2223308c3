/// Numbers and times as people read them, in English, the same on every machine.
///
/// For terminals, pages and messages only: programs get the plain numbers.
public enum Human {
  /// `1,234,567`.
  public static func count(_ number: Int) -> String {
    let digits = Array(String(number.magnitude).utf8)
    var text: [UInt8] = number < 0 ? [UInt8(ascii: "-")] : []
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(UInt8(ascii: ",")) }
      text.append(digit)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// `1 row`, `2,000 rows`.
  ///
  /// - Parameter plural: nil adds an s.
  public static func count(_ number: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(count(number)) \(number == 1 ? singular : plural ?? singular + "s")"
  }

  /// `48.1 MB`, in powers of 1000.
  public static func bytes(_ number: Int) -> String { bytes(Double(number)) }

  /// `48.1 MB`, in powers of 1000; for a rate put `/s` behind it.
  public static func bytes(_ number: Double) -> String {
    let units = ["B", "kB", "MB", "GB", "TB", "PB"]
    var value = max(0, number)
    var unit = 0
    while value >= 999.5, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return "\(unit == 0 ? String(Int(value)) : oneDecimal(value)) \(units[unit])"
  }

  /// `3.4`; whole from 100 on.
  public static func oneDecimal(_ value: Double) -> String {
    if value >= 99.95 { return count(Int(value.rounded())) }
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }

  /// `3.4 s`, `47 s`, `12:41 min`, `3:05:00 h`, `2 d 4 h`; a dash for what is no duration.
  public static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "–" }
    if seconds < 9.95 { return "\(oneDecimal(max(0, seconds))) s" }
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
  public static func instant(_ instant: Timestamp) -> String {
    var civil = CivilTime(instant, offsetMinutes: 0)
    civil.microsecond = 0
    var text = civil.description
    if let index = text.firstIndex(of: "T") { text.replaceSubrange(index...index, with: " ") }
    return text + " UTC"
  }
}
