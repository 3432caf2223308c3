import Base
import Testing

struct JSONEditingTests {
  static let settings = """
    // Settings of the server.
    {
      // Where it listens.
      "listen": "0.0.0.0", // all interfaces
      "port": 0x1F90,

      /* Limits. */
      "limits": {
        "open": 1024
      }, // end of limits
      "hosts": ["a", "b"],
      "empty": {},
      "last": true // the last one
      // "gone": 1
    }

    """

  private func edited(
    _ text: String = settings, dialect: JSONDialect = .json5, _ edit: (inout JSONTree) throws -> Void
  ) throws -> String {
    var tree = try JSONTree(parsing: text, source: "f", dialect: dialect)
    try edit(&tree)
    return tree.text
  }

  private func expect(
    _ edit: (inout JSONTree) throws -> Void, replaces old: String, with new: String,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let wanted = JSONEditingTests.settings.replacing(old, with: new)
    #expect(wanted != JSONEditingTests.settings || old == new, "the test looks for what is not there")
    #expect(try edited(JSONEditingTests.settings, edit) == wanted, sourceLocation: location)
  }

  @Test func `replacing a value changes the value alone`() throws {
    try expect({ try $0.set(9090, at: "port") }, replaces: "0x1F90", with: "9090")
    try expect({ try $0.set(8080, at: "port") }, replaces: "0x1F90", with: "0x1F90")
    try expect({ try $0.set("x\"y", at: "listen") }, replaces: #""0.0.0.0""#, with: #""x\"y""#)
    try expect({ try $0.set(["c", ["d": 1]], at: "hosts") }, replaces: #"["a", "b"]"#, with: #"["c", {"d": 1}]"#)
    try expect(
      { try $0.set(["a": 1, "b": [2]], at: "empty") }, replaces: "{}",
      with: """
        {
            "a": 1,
            "b": [
              2
            ]
          }
        """)
  }

  @Test func `a new member looks like its neighbours`() throws {
    try expect(
      { try $0.set("new", at: "name") }, replaces: "true // the last one\n",
      with: """
        true, // the last one
          "name": "new"

        """)
    try expect({ try $0.set(5, at: "limits.idle") }, replaces: "1024\n", with: "1024,\n    \"idle\": 5\n")
    try expect(
      { try $0.set(5, at: "empty.a.b") }, replaces: "\"empty\": {}",
      with: """
        "empty": {
            "a": {
              "b": 5
            }
          }
        """)
    try expect({ try $0.insert("c", at: "hosts[2]") }, replaces: "\"b\"]", with: "\"b\", \"c\"]")
    try expect({ try $0.insert("c", at: "hosts[0]") }, replaces: "[\"a\"", with: "[\"c\", \"a\"")
    try expect(
      { try $0.insert(1, at: "limits.x", comment: "Why.\nAnd how.") }, replaces: "1024\n",
      with: "1024,\n    // Why.\n    // And how.\n    \"x\": 1\n")
  }

  @Test func `a removed member takes its line, its comma and its comments along`() throws {
    try expect({ try $0.remove(at: "port") }, replaces: "  \"port\": 0x1F90,\n", with: "")
    try expect(
      { try $0.remove(at: "listen") },
      replaces: "  // Where it listens.\n  \"listen\": \"0.0.0.0\", // all interfaces\n", with: "")
    try expect(
      { try $0.remove(at: "listen", keepingComments: true) }, replaces: "\"listen\": \"0.0.0.0\",", with: "")
    try expect({ try $0.remove(at: "limits.open") }, replaces: "{\n    \"open\": 1024\n  }", with: "{}")
    try expect(
      { try $0.remove(at: "last") }, replaces: "{},\n  \"last\": true // the last one\n", with: "{}\n")
    try expect({ try $0.remove(at: "hosts[0]") }, replaces: "\"a\", ", with: "")
    try expect({ try $0.remove(at: "hosts[1]") }, replaces: ", \"b\"", with: "")
  }

  @Test func `a renamed member stays where it is`() throws {
    try expect({ try $0.rename("port", to: "https port") }, replaces: "\"port\"", with: "\"https port\"")
    #expect(try edited("{a: 1}") { try $0.rename("a", to: "b-c") } == "{\"b-c\": 1}")
    #expect(try edited("{'a': 1}") { try $0.rename("a", to: "b'") } == #"{'b\'': 1}"#)
    #expect(throws: JSONError.self) { try edited { try $0.rename("port", to: "listen") } }
  }

  @Test(arguments: [
    ("{}", "{\n  a: 1\n}"), ("{a:2}", "{a:1}"), ("{b:2}", "{b:2,a:1}"), ("{ b: 2 }", "{ b: 2, a: 1 }"),
    ("{ b: 2, }", "{ b: 2, a: 1, }"), ("{'b': 2, 'c': 3}", "{'b': 2, 'c': 3, 'a': 1}"),
    ("{\n  b: 2,\n}", "{\n  b: 2,\n  a: 1,\n}"), ("{\n\tb : 2 /* x */\n}", "{\n\tb : 2, /* x */\n\ta : 1\n}"),
    ("{\n  b: 2 }", "{\n  b: 2,\n  a: 1 }"), ("{ /* none */ }", "{ /* none */ a: 1 }"),
    ("{\n  // none\n}", "{\n  // none\n  a: 1\n}"), ("{ b: 2 // x\n}", "{ b: 2, a: 1 // x\n}"),
    ("{\n  b: 2\n  , c: 3\n}", "{\n  b: 2\n  , c: 3, a: 1\n}"),
    ("{\n    \"b\": {\n        \"c\": 1\n    }\n}", "{\n    \"b\": {\n        \"c\": 1\n    },\n    \"a\": 1\n}"),
  ])
  func `setting a member keeps the layout`(before: String, after: String) throws {
    #expect(try edited(before) { try $0.set(1, at: "a") } == after)
  }

  @Test(arguments: [
    ("{a: 1}", "{}"), ("{ a: 1, }", "{}"), ("{a: 1, b: 2}", "{b: 2}"), ("{b: 2, a: 1}", "{b: 2}"),
    ("{b: 2, a: 1,}", "{b: 2,}"), ("{\n  a: 1\n}", "{}"), ("{\n  a: 1,\n  b: 2\n}", "{\n  b: 2\n}"),
    ("{\n  b: 2,\n  a: 1\n}", "{\n  b: 2\n}"), ("{\n  b: 2,\n  a: 1,\n}", "{\n  b: 2,\n}"),
    ("{\n  b: 2, // x\n  a: 1 // y\n}", "{\n  b: 2 // x\n}"), ("{ /* x */ a: 1 }", "{ /* x */  }"),
    ("{b: 2, /* about a */ a: 1, c: 3}", "{b: 2, /* about a */ c: 3}"),
    ("{\n  b: 2\n  , a: 1\n}", "{\n  b: 2\n  \n}"),
    ("{\n  // head\n\n  // about a\n  a: 1,\n  // about b\n  b: 2\n}", "{\n  // head\n\n  // about b\n  b: 2\n}"),
    ("{ // open\n  a: 1,\n  b: 2\n}", "{ // open\n  b: 2\n}"), ("{\n  a: 1, b: 2\n}", "{\n  b: 2\n}"),
  ])
  func `removing a member keeps the layout`(before: String, after: String) throws {
    #expect(try edited(before) { try $0.remove(at: "a") } == after)
  }

  @Test func `an edit that does not fit throws and changes nothing`() throws {
    var tree = try JSONTree(parsing: JSONEditingTests.settings, source: "f")
    func refused(_ code: JSONError.Code, _ edit: (inout JSONTree) throws -> Void) throws {
      #expect(try #require(throws: JSONError.self) { try edit(&tree) }.code == code)
    }
    try refused(.missing) { try $0.remove(at: "nothing") }
    try refused(.missing) { try $0.replace(1, at: "nothing") }
    try refused(.missing) { try $0.insert(1, at: "no.thing") }
    try refused(.cannotEdit) { try $0.insert(1, at: "port") }
    try refused(.cannotEdit) { try $0.insert(1, at: "hosts[3]") }
    try refused(.cannotEdit) { try $0.remove(at: "$") }
    try refused(.wrongType) { try $0.set(1, at: "port.number") }
    try refused(.wrongType) { try $0.set(1, at: "limits[0]") }
    try refused(.cannotEdit) { try $0.set(1, at: "x[1]") }
    #expect(tree.text == JSONEditingTests.settings)
    let strict = try JSONTree(parsing: "{}", source: "f", dialect: .json)
    #expect(throws: JSONError.self) {
      var strict = strict
      try strict.insert(1, at: "a", comment: "why")
    }
  }
}
