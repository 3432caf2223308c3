/// What stands in a TZif file (RFC 8536), version 2 and later, without leap seconds.
struct ZoneFile {
  /// Seconds since 1970, ascending.
  var times: [Int64] = []
  /// Seconds ahead of UTC: before the first time, and from each time on. One more than the times.
  var offsets: [Int] = []
  /// What follows the last time, as a POSIX TZ string; may be empty.
  var footer = ""

  struct Fault: Error {
    let reason: String
  }

  init(_ bytes: Span<UInt8>) throws(Fault) {
    var reader = ZoneFileReader(bytes)
    // The block for 32-bit readers says nothing that the second does not say better.
    let old = try reader.header()
    guard old.version >= UInt8(ascii: "2") else { throw Fault(reason: "version 1 has no years after 2037") }
    try reader.skip(old.length(timeSize: 4))
    let header = try reader.header()
    guard header.leapCount == 0 else { throw Fault(reason: "it counts leap seconds") }
    guard header.typeCount > 0, header.charCount > 0 else { throw Fault(reason: "it has no time types") }
    guard header.utcCount == 0 || header.utcCount == header.typeCount,
      header.standardCount == 0 || header.standardCount == header.typeCount
    else { throw Fault(reason: "its counts contradict each other") }

    for _ in 0..<header.timeCount { times.append(Int64(bitPattern: try reader.integer(8))) }
    guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw Fault(reason: "its transitions are out of order")
    }
    var types = [Int]()
    for _ in 0..<header.timeCount { types.append(Int(try reader.integer(1))) }
    var typeOffsets = [Int]()
    for _ in 0..<header.typeCount {
      typeOffsets.append(Int(Int32(truncatingIfNeeded: try reader.integer(4))))
      _ = try reader.integer(2)
    }
    guard types.allSatisfy({ $0 < header.typeCount }), typeOffsets.allSatisfy({ abs($0) < 26 * 3600 }) else {
      throw Fault(reason: "a time type is out of range")
    }
    offsets = [typeOffsets[0]] + types.map { typeOffsets[$0] }
    try reader.skip(header.charCount + header.standardCount + header.utcCount)
    footer = try reader.footer()
  }
}

private struct ZoneFileReader: ~Escapable {
  struct Header {
    let version: UInt8
    let utcCount, standardCount, leapCount, timeCount, typeCount, charCount: Int

    /// Of the data block behind it.
    func length(timeSize: Int) -> Int {
      timeCount * (timeSize + 1) + typeCount * 6 + charCount + leapCount * (timeSize + 4) + standardCount + utcCount
    }
  }

  private let bytes: Span<UInt8>
  private var at = 0

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>) { self.bytes = bytes }

  @_lifetime(self: copy self)
  mutating func header() throws(ZoneFile.Fault) -> Header {
    guard try integer(4) == 0x545A_6966 else { throw ZoneFile.Fault(reason: "not a TZif file") }
    let version = UInt8(try integer(1))
    try skip(15)
    var counts = [Int]()
    for _ in 0..<6 { counts.append(Int(try integer(4))) }
    return Header(
      version: version, utcCount: counts[0], standardCount: counts[1], leapCount: counts[2], timeCount: counts[3],
      typeCount: counts[4], charCount: counts[5])
  }

  /// A big-endian integer of some bytes.
  @_lifetime(self: copy self)
  mutating func integer(_ size: Int) throws(ZoneFile.Fault) -> UInt64 {
    let start = at
    try skip(size)
    var value: UInt64 = 0
    for index in start..<at { value = value << 8 | UInt64(bytes[index]) }
    return value
  }

  @_lifetime(self: copy self)
  mutating func skip(_ count: Int) throws(ZoneFile.Fault) {
    guard count <= bytes.count - at else { throw ZoneFile.Fault(reason: "it is cut off") }
    at += count
  }

  @_lifetime(self: copy self)
  mutating func footer() throws(ZoneFile.Fault) -> String {
    guard try integer(1) == 10, bytes.count > at, bytes[bytes.count - 1] == 10 else {
      throw ZoneFile.Fault(reason: "its footer is not a line")
    }
    var text = ""
    while at < bytes.count - 1 {
      guard (0x20..<0x7F).contains(bytes[at]) else { throw ZoneFile.Fault(reason: "its footer is not a line") }
      text.unicodeScalars.append(Unicode.Scalar(bytes[at]))
      at += 1
    }
    return text
  }
}
