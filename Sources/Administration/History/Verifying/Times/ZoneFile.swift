internal import Base

/// The offsets of a time zone as the system's compiled file has them (RFC 9636, tzfile(5)).
///
/// A reader of its own, so that a comparison does not repeat a mistake in the arithmetic by which rows were imported.
/// Years after those in the file follow its last rule up to the year 2200.
struct ZoneFile {
  /// Seconds since 1970 at which another offset begins, ascending, and the offsets in seconds east of UTC; the first
  /// offset holds before all of them.
  private(set) var changes: [Int64] = []
  private(set) var offsets: [Int64] = []

  /// - Returns: nil where the system knows no such zone, or its file has another form.
  static func load(_ name: String) -> ZoneFile? {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    for part in parts where part.isEmpty || part.first == UInt8(ascii: ".") { return nil }
    if name.utf8.contains(0) { return nil }
    // Whatever is wrong with the file: a zone that cannot be read is a zone that is not known.
    guard let bytes = try? Files.read("/usr/share/zoneinfo/" + name, limit: 1 << 20) else { return nil }
    return ZoneFile(bytes)
  }

  init?(_ bytes: [UInt8]) {
    guard let first = Header(bytes, at: 0), first.version >= 2 else { return nil }
    // The first block has times of 32 bits for old programs; the second one has all.
    let second = first.end(timeSize: 4)
    guard let header = Header(bytes, at: second) else { return nil }
    let end = header.end(timeSize: 8)
    guard end <= bytes.count, header.typeCount > 0 else { return nil }
    let times = second + Header.size
    let indexes = times + header.timeCount * 8
    let types = indexes + header.timeCount
    func offset(_ type: Int) -> Int64 {
      Int64(Int32(truncatingIfNeeded: ZoneFile.number(bytes, types + type * 6, 4)))
    }
    offsets = [offset(0)]
    for index in 0..<header.timeCount {
      let type = Int(bytes[indexes + index])
      guard type < header.typeCount else { return nil }
      add(offset(type), from: ZoneFile.number(bytes, times + index * 8, 8))
    }
    let footer = bytes[end...].drop { $0 == UInt8(ascii: "\n") }.prefix { $0 != UInt8(ascii: "\n") }
    extend(by: String(decoding: footer, as: UTF8.self))
  }

  /// The offset that holds at an instant, and from when until when it does.
  func offset(at instant: Int64) -> (offset: Int64, from: Int64, until: Int64) {
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle] <= instant { low = middle + 1 } else { high = middle }
    }
    return (offsets[low], low == 0 ? .min : changes[low - 1], low == changes.count ? .max : changes[low])
  }

  private mutating func add(_ offset: Int64, from instant: Int64) {
    // Changes of the zone's abbreviation only are none for us.
    if offset == offsets[offsets.count - 1] { return }
    changes.append(instant)
    offsets.append(offset)
  }

  private mutating func extend(by footer: String) {
    guard let rule = ZoneRule(footer) else { return }
    let last = changes.last ?? -2_208_988_800
    let year = 1970 + last / 31_556_952
    for (instant, offset) in (year...2200).flatMap({ rule.changes(in: $0) }) where instant > last {
      add(offset, from: instant)
    }
  }

  private static func number(_ bytes: [UInt8], _ place: Int, _ size: Int) -> Int64 {
    var value: UInt64 = 0
    for index in 0..<size { value = value << 8 | UInt64(bytes[place + index]) }
    return Int64(bitPattern: value)
  }

  private struct Header {
    static let size = 44
    let start, version, timeCount, typeCount: Int
    private let universalCount, standardCount, leapCount, nameBytes: Int

    init?(_ bytes: [UInt8], at start: Int) {
      guard start + Header.size <= bytes.count, bytes[start..<(start + 4)].elementsEqual("TZif".utf8) else {
        return nil
      }
      self.start = start
      version = Int(bytes[start + 4]) - 48
      let counts = (0..<6).map { Int(ZoneFile.number(bytes, start + 20 + $0 * 4, 4)) }
      (universalCount, standardCount, leapCount) = (counts[0], counts[1], counts[2])
      (timeCount, typeCount, nameBytes) = (counts[3], counts[4], counts[5])
    }

    func end(timeSize: Int) -> Int {
      start + Header.size + timeCount * (timeSize + 1) + typeCount * 6 + nameBytes + leapCount * (timeSize + 4)
        + standardCount + universalCount
    }
  }
}
