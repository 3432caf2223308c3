import Base
import TestSupport
import Testing

@testable import Administration

@Suite struct `Packed texts` {
  /// Items as texts, `C[name][old][-]`; nil where a text is malformed.
  private func items(_ text: [UInt8]) -> [String]? {
    var found: [String] = []
    var items = PackedItems(unsafe text.span.bytes)
    while items.next() {
      var item = String(UnicodeScalar(items.letter))
      for index in 0..<items.fieldCount {
        let field = items.field(index)
        var bytes: [UInt8] = []
        let isGood = field.unescape { part in
          for place in 0..<part.byteCount { bytes.append(part.byte(place)) }
        }
        if !isGood { return nil }
        item += field.isAbsent ? "[-]" : "[\(String(decoding: bytes, as: UTF8.self))]"
      }
      found.append(item)
    }
    return items.isMalformed ? nil : found
  }

  private func items(_ text: String) -> [String]? { items(Array(text.utf8)) }

  @Test(arguments: [
    ("", []),
    ("C|title|~|Countess", ["C[title][-][Countess]"]),
    ("C|a||", ["C[a][][]"]),
    ("C|a|\\~|~", ["C[a][~][-]"]),
    ("C|a|~~|x~", ["C[a][~~][x~]"]),
    ("C|a\\|b|\\\\|\\n", ["C[a|b][\\][\n]"]),
    ("C|a|\\\\\\||b", ["C[a][\\|][b]"]),
    ("C|a|\\\\|b\\\\", ["C[a][\\][b\\]"]),
    ("C|a|b|c\nW|w|~|\nR|why", ["C[a][b][c]", "W[w][-][]", "R[why]"]),
    ("R", ["R"]),
    ("R|", ["R[]"]),
    ("C|größe|ß|𝔰", ["C[größe][ß][𝔰]"]),
  ])
  func `are read as they were meant`(_ text: String, _ expected: [String]) {
    #expect(items(text) == expected)
  }

  @Test(arguments: [
    "\n", "C|a|b|c\n", "\nC|a|b|c", "C|a|b|c\n\nR|x", "Ca|b|c|d", "C|a|b|c|d", "C|a|b|c\\", "C|a|b\\|c\\",
    "C|a|\\x|c", "R|\\",
  ])
  func `that are malformed are told`(_ text: String) {
    #expect(items(text) == nil)
  }

  @Test func `are read back whatever was written`() {
    seededRun(count: 200) { _, random in
      let alphabet: [UInt8] = Array("ab|\\~\n".utf8) + [0x00, 0xC3, 0xBC, 0xFF]
      let fields = (0..<Int.random(in: 0...8, using: &random)).map { _ in
        (0..<3).map { _ -> [UInt8]? in
          if Int.random(in: 0..<5, using: &random) == 0 { return nil }
          return (0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
        }
      }
      let text = fields.map { PackedSource.item("C", $0) }.joined(separator: [0x0A])
      let expected = fields.map { fields in
        "C" + fields.map { $0.map { "[\(String(decoding: $0, as: UTF8.self))]" } ?? "[-]" }.joined()
      }
      #expect(items(Array(text)) == expected)
    }
  }
}
