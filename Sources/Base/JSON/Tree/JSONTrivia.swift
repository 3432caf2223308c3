/// One piece of what stands between the tokens.
struct JSONTrivia {
  enum Kind {
    case space
    /// One line break, `\r\n` together.
    case lineBreak
    /// Without the line break that ends it.
    case lineComment
    case blockComment
  }

  let kind: Kind
  let range: Range<Int>

  var isComment: Bool { kind == .lineComment || kind == .blockComment }
}

/// The piece of trivia that begins at a place; nil where a token or the end stands.
func jsonTrivia(_ bytes: [UInt8], at start: Int, dialect: JSONDialect) throws(JSONFault) -> JSONTrivia? {
  guard start < bytes.count else { return nil }
  switch bytes[start] {
  case 0x20, 0x09:
    var end = start + 1
    while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
    return JSONTrivia(kind: .space, range: start..<end)
  case 0x0A: return JSONTrivia(kind: .lineBreak, range: start..<(start + 1))
  case 0x0D:
    let isPair = start + 1 < bytes.count && bytes[start + 1] == 0x0A
    return JSONTrivia(kind: .lineBreak, range: start..<(start + (isPair ? 2 : 1)))
  default:
    guard dialect == .json5 else { return nil }
    return try json5Trivia(bytes, at: start)
  }
}

/// The pieces of a range that holds only trivia of a text already parsed.
func jsonTrivia(_ bytes: [UInt8], in range: Range<Int>, dialect: JSONDialect) -> [JSONTrivia] {
  var pieces = [JSONTrivia]()
  var at = range.lowerBound
  while at < range.upperBound {
    // The parser has been here before, so that no fault can come; the tokens end the range.
    guard let piece = try? jsonTrivia(bytes, at: at, dialect: dialect) else { break }
    pieces.append(piece)
    at = piece.range.upperBound
  }
  return pieces
}

private func json5Trivia(_ bytes: [UInt8], at start: Int) throws(JSONFault) -> JSONTrivia? {
  switch bytes[start] {
  case 0x0B, 0x0C: return JSONTrivia(kind: .space, range: start..<(start + 1))
  case UInt8(ascii: "/"):
    guard start + 1 < bytes.count else { return nil }
    if bytes[start + 1] == UInt8(ascii: "/") {
      var end = start + 2
      while end < bytes.count, jsonLineBreakLength(bytes, at: end) == 0 { end += 1 }
      return JSONTrivia(kind: .lineComment, range: start..<end)
    }
    guard bytes[start + 1] == UInt8(ascii: "*") else { return nil }
    var end = start + 2
    while end + 1 < bytes.count {
      if bytes[end] == UInt8(ascii: "*"), bytes[end + 1] == UInt8(ascii: "/") {
        return JSONTrivia(kind: .blockComment, range: start..<(end + 2))
      }
      end += 1
    }
    throw JSONFault(.expected("the end of the comment, */"), at: bytes.count)
  case 0x80...:
    let (scalar, length) = jsonScalar(bytes, at: start)
    switch scalar.value {
    case 0x2028, 0x2029: return JSONTrivia(kind: .lineBreak, range: start..<(start + length))
    case 0xFEFF: return JSONTrivia(kind: .space, range: start..<(start + length))
    default:
      guard scalar.properties.generalCategory == .spaceSeparator else { return nil }
      return JSONTrivia(kind: .space, range: start..<(start + length))
    }
  default: return nil
  }
}

/// How many bytes a line terminator of JSON5 takes at a place, 0 where none stands.
func jsonLineBreakLength(_ bytes: [UInt8], at place: Int) -> Int {
  switch bytes[place] {
  case 0x0A: 1
  case 0x0D: place + 1 < bytes.count && bytes[place + 1] == 0x0A ? 2 : 1
  case 0xE2:
    place + 2 < bytes.count && bytes[place + 1] == 0x80 && (bytes[place + 2] == 0xA8 || bytes[place + 2] == 0xA9)
      ? 3 : 0
  default: 0
  }
}

/// The character at a place of valid UTF-8, and how many bytes it takes.
func jsonScalar(_ bytes: [UInt8], at place: Int) -> (scalar: Unicode.Scalar, length: Int) {
  let lead = bytes[place]
  let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  var value = length == 1 ? UInt32(lead) : UInt32(lead) & (0x7F >> UInt32(length))
  for index in (place + 1)..<(place + length) { value = value << 6 | UInt32(bytes[index] & 0x3F) }
  guard let scalar = Unicode.Scalar(value) else { fatalError("a text that was checked is not UTF-8") }
  return (scalar, length)
}
