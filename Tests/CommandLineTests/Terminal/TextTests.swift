@testable import CommandLine
import Testing

@Suite struct TextTests {
  @Test func `columns are counted as terminals do`() {
    #expect(columnCount(of: "abc") == 3)
    #expect(columnCount(of: "Größe") == 5)
    #expect(columnCount(of: "e\u{301}") == 1)
    #expect(columnCount(of: "東京") == 4)
    #expect(clipped("東京都", to: 4) == "東…")
    #expect(clipped("abcdef", to: 6) == "abcdef")
    #expect(clipped("abcdef", to: 3) == "ab…")
    #expect(clipped("abc", to: 0) == "")
  }

  @Test func `text is broken at spaces and long words stand alone`() {
    #expect(wrapped("one two three", to: 7) == ["one two", "three"])
    #expect(wrapped("a abcdefghij b", to: 5) == ["a", "abcdefghij", "b"])
    #expect(wrapped("", to: 5) == [""])
    #expect(wrapped("a\n\nb", to: 5) == ["a", "", "b"])
  }

  @Test func `direction overrides and control characters are made visible`() {
    #expect(printable("a\u{202E}b\tc") == "a\u{FFFD}b\u{FFFD}c")
    #expect(printable("Größe 東") == "Größe 東")
  }

  @Test func `a table is aligned and cut to the terminal`() {
    var table = TextTable([("Name", .left), ("Rows", .right)])
    table.add(["change_request", "1,000"])
    table.add(["task", "7"])
    #expect(
      table.lines(width: 40, style: .plain) == [
        "Name             Rows", "change_request  1,000", "task                7",
      ])
    #expect(table.lines(width: 16, style: .plain)[1] == "change_r~  1,000")
  }
}
