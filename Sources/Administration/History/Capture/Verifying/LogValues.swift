internal import Base
internal import Cryptography

/// Small readings that the verifier makes by itself.
enum LogValues {
  /// A time as slapd writes it, as microseconds since 1970.
  static func generalizedTime(_ text: [UInt8]) -> Int64? {
    guard text.count >= 15, text.last == UInt8(ascii: "Z") else { return nil }
    var parts: [UInt8] = []
    var start = 0
    for (length, separator) in zip([4, 2, 2, 2, 2, 2], "-- ::".utf8.map(Optional.some) + [nil]) {
      parts += text[start..<(start + length)]
      start += length
      if let separator { parts.append(separator) }
    }
    if text.count > 15 {
      guard text.count > 16, text[14] == UInt8(ascii: ".") || text[14] == UInt8(ascii: ","),
        text[15..<(text.count - 1)].allSatisfy({ $0 >= 48 && $0 <= 57 })
      else { return nil }
      parts.append(UInt8(ascii: "."))
      parts += text[15..<min(21, text.count - 1)]
    }
    var clock = WallClockText()
    return clock.microseconds(unsafe parts.span.bytes)
  }

  /// A time in RFC 3339 with its offset in seconds; the colon in the offset may be missing.
  static func internetTime(_ text: [UInt8]) -> (microseconds: Int64, offset: Int64)? {
    guard text.count >= 20 else { return nil }
    var offset: Int64 = 0
    var end = text.count - 1
    if text[end] != UInt8(ascii: "Z"), text[end] != UInt8(ascii: "z") {
      guard let sign = text[19...].firstIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) else {
        return nil
      }
      var digits = text[(sign + 1)...].map { Int64($0) - 48 }
      if digits.count == 5, digits[2] == 10 { digits.remove(at: 2) }
      guard digits.count == 4, digits.allSatisfy({ (0...9).contains($0) }), digits[2] < 6,
        digits[0] * 10 + digits[1] < 24
      else { return nil }
      offset = ((digits[0] * 10 + digits[1]) * 60 + digits[2] * 10 + digits[3]) * 60
      if text[sign] == UInt8(ascii: "-") { offset = -offset }
      end = sign
    }
    var local = Array(text[..<end])
    if local[10] == UInt8(ascii: "t") { local[10] = UInt8(ascii: "T") }
    var clock = WallClockText()
    guard let wall = clock.microseconds(unsafe local.span.bytes) else { return nil }
    return (wall - offset * 1_000_000, offset)
  }

  /// The key of a record: its milliseconds, then bits of SHA-256 over its parts, with a zero before each.
  static func key(_ kind: String, _ parts: [[UInt8]], at microseconds: Int64) -> UniqueID {
    let message = parts.reduce(into: Array(kind.utf8)) { $0 += [0] + $1 }
    let digest = sha256(message)
    let milliseconds = UInt64(max(0, microseconds) / 1000)
    return UniqueID(
      high: milliseconds << 16 | 0x8000 | digest.word0 & 0xFFF, low: 0b10 << 62 | digest.word1 & (.max >> 2))
  }

  /// Base64 with padding; nil for anything else.
  static func base64(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var group: [UInt8] = []
    var padding = 0
    for byte in text {
      if byte == UInt8(ascii: "=") {
        padding += 1
        group.append(0)
      } else {
        guard padding == 0, let place = alphabet.firstIndex(of: byte) else { return nil }
        group.append(UInt8(place))
      }
      guard group.count == 4 else { continue }
      guard padding <= 2 else { return nil }
      let bytes = [group[0] << 2 | group[1] >> 4, group[1] << 4 | group[2] >> 2, group[2] << 6 | group[3]]
      guard bytes.suffix(padding).allSatisfy({ $0 == 0 }) else { return nil }
      result += bytes.dropLast(padding)
      group.removeAll(keepingCapacity: true)
    }
    return group.isEmpty ? result : nil
  }

  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// In lower case, without options, as the table of attributes has it.
  static func plainName(_ name: [UInt8]) -> String {
    String(decoding: name.prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self).lowercased()
  }

  /// What the table says of a name.
  static func traits(_ name: [UInt8]) -> AttributeTraits { table[plainName(name)] ?? [] }

  private static let table: [String: AttributeTraits] = {
    var table: [String: AttributeTraits] = [:]
    for (traits, names) in AttributeTable.names {
      for name in names { table[name] = traits }
    }
    return table
  }()
}
