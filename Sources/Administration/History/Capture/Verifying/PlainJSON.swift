/// A JSON text as the verifier reads it (RFC 8259), strings as bytes.
///
/// As strict as the reader of the import, which refuses what is ambiguous: keys that stand twice, half surrogates,
/// integers of more than 64 bits.
indirect enum PlainJSON {
  case null
  case bool(Bool)
  case integer(Int64)
  case number
  case text([UInt8])
  case list([PlainJSON])
  case object([(key: [UInt8], value: PlainJSON)])

  subscript(key: String) -> PlainJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key.elementsEqual(key.utf8) }?.value
  }

  subscript(key: [UInt8]) -> PlainJSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  var text: [UInt8]? { if case .text(let text) = self { text } else { nil } }
  var integer: Int64? { if case .integer(let integer) = self { integer } else { nil } }
  var isTrue: Bool { if case .bool(true) = self { true } else { false } }
  var list: [PlainJSON]? { if case .list(let list) = self { list } else { nil } }
  var members: [(key: [UInt8], value: PlainJSON)]? { if case .object(let members) = self { members } else { nil } }

  /// - Returns: nil for anything but one JSON text.
  static func read(_ bytes: [UInt8]) -> PlainJSON? {
    var reader = Reader(bytes: bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipSpace()
    return reader.place == bytes.count ? value : nil
  }

  private struct Reader {
    let bytes: [UInt8]
    var place = 0

    var byte: UInt8 { place < bytes.count ? bytes[place] : 0 }

    mutating func skipSpace() {
      while byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    mutating func take(_ wanted: UInt8) -> Bool {
      guard place < bytes.count, bytes[place] == wanted else { return false }
      place += 1
      return true
    }

    mutating func value(depth: Int) -> PlainJSON? {
      guard depth <= 128 else { return nil }
      skipSpace()
      switch byte {
      case UInt8(ascii: "\""): return text().map(PlainJSON.text)
      case UInt8(ascii: "{"): return object(depth + 1)
      case UInt8(ascii: "["): return list(depth + 1)
      case UInt8(ascii: "t"): return word("true", .bool(true))
      case UInt8(ascii: "f"): return word("false", .bool(false))
      case UInt8(ascii: "n"): return word("null", .null)
      default: return number()
      }
    }

    mutating func word(_ word: String, _ value: PlainJSON) -> PlainJSON? {
      guard bytes[place...].starts(with: word.utf8) else { return nil }
      place += word.utf8.count
      return value
    }

    mutating func list(_ depth: Int) -> PlainJSON? {
      guard depth <= 128, take(UInt8(ascii: "[")) else { return nil }
      var elements: [PlainJSON] = []
      skipSpace()
      if take(UInt8(ascii: "]")) { return .list([]) }
      repeat {
        guard let element = value(depth: depth) else { return nil }
        elements.append(element)
        skipSpace()
      } while take(UInt8(ascii: ","))
      return take(UInt8(ascii: "]")) ? .list(elements) : nil
    }

    mutating func object(_ depth: Int) -> PlainJSON? {
      guard depth <= 128, take(UInt8(ascii: "{")) else { return nil }
      var members: [(key: [UInt8], value: PlainJSON)] = []
      var keys = Set<[UInt8]>()
      skipSpace()
      if take(UInt8(ascii: "}")) { return .object([]) }
      repeat {
        skipSpace()
        guard byte == UInt8(ascii: "\""), let key = text(), keys.insert(key).inserted else { return nil }
        skipSpace()
        guard take(UInt8(ascii: ":")), let value = value(depth: depth) else { return nil }
        members.append((key, value))
        skipSpace()
      } while take(UInt8(ascii: ","))
      return take(UInt8(ascii: "}")) ? .object(members) : nil
    }

    mutating func number() -> PlainJSON? {
      let start = place
      _ = take(UInt8(ascii: "-"))
      let digits = place
      while byte >= 48, byte <= 57 { place += 1 }
      guard place > digits, bytes[digits] != 48 || place == digits + 1 else { return nil }
      let isInteger = byte != UInt8(ascii: ".") && byte | 0x20 != UInt8(ascii: "e")
      if take(UInt8(ascii: ".")) {
        guard byte >= 48, byte <= 57 else { return nil }
        while byte >= 48, byte <= 57 { place += 1 }
      }
      if byte | 0x20 == UInt8(ascii: "e") {
        place += 1
        if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { place += 1 }
        guard byte >= 48, byte <= 57 else { return nil }
        while byte >= 48, byte <= 57 { place += 1 }
      }
      let spelling = String(decoding: bytes[start..<place], as: UTF8.self)
      if isInteger { return spelling == "-0" ? .number : Int64(spelling).map(PlainJSON.integer) }
      return Double(spelling)?.isFinite == true ? .number : nil
    }

    mutating func text() -> [UInt8]? {
      place += 1
      var result: [UInt8] = []
      while place < bytes.count {
        let byte = bytes[place]
        place += 1
        switch byte {
        case UInt8(ascii: "\""): return String(validating: result, as: UTF8.self) == nil ? nil : result
        case 0..<0x20: return nil
        case UInt8(ascii: "\\"): if !escape(&result) { return nil }
        default: result.append(byte)
        }
      }
      return nil
    }

    mutating func escape(_ result: inout [UInt8]) -> Bool {
      let byte = self.byte
      place += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
      case UInt8(ascii: "b"): result.append(8)
      case UInt8(ascii: "f"): result.append(12)
      case UInt8(ascii: "n"): result.append(10)
      case UInt8(ascii: "r"): result.append(13)
      case UInt8(ascii: "t"): result.append(9)
      case UInt8(ascii: "u"):
        guard var code = unit() else { return false }
        if code >= 0xD800, code < 0xDC00 {
          guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let low = unit(), low >= 0xDC00, low < 0xE000
          else { return false }
          code = 0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00
        }
        guard let scalar = Unicode.Scalar(code) else { return false }
        result += String(scalar).utf8
      default: return false
      }
      return true
    }

    mutating func unit() -> UInt32? {
      guard place + 4 <= bytes.count else { return nil }
      let digits = bytes[place..<(place + 4)]
      guard digits.allSatisfy({ ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x66) || ($0 >= 48 && $0 <= 57) }) else {
        return nil
      }
      place += 4
      return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
  }
}
