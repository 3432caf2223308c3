extension JSONValue {
  /// On one line without spaces. Parsing it gives an equal value.
  public func compact() -> String {
    var bytes = [UInt8]()
    writeCompact(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the form of ``compact()`` as UTF-8.
  public func writeCompact(to bytes: inout [UInt8]) {
    switch self {
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (place, element) in elements.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        element.writeCompact(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (place, member) in object.members.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        jsonWriteString(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.writeCompact(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    default: writeScalar(to: &bytes)
    }
  }

  /// On lines of their own, indented by two spaces a level, with a line break at the end.
  public func pretty() -> String {
    var bytes = [UInt8]()
    JSONStyle().write(self, indent: "", to: &bytes)
    bytes.append(UInt8(ascii: "\n"))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The form for hashing (RFC 8785, JSON Canonicalization Scheme): no spaces, members sorted by the UTF-16
  /// units of their keys, texts with the fewest escapes, numbers as ECMAScript writes them.
  ///
  /// One difference: integers from 2⁵³ to 2⁶³ keep all their digits. So two values have the same canonical form
  /// exactly if they differ in nothing but the order of members, or `1` against `1.0`, or the sign of zero.
  /// This promise holds for all versions: plans and reports are signed over it.
  public func canonical() -> [UInt8] {
    var bytes = [UInt8]()
    writeCanonical(to: &bytes)
    return bytes
  }

  private func writeCanonical(to bytes: inout [UInt8]) {
    switch self {
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (place, element) in elements.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        element.writeCanonical(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      let sorted = object.members.sorted { $0.key.utf16.lexicographicallyPrecedes($1.key.utf16) }
      for (place, member) in sorted.enumerated() {
        if place > 0 { bytes.append(UInt8(ascii: ",")) }
        jsonWriteString(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.writeCanonical(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    case .number(let number): bytes += jsonCanonicalText(number).utf8
    default: writeScalar(to: &bytes)
    }
  }

  /// Writes what is neither array nor object.
  func writeScalar(to bytes: inout [UInt8], quote: UInt8 = UInt8(ascii: "\"")) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let bool): bytes += (bool ? "true" : "false").utf8
    case .integer(let integer): bytes += String(integer).utf8
    case .number(let number):
      invariant(number.isFinite, "JSON has no word for \(number)")
      // Always with a point or an exponent, so that it is read back as a double.
      bytes += number.description.utf8
    case .string(let text): jsonWriteString(text, quote: quote, to: &bytes)
    case .array, .object: invariant(false, "a container written as a scalar")
    }
  }
}

/// Writes a text with its quotes, escaping no more than the grammar asks for.
func jsonWriteString(_ text: String, quote: UInt8 = UInt8(ascii: "\""), to bytes: inout [UInt8]) {
  bytes.append(quote)
  jsonWriteEscaped(text.utf8Span.span, quote: quote, to: &bytes)
  bytes.append(quote)
}

private func jsonWriteEscaped(_ text: Span<UInt8>, quote: UInt8, to bytes: inout [UInt8]) {
  for index in text.indices {
    let byte = text[index]
    if byte >= 0x20, byte != quote, byte != UInt8(ascii: "\\") {
      bytes.append(byte)
      continue
    }
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case quote, UInt8(ascii: "\\"): bytes.append(byte)
    case 8: bytes.append(UInt8(ascii: "b"))
    case 9: bytes.append(UInt8(ascii: "t"))
    case 10: bytes.append(UInt8(ascii: "n"))
    case 12: bytes.append(UInt8(ascii: "f"))
    case 13: bytes.append(UInt8(ascii: "r"))
    default:
      bytes += "u00".utf8
      bytes.append(hexAlphabet[Int(byte >> 4)])
      bytes.append(hexAlphabet[Int(byte & 15)])
    }
  }
}
