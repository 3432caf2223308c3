extension JSONValue {
  /// Parses a whole strict JSON text (RFC 8259) from its UTF-8 bytes, for instance one line of JSON Lines.
  ///
  /// Refuses duplicate keys, lone surrogates, trailing bytes, and integers that would lose digits.
  ///
  /// - Parameters:
  ///   - source: what errors call the text, for instance the file.
  ///   - line: what errors call its first line.
  public init(
    parsing bytes: Span<UInt8>, source: String, line: Int = 1, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) {
    do throws(JSONFault) {
      if bytes.count > limits.size { throw JSONFault(.tooLong, at: limits.size) }
      var parser = JSONValueParser(bytes, maximumDepth: limits.depth)
      self = try parser.whole()
    } catch {
      throw JSONError(error, in: bytes, source: source, firstLine: line, limits: limits)
    }
  }

  public init(
    parsing text: String, source: String, line: Int = 1, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) {
    try self.init(parsing: Array(text.utf8).span, source: source, line: line, limits: limits)
  }
}

private struct JSONValueParser: ~Escapable {
  private let bytes: Span<UInt8>
  private let maximumDepth: Int
  private var at = 0
  private var depth = 0
  private var scratch = [UInt8]()

  @_lifetime(copy bytes)
  init(_ bytes: Span<UInt8>, maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  @_lifetime(self: copy self)
  mutating func whole() throws(JSONFault) -> JSONValue {
    skipSpace()
    let value = try value()
    skipSpace()
    if at < bytes.count { throw JSONFault(.expected("the end of the text"), at: at) }
    return value
  }

  /// 0 at the end, which is valid nowhere.
  private var byte: UInt8 { at < bytes.count ? bytes[at] : 0 }

  @_lifetime(self: copy self)
  private mutating func skipSpace() {
    while at < bytes.count {
      let byte = bytes[at]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      at += 1
    }
  }

  @_lifetime(self: copy self)
  private mutating func value() throws(JSONFault) -> JSONValue {
    switch byte {
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: throw JSONFault(.expected("a value"), at: at)
    }
  }

  @_lifetime(self: copy self)
  private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
    let length = word.utf8CodeUnitCount
    guard at + length <= bytes.count else { throw JSONFault(.expected("a value"), at: at) }
    for index in 0..<length where unsafe bytes[at + index] != word.utf8Start[index] {
      throw JSONFault(.expected("a value"), at: at)
    }
    at += length
    return value
  }

  @_lifetime(self: copy self)
  private mutating func array() throws(JSONFault) -> JSONValue {
    try enter()
    var elements = [JSONValue]()
    skipSpace()
    if byte == UInt8(ascii: "]") {
      leave()
      return .array([])
    }
    while true {
      elements.append(try value())
      skipSpace()
      if byte == UInt8(ascii: "]") { break }
      guard byte == UInt8(ascii: ",") else { throw JSONFault(.expected("a comma or ]"), at: at) }
      at += 1
      skipSpace()
    }
    leave()
    return .array(elements)
  }

  @_lifetime(self: copy self)
  private mutating func object() throws(JSONFault) -> JSONValue {
    try enter()
    var members = [JSONObject.Member]()
    skipSpace()
    if byte == UInt8(ascii: "}") {
      leave()
      return .object(JSONObject())
    }
    let start = at
    while true {
      guard byte == UInt8(ascii: "\"") else { throw JSONFault(.expected("a key in double quotes"), at: at) }
      let key = try string()
      skipSpace()
      guard byte == UInt8(ascii: ":") else { throw JSONFault(.expected("a colon after the key"), at: at) }
      at += 1
      skipSpace()
      members.append(JSONObject.Member(key: key, value: try value()))
      skipSpace()
      if byte == UInt8(ascii: "}") { break }
      guard byte == UInt8(ascii: ",") else { throw JSONFault(.expected("a comma or }"), at: at) }
      at += 1
      skipSpace()
    }
    leave()
    let (object, duplicate) = JSONObject.checked(members)
    if let duplicate { throw try duplicateFault(of: duplicate, members, start: start) }
    return .object(object)
  }

  /// Finds the places of two members with the same key by going through the object again: only once per text.
  @_lifetime(self: copy self)
  private mutating func duplicateFault(
    of place: Int, _ members: [JSONObject.Member], start: Int
  ) throws(JSONFault) -> JSONFault {
    at = start
    var first = start
    for index in 0..<place {
      skipSpace()
      if jsonSameBytes(members[index].key, members[place].key) { first = at }
      _ = try string()
      skipSpace()
      at += 1
      skipSpace()
      _ = try value()
      skipSpace()
      at += 1
    }
    skipSpace()
    return JSONFault(.duplicateKey(first: first), at: at)
  }

  @_lifetime(self: copy self)
  private mutating func enter() throws(JSONFault) {
    depth += 1
    if depth > maximumDepth { throw JSONFault(.tooDeep, at: at) }
    at += 1
  }

  @_lifetime(self: copy self)
  private mutating func leave() {
    depth -= 1
    at += 1
  }

  @_lifetime(self: copy self)
  private mutating func number() throws(JSONFault) -> JSONValue {
    let start = at
    if byte == UInt8(ascii: "-") { at += 1 }
    if byte == UInt8(ascii: "0") {
      at += 1
    } else {
      try digits()
    }
    if byte == UInt8(ascii: ".") {
      at += 1
      try digits()
    }
    if byte | 0x20 == UInt8(ascii: "e") {
      at += 1
      if byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") { at += 1 }
      try digits()
    }
    return try jsonNumber(bytes.extracting(start..<at), at: start)
  }

  @_lifetime(self: copy self)
  private mutating func digits() throws(JSONFault) {
    guard byte &- 48 <= 9 else { throw JSONFault(.expected("a digit"), at: at) }
    while byte &- 48 <= 9 { at += 1 }
  }

  @_lifetime(self: copy self)
  private mutating func string() throws(JSONFault) -> String {
    at += 1
    let start = at
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        let text = try jsonText(bytes.extracting(start..<at), at: start)
        at += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { return try stringWithEscapes(start: start) }
      if byte < 0x20 { throw JSONFault(.expected("an escape for this control character"), at: at) }
      at += 1
    }
    throw JSONFault(.expected("the closing quote of the text"), at: at)
  }

  @_lifetime(self: copy self)
  private mutating func stringWithEscapes(start: Int) throws(JSONFault) -> String {
    scratch.removeAll(keepingCapacity: true)
    for index in start..<at { scratch.append(bytes[index]) }
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at += 1
        return try jsonText(scratch.span, at: start)
      }
      if byte < 0x20 { throw JSONFault(.expected("an escape for this control character"), at: at) }
      if byte == UInt8(ascii: "\\") {
        at = try jsonEscape(bytes, at: at, into: &scratch)
      } else {
        scratch.append(byte)
        at += 1
      }
    }
    throw JSONFault(.expected("the closing quote of the text"), at: at)
  }
}
