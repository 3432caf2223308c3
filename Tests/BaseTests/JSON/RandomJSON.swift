import Base

/// Makes random documents with all that the dialect allows, together with the values they stand for.
struct RandomJSON {
  var generator: SeededGenerator
  let dialect: JSONDialect

  mutating func document() -> (text: String, value: JSONValue) {
    let (text, value) = value(depth: 0)
    return (trivia() + text + trivia(), value)
  }

  mutating func pick<Element>(_ elements: [Element]) -> Element { elements.randomElement(using: &generator)! }

  mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

  mutating func trivia() -> String {
    if chance(50) { return pick(["", "", " ", "\n  ", "\n", "\t", "\r\n    "]) }
    guard dialect == .json5 else { return " " }
    return pick(["", " // c,}\n", "/* x ] */", "\n  // y\n\n", " /* a\n b */ ", "\u{A0}", "\u{2028}", "//\r\n"])
  }

  mutating func text() -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      text += pick([
        "a", "b", "Z", "0", "é", "e\u{301}", "😀", "\"", "'", "\\", "/", "\n", "\u{1}", "\u{2028}", " ", "*/", "//",
      ])
    }
    return text
  }

  mutating func spelled(_ text: String) -> String {
    let quote: Unicode.Scalar = dialect == .json5 && chance(40) ? "'" : "\""
    var spelling = String(quote)
    for scalar in text.unicodeScalars {
      if scalar == quote || scalar == "\\" {
        spelling += "\\\(scalar)"
      } else if scalar.value < 0x20 || (scalar.value < 0x10000 && chance(10)) {
        let digits = String(scalar.value, radix: 16)
        spelling += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      } else {
        if dialect == .json5, chance(3) { spelling += "\\\n" }
        spelling.unicodeScalars.append(scalar)
      }
    }
    return spelling + String(quote)
  }

  mutating func key(_ key: String) -> String {
    let isPlain = !key.isEmpty && key.allSatisfy { $0.isASCII && $0.isLetter }
    return dialect == .json5 && isPlain && chance(60) ? key : spelled(key)
  }

  mutating func scalar() -> (String, JSONValue) {
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: return ("null", nil)
    case 1: return chance(50) ? ("true", true) : ("false", false)
    case 2:
      let text = text()
      return (spelled(text), .string(text))
    case 3:
      let number = Double(Int.random(in: -100_000...100_000, using: &generator)) / 64
      return ("\(number)", .number(number))
    case 4 where dialect == .json5:
      let number = Int64.random(in: 0...1 << 40, using: &generator)
      return ("+0x" + String(number, radix: 16), .integer(number))
    default:
      let shift = Int.random(in: 0..<64, using: &generator)
      let number = Int64(bitPattern: generator.next()) >> Int64(shift)
      return ("\(number)", .integer(number))
    }
  }

  mutating func value(depth: Int) -> (String, JSONValue) {
    if depth > 4 || chance(35), depth > 0 { return scalar() }
    var parts = ""
    let count = chance(15) ? 0 : Int.random(in: 1...5, using: &generator)
    let comma = { (index: Int, trailing: Bool) in index < count - 1 || trailing ? "," : "" }
    let trailing = dialect == .json5 && chance(40)
    if chance(40) {
      var elements = [JSONValue]()
      for index in 0..<count {
        let (text, value) = value(depth: depth + 1)
        elements.append(value)
        parts += trivia() + text + trivia() + comma(index, trailing)
      }
      return ("[" + parts + trivia() + "]", .array(elements))
    }
    var object = JSONObject()
    var keys = [String]()
    while keys.count < count {
      let key = text()
      if object.place(of: key) == nil {
        keys.append(key)
        object[key] = .null
      }
    }
    for (index, name) in keys.enumerated() {
      let (text, value) = value(depth: depth + 1)
      object[name] = value
      parts += trivia() + key(name) + trivia() + ":" + trivia() + text + trivia() + comma(index, trailing)
    }
    return ("{" + parts + trivia() + "}", .object(object))
  }
}
