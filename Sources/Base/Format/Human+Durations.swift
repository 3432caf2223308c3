extension Human {
  /// `350 ms`, `4.2 s`, `42 s`, `2 min 05 s`, `1 h 03 min`, `2 d 04 h`: the two largest units.
  public static func duration(seconds: Double) -> String {
    guard seconds.isFinite, seconds.magnitude < 1e15 else { return "–" }
    let sign = seconds < 0 ? "-" : ""
    let length = seconds.magnitude
    if length == 0 { return "0 s" }
    if length < 0.9995 { return length < 0.001 ? "<1 ms" : "\(sign)\(decimal(length * 1000, places: 0)) ms" }
    if length < 9.95 { return "\(sign)\(decimal(length, places: 1)) s" }
    let whole = Int64(length.rounded())
    if whole < 60 { return "\(sign)\(whole) s" }
    if whole < 3600 { return "\(sign)\(whole / 60) min \(twoDigits(whole % 60)) s" }
    // Rounded to the smaller unit first, so that 1 h 59 min 45 s is 2 h and not 1 h 60 min.
    let minutes = (whole + 30) / 60
    if minutes < 24 * 60 { return "\(sign)\(minutes / 60) h \(twoDigits(minutes % 60)) min" }
    let hours = (whole + 1800) / 3600
    return "\(sign)\(count(hours / 24)) d \(twoDigits(hours % 24)) h"
  }

  /// How long something will still take, as coarse as such a guess is, and rounded up: `less than 10 s`,
  /// `about 40 s`, `about 3 min`, `about 2 h 30 min`, `about 3 d 4 h`; a dash where nobody knows.
  public static func remaining(seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "–" }
    let whole = Int64(seconds.rounded(.up))
    if whole < 10 { return "less than 10 s" }
    let tens = roundedUp(whole, to: 10)
    if tens < 60 { return "about \(tens) s" }
    let minutes = roundedUp(whole, to: 60) / 60
    if minutes < 60 { return "about \(minutes) min" }
    let coarse = roundedUp(minutes, to: 10)
    if coarse < 24 * 60 {
      return coarse % 60 == 0 ? "about \(coarse / 60) h" : "about \(coarse / 60) h \(coarse % 60) min"
    }
    let hours = roundedUp(minutes, to: 60) / 60
    return hours % 24 == 0 ? "about \(count(hours / 24)) d" : "about \(count(hours / 24)) d \(hours % 24) h"
  }

  /// The seconds that are left at the speed up to now; nil before anything is known.
  public static func estimate(done: Int64, of whole: Int64, elapsed seconds: Double) -> Double? {
    guard done > 0, whole >= done, seconds > 0 else { return nil }
    return seconds / Double(done) * Double(whole - done)
  }

  private static func roundedUp(_ number: Int64, to step: Int64) -> Int64 { (number + step - 1) / step * step }

  private static func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
