/// Finds out where the values of a text stand, and that it is valid.
struct JSONTreeParser {
  let bytes: [UInt8]
  let dialect: JSONDialect
  var at = 0
  private let maximumDepth: Int
  private var depth = 0
  private var records = [JSONRecord]()

  init(_ bytes: [UInt8], dialect: JSONDialect, maximumDepth: Int) {
    self.bytes = bytes
    self.dialect = dialect
    self.maximumDepth = maximumDepth
  }

  mutating func whole() throws(JSONFault) -> [JSONRecord] {
    _ = try jsonText(bytes.span, at: 0)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    try skipTrivia()
    try value(key: 0..<0, parent: -1, place: 0)
    try skipTrivia()
    if at < bytes.count { throw JSONFault(.expected("the end of the text"), at: at) }
    return records
  }

  /// 0 at the end, which is valid nowhere.
  var byte: UInt8 { at < bytes.count ? bytes[at] : 0 }

  mutating func skipTrivia() throws(JSONFault) {
    while let piece = try jsonTrivia(bytes, at: at, dialect: dialect) { at = piece.range.upperBound }
  }

  private mutating func value(key: Range<Int>, parent: Int, place: Int) throws(JSONFault) {
    let index = records.count
    let start = at
    func record(_ kind: JSONKind) -> JSONRecord {
      JSONRecord(kind: kind, parent: parent, place: place, key: key, value: start..<start)
    }
    switch byte {
    case UInt8(ascii: "{"):
      records.append(record(.object))
      try object(index)
    case UInt8(ascii: "["):
      records.append(record(.array))
      try array(index)
    case UInt8(ascii: "\""):
      records.append(record(.string))
      at = try jsonStringEnd(bytes, at: at, dialect: dialect)
    case UInt8(ascii: "'") where dialect == .json5:
      records.append(record(.string))
      at = try jsonStringEnd(bytes, at: at, dialect: dialect)
    case UInt8(ascii: "t"):
      records.append(record(.bool))
      try word("true")
    case UInt8(ascii: "f"):
      records.append(record(.bool))
      try word("false")
    case UInt8(ascii: "n"):
      records.append(record(.null))
      try word("null")
    default:
      records.append(record(.number))
      at = try jsonNumberEnd(bytes, at: at, dialect: dialect)
    }
    records[index].value = start..<at
    records[index].next = records.count
  }

  private mutating func word(_ word: String) throws(JSONFault) {
    guard bytes[at...].starts(with: word.utf8), !jsonContinuesName(bytes, at: at + word.utf8.count) else {
      throw JSONFault(.expected("a value"), at: at)
    }
    at += word.utf8.count
  }

  private mutating func object(_ index: Int) throws(JSONFault) {
    var keys = [JSONKey: Int]()
    try items(index, close: UInt8(ascii: "}"), orClose: "a comma or }") { parser, place throws(JSONFault) in
      let start = parser.at
      let key = try parser.key()
      if let first = keys.updateValue(start, forKey: JSONKey(key)) {
        throw JSONFault(.duplicateKey(first: first), at: start)
      }
      let range = start..<parser.at
      try parser.skipTrivia()
      guard parser.byte == UInt8(ascii: ":") else {
        throw JSONFault(.expected("a colon after the key"), at: parser.at)
      }
      parser.at += 1
      try parser.skipTrivia()
      try parser.value(key: range, parent: index, place: place)
    }
  }

  private mutating func array(_ index: Int) throws(JSONFault) {
    try items(index, close: UInt8(ascii: "]"), orClose: "a comma or ]") { parser, place throws(JSONFault) in
      try parser.value(key: 0..<0, parent: index, place: place)
    }
  }

  private mutating func items(
    _ index: Int, close: UInt8, orClose: StaticString,
    item: (inout JSONTreeParser, Int) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    depth += 1
    if depth > maximumDepth { throw JSONFault(.tooDeep, at: at) }
    at += 1
    var count = 0
    try skipTrivia()
    while byte != close || (count > 0 && dialect == .json) {
      let child = records.count
      try item(&self, count)
      count += 1
      try skipTrivia()
      if byte == close { break }
      guard byte == UInt8(ascii: ",") else { throw JSONFault(.expected(orClose), at: at) }
      records[child].comma = at
      at += 1
      try skipTrivia()
    }
    at += 1
    records[index].count = count
    depth -= 1
  }

  private mutating func key() throws(JSONFault) -> String {
    let start = at
    switch byte {
    case UInt8(ascii: "\""): at = try jsonStringEnd(bytes, at: at, dialect: dialect)
    case UInt8(ascii: "'") where dialect == .json5: at = try jsonStringEnd(bytes, at: at, dialect: dialect)
    default:
      guard dialect == .json5 else { throw JSONFault(.expected("a key in double quotes"), at: at) }
      at = try jsonNameEnd(bytes, at: at)
    }
    return try jsonKeyText(bytes, start..<at)
  }
}
