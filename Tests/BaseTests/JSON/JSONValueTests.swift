import Base
import Testing

struct JSONValueTests {
  @Test func `a value keeps the order of members and the kinds of numbers`() throws {
    let value = try JSONValue(
      parsing:
        #" {"b":1,"a":[1.0,-0,1e2,9223372036854775807,-9223372036854775808,null,true,"x\n\u00e9\ud83d\ude00"]} "#,
      source: "t")
    #expect(
      value == [
        "b": 1,
        "a": [1.0, .number(-0.0), 100.0, .integer(.max), .integer(.min), nil, true, "x\né😀"],
      ])
    #expect(
      value.compact()
        == #"{"b":1,"a":[1.0,-0.0,100.0,9223372036854775807,-9223372036854775808,null,true,"x\né😀"]}"#)
    #expect(value["a"]?[2]?.doubleValue == 100)
    #expect(value["c"] == nil)
  }

  @Test(arguments: [
    ("", 1, 1, "expected a value, found the end"),
    ("  ", 1, 3, "expected a value, found the end"),
    ("{\n  \"a\": 1,\n}", 3, 1, "expected a key in double quotes, found “}”"),
    ("[1,]", 1, 4, "expected a value, found “]”"),
    ("[1 2]", 1, 4, "expected a comma or ], found “2”"),
    ("{\"a\" 1}", 1, 6, "expected a colon after the key, found “1”"),
    ("01", 1, 2, "expected the end of the text, found “1”"),
    ("1.", 1, 3, "expected a digit, found the end"),
    (".5", 1, 1, "expected a value, found “.”"),
    ("+1", 1, 1, "expected a value, found “+”"),
    ("-", 1, 2, "expected a digit, found the end"),
    ("1e", 1, 3, "expected a digit, found the end"),
    ("nul", 1, 1, "expected a value, found “n”"),
    ("NaN", 1, 1, "expected a value, found “N”"),
    ("\"ä\n\"", 1, 3, "expected an escape for this control character, found the end of the line"),
    ("\"abc", 1, 5, "expected the closing quote of the text, found the end"),
    (#""\x""#, 1, 3, #"expected one of " \ / b f n r t u after the backslash, found “x”"#),
    (#""\u12g4""#, 1, 6, "expected a hexadecimal digit, found “g”"),
    (#""\ud800""#, 1, 2, "an escape that stands for half a character"),
    (#""\udc00\ud800""#, 1, 2, "an escape that stands for half a character"),
    (#""\ud800\u0041""#, 1, 2, "an escape that stands for half a character"),
    (#"{"a":1,"b":{"a":1},"a":2}"#, 1, 20, "a key that line 1 has already"),
    ("[1] x", 1, 5, "expected the end of the text, found “x”"),
    ("1e400", 1, 1, "a number beyond the range of a double"),
    ("18446744073709551615", 1, 1, "an integer that 64 bits cannot hold"),
    ("\u{FEFF}1", 1, 1, "expected a value, found a character that has no meaning here"),
  ])
  func `what strict JSON forbids is refused at its place`(
    text: String, line: Int, column: Int, reason: String
  ) throws {
    let error = try #require(throws: JSONError.self) { try JSONValue(parsing: text, source: "f.json") }
    #expect(error.position?.line == line)
    #expect(error.position?.column == column)
    #expect(error.description == "parse JSON: f.json:\(line):\(column): \(reason)")
    // The tree agrees, only that it keeps a byte order mark.
    if text.hasPrefix("\u{FEFF}") { return }
    let tree = try #require(throws: JSONError.self) {
      try JSONTree(parsing: text, source: "f", dialect: .json).value()
    }
    #expect(tree.code == error.code)
  }

  @Test func `bytes that are not UTF-8 are refused at their place`() {
    for bad: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] {
      let bytes = Array("[\n\"ab".utf8) + bad + Array("\"]".utf8)
      let error = #expect(throws: JSONError.self) { try JSONValue(parsing: bytes.span, source: "f") }
      #expect(error?.code == .invalidText)
      #expect(error?.position?.line == 2)
      #expect(error?.position?.offset == 5)
    }
  }

  @Test func `depth and size have limits`() throws {
    let deep = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(try JSONValue(parsing: deep, source: "f").compact() == deep)
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: "[\(deep)]", source: "f") }
    #expect(error?.code == .tooLarge)
    // Far deeper than the stack could bear.
    let abyss = String(repeating: "[{\"a\":", count: 1_000_000)
    #expect(throws: JSONError.self) { try JSONValue(parsing: abyss, source: "f") }
    #expect(throws: JSONError.self) { try JSONTree(parsing: abyss, source: "f") }
    let limits = JSONLimits(size: 10)
    #expect(throws: JSONError.self) { try JSONValue(parsing: "\"123456789\"", source: "f", limits: limits) }
    #expect(try JSONValue(parsing: "\"12345678\"", source: "f", limits: limits) == "12345678")
  }

  @Test func `keys that only Unicode normalisation makes equal are two keys`() throws {
    let value = try JSONValue(parsing: "{\"\u{e9}\":1,\"e\u{301}\":2}", source: "f")
    #expect(value["\u{e9}"] == 1)
    #expect(value["e\u{301}"] == 2)
    #expect(JSONValue.string("\u{e9}") != JSONValue.string("e\u{301}"))
  }

  @Test func `large objects find their members after every change`() throws {
    var object = JSONObject((0..<100).map { ("k\($0)", JSONValue.integer(Int64($0))) })
    for index in stride(from: 0, to: 100, by: 3) { object["k\(index)"] = nil }
    object["k1"] = "one"
    object["new"] = true
    for index in 2..<100 {
      #expect(object["k\(index)"] == (index.isMultiple(of: 3) ? nil : .integer(Int64(index))))
    }
    #expect(object["k1"] == "one")
    #expect(object.keys.first == "k1")
    #expect(object.keys.last == "new")
    let text = "{" + (0..<50).map { "\n\"k\($0 == 49 ? 7 : $0)\": {\"x\": [\($0)]}" }.joined(separator: ",") + "}"
    let error = #expect(throws: JSONError.self) { try JSONValue(parsing: text, source: "f") }
    #expect(error?.position?.line == 51)
    #expect(error?.reason.contains("line 9") == true)
  }

  @Test func `pretty puts every member on its own line`() {
    let value: JSONValue = ["a": [1, [], ["b": nil]], "c": [:]]
    #expect(
      value.pretty() == """
        {
          "a": [
            1,
            [],
            {
              "b": null
            }
          ],
          "c": {}
        }

        """)
  }

  @Test func `a path is read as it is written`() throws {
    let path = JSONPath([.key("a b"), .index(3), .key("c-d"), .key(""), .key("x\"]y"), .index(0)])
    #expect(path.description == #"["a b"][3].c-d[""]["x\"]y"][0]"#)
    #expect(JSONPath(path.description) == path)
    #expect(("systems.administration.source" as JSONPath).components.count == 3)
    #expect(JSONPath("$") == JSONPath())
    for bad in ["", ".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a[\"x]", "a b", "a[+1]"] {
      #expect(JSONPath(bad) == nil, "\(bad)")
    }
  }
}
