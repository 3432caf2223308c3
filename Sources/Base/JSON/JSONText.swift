/// The text of some bytes.
func jsonText(_ bytes: Span<UInt8>, at offset: Int) throws(JSONFault) -> String {
  do throws(UTF8.ValidationError) {
    return String(copying: try UTF8Span(validating: bytes))
  } catch {
    throw JSONFault(.notUTF8, at: offset + error.byteOffsets.lowerBound)
  }
}

/// Appends what a strict JSON escape stands for, which begins at the given backslash.
///
/// - Returns: the place behind it.
func jsonEscape(_ bytes: Span<UInt8>, at backslash: Int, into text: inout [UInt8]) throws(JSONFault) -> Int {
  let at = backslash + 1
  guard at < bytes.count else { throw JSONFault(.expected("the rest of the escape"), at: at) }
  switch bytes[at] {
  case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(bytes[at])
  case UInt8(ascii: "b"): text.append(8)
  case UInt8(ascii: "f"): text.append(12)
  case UInt8(ascii: "n"): text.append(10)
  case UInt8(ascii: "r"): text.append(13)
  case UInt8(ascii: "t"): text.append(9)
  case UInt8(ascii: "u"): return try jsonUnicodeEscape(bytes, at: backslash, into: &text)
  default: throw JSONFault(.expected(#"one of " \ / b f n r t u after the backslash"#), at: at)
  }
  return at + 1
}

/// Appends what `\uXXXX`, or two of them for one character beyond U+FFFF, stands for.
func jsonUnicodeEscape(
  _ bytes: Span<UInt8>, at backslash: Int, into text: inout [UInt8]
) throws(JSONFault) -> Int {
  let unit = try jsonHexUnit(bytes, at: backslash + 2, digits: 4)
  var end = backslash + 6
  var scalar = unit
  if (0xD800...0xDFFF).contains(unit) {
    guard unit <= 0xDBFF, end + 1 < bytes.count, bytes[end] == UInt8(ascii: "\\"),
      bytes[end + 1] == UInt8(ascii: "u")
    else { throw JSONFault(.loneSurrogate, at: backslash) }
    let low = try jsonHexUnit(bytes, at: end + 2, digits: 4)
    guard (0xDC00...0xDFFF).contains(low) else { throw JSONFault(.loneSurrogate, at: backslash) }
    scalar = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
    end += 6
  }
  guard let character = Unicode.Scalar(scalar) else { throw JSONFault(.loneSurrogate, at: backslash) }
  text += String(Character(character)).utf8
  return end
}

func jsonHexUnit(_ bytes: Span<UInt8>, at start: Int, digits: Int) throws(JSONFault) -> UInt32 {
  var unit: UInt32 = 0
  for index in start..<(start + digits) {
    guard index < bytes.count, let digit = hexDigit(bytes[index]) else {
      throw JSONFault(.expected("a hexadecimal digit"), at: index)
    }
    unit = unit << 4 | UInt32(digit)
  }
  return unit
}
