import Base
import TestSupport
import Testing

@testable import CommandLine

@Suite struct CSVTests {
  private static let alphabet: [Unicode.Scalar] = [
    "a", "é", "界", " ", "\t", "\"", "'", ",", ";", "\r", "\n", "=", "+", "-", "@", "\u{FF1D}", "\u{200E}",
    "\u{202E}",
    "\u{1B}", "|", "\\", "0", "\u{FEFF}", "\u{A0}", "\u{301}",
  ]

  @Test func `every field comes back from another reader, and none begins like a formula`() throws {
    try seededRun(count: 5) { _, random in
      let folder = try TestFolder()
      var rows: [[String]] = []
      var text = ""
      for _ in 0..<200 {
        let row = (0..<3).map { _ in
          String(
            String.UnicodeScalarView(
              (0..<Int.random(in: 0...6, using: &random)).map { _ in
                CSVTests.alphabet.randomElement(using: &random)!
              })
          )
        }
        rows.append(row)
        text += CSVRow(row).text
      }
      try folder.write(text, to: "rows.csv")
      let read = try Tool.check(
        "/usr/bin/python3",
        [
          "-c",
          """
          import csv, json, sys
          with open(sys.argv[1], newline='', encoding='utf-8') as file:
              rows = list(csv.reader(file, strict=True))
          print(json.dumps([[field[1:] if field[:1] == "'" else field for field in row] for row in rows]))
          for row in rows:
              for field in row:
                  assert not field.strip() or field.lstrip(' \\u00a0\\u3000\\ufeff\\u200b\\u200e\\u200f\\u202e')[:1] not in tuple('=+-@\\uff1d\\t\\r\\n'), field
          """, folder / "rows.csv",
        ])
      let found = try JSONValue(parsing: read.text, source: "csv").arrayValue ?? []
      try #require(found.count == rows.count)
      for (one, other) in zip(found, rows) {
        let fields = one.arrayValue?.map { $0.stringValue ?? "" } ?? []
        // Scalar by scalar: equality of Swift's texts overlooks how a line is broken.
        try #require(fields.map { Array($0.unicodeScalars) } == other.map { Array($0.unicodeScalars) })
      }
    }
  }

  @Test(arguments: [
    ("", ""), ("plain", "plain"), ("a,b", "\"a,b\""), ("say \"x\"", "\"say \"\"x\"\"\""), ("=1+1", "'=1+1"),
    ("  @x", "'  @x"), ("-", "'-"), ("'", "''"), (" x", "\" x\""),
    ("2020-01-01", "2020-01-01"), ("a\r\nb", "\"a\r\nb\""),
  ])
  func `a field is written as the standard says`(value: String, written: String) {
    #expect(CSVRow([value]).text == written + "\r\n")
  }
}

@Suite struct WrappedTableTests {
  @Test func `fields are broken over lines and nothing is lost or wider than the terminal`() throws {
    let words = [
      "short", "Donaudampfschifffahrtsgesellschaft", "北京市朝阳区", "e\u{301}te\u{301}", "a b c d", "", "one\ntwo",
    ]
    seededRun(count: 50) { _, random in
      let rows = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        (0..<3).map { _ in
          (0..<Int.random(in: 0...8, using: &random)).map { _ in words.randomElement(using: &random)! }.joined(
            separator: " ")
        }
      }
      let width = Int.random(in: 40...120, using: &random)
      let lines = WrappedTable(rows).lines(width: width)
      for line in lines { #expect(columnCount(of: line) <= width, "\(line)") }
      func letters(_ text: String) -> [Character] { text.filter { !$0.isWhitespace }.sorted() }
      #expect(letters(lines.joined()) == letters(rows.joined().joined()))
    }
  }

  @Test func `two wide columns share the room`() {
    let lines = WrappedTable([["name", String(repeating: "a", count: 500), String(repeating: "b", count: 490)]])
      .lines(width: 60)
    let first = lines.first?.split(separator: " ").map(\.count) ?? []
    #expect(first.count == 3 && abs(first[1] - first[2]) <= 1 && first[1] > 20, "\(first)")
  }

  @Test func `what could command a terminal does not reach it`() {
    let lines = WrappedTable([["\u{1B}[31m", "a\u{202E}b\u{7}"]]).lines(width: 40)
    #expect(lines == ["\u{FFFD}[31m  a\u{FFFD}b\u{FFFD}"])
  }
}
