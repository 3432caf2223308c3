/// Where the text ends that begins with a quote at a place.
func jsonStringEnd(_ bytes: [UInt8], at start: Int, dialect: JSONDialect) throws(JSONFault) -> Int {
  var text = [UInt8]()
  return try jsonString(bytes, at: start, dialect: dialect, into: &text)
}

/// What a text says that was parsed before.
func jsonStringText(_ bytes: [UInt8], at start: Int) throws(JSONFault) -> String {
  var text = [UInt8]()
  // Strict JSON means the same under the rules of JSON5.
  _ = try jsonString(bytes, at: start, dialect: .json5, into: &text)
  return try jsonText(text.span, at: start)
}

/// What a key says that was parsed before.
func jsonKeyText(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONFault) -> String {
  let first = bytes[range.lowerBound]
  if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
    return try jsonStringText(bytes, at: range.lowerBound)
  }
  var text = [UInt8]()
  var at = range.lowerBound
  while at < range.upperBound {
    if bytes[at] == UInt8(ascii: "\\") {
      at = try jsonUnicodeEscape(bytes.span, at: at, into: &text)
    } else {
      text.append(bytes[at])
      at += 1
    }
  }
  return try jsonText(text.span, at: range.lowerBound)
}

private func jsonString(
  _ bytes: [UInt8], at start: Int, dialect: JSONDialect, into text: inout [UInt8]
) throws(JSONFault) -> Int {
  let quote = bytes[start]
  var at = start + 1
  while at < bytes.count {
    let byte = bytes[at]
    if byte == quote { return at + 1 }
    if byte == UInt8(ascii: "\\") {
      at =
        try dialect == .json
        ? jsonEscape(bytes.span, at: at, into: &text) : json5Escape(bytes, at: at, into: &text)
      continue
    }
    switch dialect {
    case .json where byte < 0x20:
      throw JSONFault(.expected("an escape for this control character"), at: at)
    case .json5 where byte == 0x0A || byte == 0x0D:
      throw JSONFault(.expected("the closing quote of the text on this line"), at: at)
    default: text.append(byte)
    }
    at += 1
  }
  throw JSONFault(.expected("the closing quote of the text"), at: at)
}

/// Appends what an escape of JSON5 (section 5.1) stands for.
private func json5Escape(_ bytes: [UInt8], at backslash: Int, into text: inout [UInt8]) throws(JSONFault) -> Int {
  let at = backslash + 1
  guard at < bytes.count else { throw JSONFault(.expected("the rest of the escape"), at: at) }
  let lineBreak = jsonLineBreakLength(bytes, at: at)
  if lineBreak > 0 { return at + lineBreak }
  switch bytes[at] {
  case UInt8(ascii: "u"): return try jsonUnicodeEscape(bytes.span, at: backslash, into: &text)
  case UInt8(ascii: "x"):
    let unit = try jsonHexUnit(bytes.span, at: at + 1, digits: 2)
    text += String(Character(Unicode.Scalar(UInt8(unit)))).utf8
    return at + 3
  case UInt8(ascii: "b"): text.append(8)
  case UInt8(ascii: "t"): text.append(9)
  case UInt8(ascii: "n"): text.append(10)
  case UInt8(ascii: "v"): text.append(11)
  case UInt8(ascii: "f"): text.append(12)
  case UInt8(ascii: "r"): text.append(13)
  case UInt8(ascii: "0"):
    if at + 1 < bytes.count, bytes[at + 1] &- 48 <= 9 {
      throw JSONFault(.expected("no digit behind \\0"), at: at + 1)
    }
    text.append(0)
  case UInt8(ascii: "1")...UInt8(ascii: "9"):
    throw JSONFault(.expected("no digit behind the backslash"), at: at)
  default:
    let length = jsonScalar(bytes, at: at).length
    text += bytes[at..<(at + length)]
    return at + length
  }
  return at + 1
}

// MARK: Numbers

/// Where the number ends that begins at a place.
func jsonNumberEnd(_ bytes: [UInt8], at start: Int, dialect: JSONDialect) throws(JSONFault) -> Int {
  var at = start
  func byte(_ place: Int) -> UInt8 { place < bytes.count ? bytes[place] : 0 }
  func isDigit(_ place: Int) -> Bool { byte(place) &- 48 <= 9 }
  func skipDigits() -> Bool {
    let first = at
    while isDigit(at) { at += 1 }
    return at > first
  }
  if byte(at) == UInt8(ascii: "-") || (dialect == .json5 && byte(at) == UInt8(ascii: "+")) { at += 1 }
  let fault = JSONFault(at == start ? .expected("a value") : .expected("a digit"), at: at)
  if dialect == .json5 {
    for word in ["Infinity", "NaN"] where bytes[at...].starts(with: word.utf8) {
      at += word.utf8.count
      if jsonContinuesName(bytes, at: at) { throw JSONFault(.expected("a value"), at: start) }
      return at
    }
    if byte(at) == UInt8(ascii: "0"), byte(at + 1) | 0x20 == UInt8(ascii: "x") {
      at += 2
      let first = at
      while hexDigit(byte(at)) != nil { at += 1 }
      if at == first { throw JSONFault(.expected("a hexadecimal digit"), at: at) }
      if jsonContinuesName(bytes, at: at) { throw JSONFault(.expected("a hexadecimal digit"), at: at) }
      return at
    }
  }
  var hasWhole = true
  if byte(at) == UInt8(ascii: "0") {
    at += 1
    if isDigit(at) { throw JSONFault(.expected("no digit behind a leading zero"), at: at) }
  } else {
    hasWhole = skipDigits()
  }
  guard hasWhole || (dialect == .json5 && byte(at) == UInt8(ascii: ".")) else { throw fault }
  if byte(at) == UInt8(ascii: ".") {
    at += 1
    if !skipDigits(), !hasWhole || dialect == .json { throw JSONFault(.expected("a digit"), at: at) }
  }
  if byte(at) | 0x20 == UInt8(ascii: "e") {
    at += 1
    if byte(at) == UInt8(ascii: "+") || byte(at) == UInt8(ascii: "-") { at += 1 }
    if !skipDigits() { throw JSONFault(.expected("a digit"), at: at) }
  }
  if jsonContinuesName(bytes, at: at) { throw JSONFault(.expected("the end of the number"), at: at) }
  return at
}

/// The value of a number that was parsed before, in either dialect.
func jsonNumberValue(_ bytes: [UInt8], _ range: Range<Int>) throws(JSONFault) -> JSONValue {
  var spelling = Array(bytes[range])
  if spelling.first == UInt8(ascii: "+") { spelling.removeFirst() }
  let negative = spelling.first == UInt8(ascii: "-")
  var rest = negative ? Array(spelling.dropFirst()) : spelling
  if rest.first == UInt8(ascii: "I") || rest.first == UInt8(ascii: "N") {
    throw JSONFault(.expected("a finite number"), at: range.lowerBound)
  }
  if rest.count > 2, rest[1] | 0x20 == UInt8(ascii: "x") {
    let digits = String(decoding: rest[2...], as: UTF8.self)
    guard let integer = Int64((negative ? "-" : "") + digits, radix: 16) else {
      throw JSONFault(.integerTooLarge, at: range.lowerBound)
    }
    return negative && integer == 0 ? .number(-0.0) : .integer(integer)
  }
  // JSON5 lets one side of the point be empty; strict JSON, which the rest is for, wants a zero there.
  if rest.first == UInt8(ascii: ".") { rest.insert(UInt8(ascii: "0"), at: 0) }
  if let point = rest.firstIndex(of: UInt8(ascii: ".")), point + 1 == rest.count || rest[point + 1] &- 48 > 9 {
    rest.insert(UInt8(ascii: "0"), at: point + 1)
  }
  return try jsonNumber((negative ? [UInt8(ascii: "-")] + rest : rest).span, at: range.lowerBound)
}

// MARK: Names

/// Where the bare key ends that begins at a place (ECMAScript 5.1, IdentifierName).
func jsonNameEnd(_ bytes: [UInt8], at start: Int) throws(JSONFault) -> Int {
  var at = start
  while at < bytes.count {
    if bytes[at] == UInt8(ascii: "\\") {
      guard at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") else {
        throw JSONFault(.expected("u after the backslash"), at: at + 1)
      }
      var text = [UInt8]()
      let end = try jsonUnicodeEscape(bytes.span, at: at, into: &text)
      guard jsonIsNamePart(jsonScalar(text, at: 0).scalar, first: at == start) else {
        throw JSONFault(.expected("an escape that may stand in a key without quotes"), at: at)
      }
      at = end
    } else {
      let (scalar, length) = jsonScalar(bytes, at: at)
      guard jsonIsNamePart(scalar, first: at == start) else { break }
      at += length
    }
  }
  if at == start { throw JSONFault(.expected("a key"), at: at) }
  return at
}

/// Whether a word or a number that ends at a place would go on as a name.
func jsonContinuesName(_ bytes: [UInt8], at place: Int) -> Bool {
  guard place < bytes.count else { return false }
  return bytes[place] == UInt8(ascii: "\\") || jsonIsNamePart(jsonScalar(bytes, at: place).scalar, first: false)
}

private func jsonIsNamePart(_ scalar: Unicode.Scalar, first: Bool) -> Bool {
  switch scalar {
  case "a"..."z", "A"..."Z", "$", "_": return true
  case "0"..."9", "\u{200C}", "\u{200D}": return !first
  default: break
  }
  guard !scalar.isASCII else { return false }
  switch scalar.properties.generalCategory {
  case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber:
    return true
  case .nonspacingMark, .spacingMark, .decimalNumber, .connectorPunctuation: return !first
  default: return false
  }
}
