internal import Base

/// Tells which instant a local time of the old releases means.
///
/// A class because it remembers zones; used by one reader at a time.
final class ZoneBook {
  /// What a local time means in its zone.
  struct Reading: Equatable {
    /// Seconds east of UTC.
    let offset: Int64
    /// Whether the clock showed that time twice.
    let isAmbiguous: Bool
  }

  private struct Zone {
    let name: [UInt8]
    let file: ZoneFile?
    /// Local seconds between which, far from any change, the zone has one offset.
    var steady: Range<Int64> = 0..<0
    var steadyOffset: Int64 = 0
  }

  private var zones: [Zone] = []
  private var last = 0

  /// Reads a local time in a zone.
  ///
  /// A time that the clock showed twice has two readings: `fold` 0 is the first, 1 the second. At a time that the
  /// clock passed over, 0 counts with the offset before the change and 1 with the one after it.
  ///
  /// - Parameters:
  ///   - localTime: microseconds since 1970 on the local clock.
  /// - Returns: nil where the system does not know the zone.
  func read(_ localTime: Int64, zone name: RawSpan, fold: Int64) -> Reading? {
    find(name)
    let seconds = localTime >= 0 ? localTime / 1_000_000 : (localTime - 999_999) / 1_000_000
    if zones[last].steady.contains(seconds) {
      return Reading(offset: zones[last].steadyOffset, isAmbiguous: false)
    }
    guard let file = zones[last].file else { return nil }
    return read(seconds, in: file, fold: fold)
  }

  private func find(_ name: RawSpan) {
    if last < zones.count, name.equals(zones[last].name) { return }
    for index in zones.indices where name.equals(zones[index].name) {
      last = index
      return
    }
    let bytes = (0..<name.byteCount).map { name.byte($0) }
    let file = String(validating: bytes, as: UTF8.self).flatMap { ZoneFile.load($0) }
    zones.append(Zone(name: bytes, file: file))
    last = zones.count - 1
  }

  /// Farther apart than any two offsets of a zone.
  private static let margin: Int64 = 2 * 86_400

  private func read(_ seconds: Int64, in file: ZoneFile, fold: Int64) -> Reading {
    // Each offset that holds within some days is tried: the time is read by it if it then holds at that instant.
    var readings: [Int64] = []
    var instant = seconds - ZoneBook.margin
    while instant <= seconds + ZoneBook.margin {
      let span = file.offset(at: instant)
      if file.offset(at: seconds - span.offset).offset == span.offset, !readings.contains(span.offset) {
        readings.append(span.offset)
      }
      if span.until == .max { break }
      instant = span.until
    }
    // The larger the offset, the earlier the instant.
    readings.sort(by: >)
    if readings.count == 1 { remember(file.offset(at: seconds - readings[0])) }
    if let first = readings.first, let second = readings.last {
      return Reading(offset: fold == 1 ? second : first, isAmbiguous: readings.count > 1)
    }
    return Reading(offset: offsetInGap(seconds, file, fold), isAmbiguous: false)
  }

  private func remember(_ span: (offset: Int64, from: Int64, until: Int64)) {
    let begin = span.from == .min ? Int64.min / 4 : span.from + ZoneBook.margin + span.offset
    let end = span.until == .max ? Int64.max / 4 : span.until - ZoneBook.margin + span.offset
    if begin < end {
      zones[last].steady = begin..<end
      zones[last].steadyOffset = span.offset
    }
  }

  private func offsetInGap(_ seconds: Int64, _ file: ZoneFile, _ fold: Int64) -> Int64 {
    var before = file.offset(at: seconds - ZoneBook.margin)
    while before.until != .max {
      let after = file.offset(at: before.until)
      if before.until + before.offset <= seconds, seconds < before.until + after.offset {
        return fold == 1 ? after.offset : before.offset
      }
      before = after
    }
    return before.offset
  }
}
