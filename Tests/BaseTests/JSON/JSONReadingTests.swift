import Base
import Testing

struct JSONReadingTests {
  static let text = """
    {
      systems: {
        administration: { source: 'old.db', port: 70000, mode: 'fast', ratio: 0.5, dry: true, sauce: 1 },
        list: [1, 'two', 3.5], nothing: null,
      },
    }
    """

  /// Both ways of reading must agree.
  private func both(_ body: (any JSONReadable) throws -> Void) throws {
    let tree = try JSONTree(parsing: JSONReadingTests.text, source: "platform.json5")
    try body(tree.root)
    try body(JSONCursor(try tree.value(), source: "platform.json5"))
  }

  @Test func `values are read by their types`() throws {
    func check(_ root: some JSONReadable) throws {
      let system = try root.required("systems").required("administration")
      #expect(try system.required("source").string() == "old.db")
      #expect(try system.required("port").integer() == 70000)
      #expect(try system.required("port").number() == 70000)
      #expect(try system.required("ratio").number(in: 0...1) == 0.5)
      #expect(try system.required("dry").bool())
      #expect(try system.required("mode").choice(of: ["slow": 1, "fast": 2]) == 2)
      #expect(try system.optional("none")?.string() == nil)
      #expect(try root.required("systems").optional("nothing")?.string() == nil)
      #expect(try root.required("systems").required("list").elements().count == 3)
      #expect(try root.find("systems.list[1]")?.string() == "two")
      #expect(root.find("systems.list[3]") == nil)
      #expect(try root.members().map(\.key) == ["systems"])
    }
    try both { try check($0) }
  }

  @Test func `errors name the path and say what was expected`() throws {
    func check(_ root: some JSONReadable) throws {
      let system = try root.required("systems").required("administration")
      func reason(_ body: () throws -> Void) throws -> String {
        try #require(throws: JSONError.self, performing: body).reason
      }
      #expect(
        try reason { _ = try system.required("target") }
          .hasSuffix("systems.administration: the member “target” is missing"))
      #expect(
        try reason { _ = try system.required("source").integer() }
          .hasSuffix("systems.administration.source: expected a number, found a text"))
      #expect(
        try reason { _ = try system.required("port").integer(in: 1...65535) }
          .hasSuffix("systems.administration.port: expected an integer from 1 to 65535"))
      #expect(
        try reason { _ = try root.required("systems").required("list").elements()[2].integer() }
          .hasSuffix("systems.list[2]: expected an integer, found a number with a fraction or an exponent"))
      #expect(
        try reason { _ = try system.required("mode").choice(of: ["slow": 1, "faster": 2]) }
          .hasSuffix("not one of “slow”, “faster”"))
      #expect(try reason { _ = try system.required("dry").required("x") }.hasSuffix("found true or false"))
      let unknown = try #require(throws: JSONError.self) {
        try system.refuseMembers(besides: ["source", "port", "mode", "ratio", "dry"])
      }
      #expect(unknown.code == .unknownKey)
      #expect(unknown.advice == "Did you mean “source”?")
      try system.refuseMembers(besides: ["source", "port", "mode", "ratio", "dry", "sauce"])
    }
    try both { try check($0) }
  }

  @Test func `errors of a tree name file, line and column`() throws {
    let tree = try JSONTree(parsing: JSONReadingTests.text, source: "platform.json5")
    let error = try #require(throws: JSONError.self) {
      try tree.root.required("systems").required("administration").required("port").string()
    }
    #expect(
      error.description
        == "read JSON: platform.json5:3:47: systems.administration.port: expected a text, found a number")
    let cursor = JSONCursor(["a": 1], source: "events.jsonl", line: 12)
    let other = try #require(throws: JSONError.self) { try cursor.required("a").string() }
    #expect(other.description == "read JSON: events.jsonl:12: a: expected a text, found a number")
  }
}
