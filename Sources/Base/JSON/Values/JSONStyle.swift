/// How a value is laid out on several lines or on one.
struct JSONStyle {
  enum Keys {
    case double, single
    /// Without quotes where the key is a name.
    case bare
  }

  var keys = Keys.double
  /// Of texts.
  var quote = UInt8(ascii: "\"")
  /// Between key and value.
  var colon = ": "
  /// One level.
  var unit = "  "
  var lineBreak = "\n"
  /// Everything on one line, with this between the members.
  var inlineSeparator: String?

  /// Writes a value whose line is indented like this.
  func write(_ value: JSONValue, indent: String, to bytes: inout [UInt8]) {
    switch value {
    case .array(let elements):
      writeItems(elements, open: "[", close: "]", indent: indent, to: &bytes) { element, indent, bytes in
        write(element, indent: indent, to: &bytes)
      }
    case .object(let object):
      writeItems(object.members, open: "{", close: "}", indent: indent, to: &bytes) { member, indent, bytes in
        writeKey(member.key, to: &bytes)
        bytes += colon.utf8
        write(member.value, indent: indent, to: &bytes)
      }
    default: value.writeScalar(to: &bytes, quote: quote)
    }
  }

  func writeKey(_ key: String, to bytes: inout [UInt8]) {
    switch keys {
    case .bare where jsonIsName(key): bytes += key.utf8
    case .single: jsonWriteString(key, quote: UInt8(ascii: "'"), to: &bytes)
    case .double, .bare: jsonWriteString(key, to: &bytes)
    }
  }

  private func writeItems<Item>(
    _ items: [Item], open: String, close: String, indent: String, to bytes: inout [UInt8],
    write: (Item, String, inout [UInt8]) -> Void
  ) {
    bytes += open.utf8
    let inner = indent + unit
    for (place, item) in items.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      if let inlineSeparator {
        if place > 0 { bytes += inlineSeparator.utf8 }
      } else {
        bytes += lineBreak.utf8
        bytes += inner.utf8
      }
      write(item, inner, &bytes)
    }
    if !items.isEmpty, inlineSeparator == nil {
      bytes += lineBreak.utf8
      bytes += indent.utf8
    }
    bytes += close.utf8
  }
}

/// Whether a key may stand without quotes in JSON5 (an ECMAScript 5.1 IdentifierName of ASCII characters; names
/// with others are allowed there too and are quoted here for the sake of weaker readers).
func jsonIsName(_ key: String) -> Bool {
  guard let first = key.utf8.first, !(48...57).contains(first) else { return false }
  return key.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"):
      true
    default: false
    }
  }
}
