internal import Base
internal import Glibc

/// When a run shall begin, as `--at` says it.
enum StartTime {
  /// Reads RFC 3339 with a zone, or `HH:MM` as the next such time on this machine's clock.
  ///
  /// - Throws: ``CommandLineError`` `usage` for anything else, and for what is past.
  static func parse(_ text: String, now: Timestamp) throws(CommandLineError) -> Timestamp {
    if text.utf8.count == 5, let start = next(text, after: now) { return start }
    guard text.utf8.count > 10, let start = Timestamp(rfc3339: text) else {
      throw refused("\(quoted(text)) is no time")
    }
    guard start > now else { throw refused("\(Human.instant(start)) is past") }
    return start
  }

  private static func refused(_ reason: String) -> CommandLineError {
    CommandLineError(
      .usage, doing: "read --at", reason: reason,
      advice: "write 2026-11-20T23:30:00+01:00, or 23:30 for the next time that the clock here shows it")
  }

  /// The next moment at which the clock shows that time; nil for what is no `HH:MM`.
  private static func next(_ text: String, after now: Timestamp) -> Timestamp? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2,
      parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
      let hour = Int32(parts[0]), let minute = Int32(parts[1]), hour < 24, minute < 60
    else { return nil }
    for days in 0...1 {
      let start = moment(days: Int32(days), after: now, hour: hour, minute: minute)
      if start > now { return start }
    }
    return nil
  }

  /// When the clock here shows that time, so many days after the day of an instant (mktime(3)).
  private static func moment(days: Int32, after day: Timestamp, hour: Int32, minute: Int32) -> Timestamp {
    var seconds = time_t(day.microseconds / 1_000_000)
    var local = unsafe tm()
    unsafe localtime_r(&seconds, &local)
    unsafe local.tm_mday += days
    unsafe local.tm_hour = hour
    unsafe local.tm_min = minute
    unsafe local.tm_sec = 0
    // The C library finds out whether daylight-saving time holds then.
    unsafe local.tm_isdst = -1
    return Timestamp(microseconds: unsafe Int64(mktime(&local)) * 1_000_000)
  }
}
