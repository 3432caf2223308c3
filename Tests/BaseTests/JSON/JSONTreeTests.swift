import Base
import Testing

struct JSONTreeTests {
  static let example = """
    {
      // comments
      unquoted: 'and you can quote me on that',
      singleQuotes: 'I can use "double quotes" here',
      lineBreaks: "Look, Mom! \\
    No \\\\n's!",
      hexadecimal: 0xdecaf,
      leadingDecimalPoint: .8675309, andTrailing: 8675309.,
      positiveSign: +1,
      trailingComma: 'in objects', andIn: ['arrays',],
      "backwardsCompatible": "with JSON",
    }

    """

  @Test func `the example of the JSON5 specification is understood and kept`() throws {
    let tree = try JSONTree(parsing: JSONTreeTests.example, source: "f.json5")
    #expect(tree.text == JSONTreeTests.example)
    #expect(
      try tree.value() == [
        "unquoted": "and you can quote me on that", "singleQuotes": "I can use \"double quotes\" here",
        "lineBreaks": "Look, Mom! No \\n's!", "hexadecimal": 0xdecaf, "leadingDecimalPoint": 0.8675309,
        "andTrailing": 8675309.0, "positiveSign": 1, "trailingComma": "in objects", "andIn": ["arrays"],
        "backwardsCompatible": "with JSON",
      ])
    #expect(tree["hexadecimal"]?.spelling == "0xdecaf")
    #expect(tree["hexadecimal"]?.position.line == 7)
    #expect(tree["hexadecimal"]?.position.column == 16)
    #expect(tree["hexadecimal"]?.memberPosition.column == 3)
    #expect(tree["andIn[0]"]?.path.description == "andIn[0]")
  }

  @Test(
    arguments: [
      ("{ width: 1920, height: 1080, }", ["width": 1920, "height": 1080]),
      ("[ [1, true, 'three'], [4, \"five\", 0x6], ]", [[1, true, "three"], [4, "five", 6]]),
      (
        "{ integer: 123, withFractionPart: 123.456, onlyFractionPart: .456, withExponent: 123e-4 }",
        ["integer": 123, "withFractionPart": 123.456, "onlyFractionPart": 0.456, "withExponent": 0.0123]
      ),
      ("{ positiveHex: 0xdecaf, negativeHex: -0xC0FFEE, }", ["positiveHex": 0xdecaf, "negativeHex": -0xC0FFEE]),
      (
        "'Lorem ipsum dolor sit amet, \\\nconsectetur adipiscing elit.'",
        "Lorem ipsum dolor sit amet, consectetur adipiscing elit."
      ),
      (#"'\A\C\/\D\C'"#, "AC/DC"), (#"'\x61\v\0\'\u{0022}'"#, "a\u{b}\0'\""), (#"["\u0022"]"#, ["\""]),
      ("'\u{2028}'", "\u{2028}"), ("/* a */ 1 // b", 1), ("\u{FEFF}\u{A0}\u{3000}\u{2029}null\u{b}\u{c}", nil),
      (
        "{ $a_1: 1, ünï: 2, \\u0061b: 3, null: 4, ª\u{200C}: 5 }",
        ["$a_1": 1, "ünï": 2, "ab": 3, "null": 4, "ª\u{200C}": 5]
      ),
      ("{ '': [], \"a\": {} }", ["": [], "a": [:]]), ("5.e3", 5000.0), ("-.5", -0.5), ("+0", 0), ("0X10", 16),
      ("'tab\there'", "tab\there"), ("123e-456", 0.0),
    ] as [(String, JSONValue)])
  func `JSON5 means this`(text: String, value: JSONValue) throws {
    let text = text.replacing("\\u{0022}", with: "\\u0022")
    #expect(try JSONTree(parsing: text, source: "f").value() == value)
  }

  @Test(arguments: [
    "{,}", "[,]", "[1,,]", "{a:1,,}", "{a b:1}", "{1a:1}", "{a-b:1}", "'a\nb'", "010", "0x", "0xg", "1a", "+-1",
    "+", ".", ".e1", "1e", "'\\1'", "'\\01'", "'\\x1'", "'\\ud800'", "/* a", "/", "Infinit", "NaNa", "nulll",
    "[1 2]",
    "{\"a\":1 'b':2}", "{a:1,'a':2}", "{a:1,\\u0061:2}", "{\\u0031:1}", "\"", "undefined", "{a:}", "[}", "#", "1\0",
  ])
  func `JSON5 forbids this`(text: String) {
    #expect(throws: JSONError.self) { try JSONTree(parsing: text, source: "f") }
  }

  @Test func `infinities and huge numbers are kept in the text and refused as values`() throws {
    let text = "{ positiveInfinity: Infinity, negativeInfinity: -Infinity, notANumber: NaN, big: 1e999 }"
    var tree = try JSONTree(parsing: text, source: "f")
    for member in tree.root.children {
      let error = #expect(throws: JSONError.self) { try member.number() }
      #expect(error?.position == member.position)
    }
    try tree.set(1, at: "big")
    #expect(tree.text == text.replacing("1e999", with: "1"))
  }

  @Test func `a byte order mark, Windows line ends and the last line are kept`() throws {
    let text = "\u{FEFF}{\r\n\t\"a\": 1,\r\n\t\"b\": {}\r\n}\r\n"
    var tree = try JSONTree(parsing: text, source: "f", dialect: .json)
    #expect(tree.text.utf8.elementsEqual(text.utf8))
    #expect(tree["b"]?.position.line == 3)
    try tree.set("x", at: "b.c")
    #expect(
      tree.text.utf8.elementsEqual(
        "\u{FEFF}{\r\n\t\"a\": 1,\r\n\t\"b\": {\r\n\t\t\"c\": \"x\"\r\n\t}\r\n}\r\n".utf8))
  }

  @Test func `a file is read in the dialect of its name`() throws {
    let folder = try TemporaryFolder()
    try Files.write("{a: 1}", to: folder.path("a.json5"))
    try Files.write("{a: 1}", to: folder.path("a.json"))
    #expect(try JSONTree(reading: folder.path("a.json5")).value() == ["a": 1])
    let error = #expect(throws: JSONError.self) { try JSONTree(reading: folder.path("a.json")) }
    #expect(error?.reason == "\(folder.path("a.json")):1:2: expected a key in double quotes, found “a”")
  }
}
