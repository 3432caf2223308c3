import Base
@testable import CommandLine
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567"), (-12_345, "-12,345"),
    (Int.min, "-9,223,372,036,854,775,808"),
  ])
  func `long numbers have separators`(number: Int, expected: String) { #expect(grouped(number) == expected) }

  @Test(arguments: [
    (0.0, "0 B"), (999, "999 B"), (999.6, "1.0 kB"), (1000, "1.0 kB"), (48_100_000, "48.1 MB"),
    (99_950_000, "100 MB"), (999_500_000, "1.0 GB"), (-5, "0 B"), (1e21, "1,000,000 PB"),
  ])
  func `sizes are read in powers of a thousand`(count: Double, expected: String) {
    #expect(byteCount(count) == expected)
  }

  @Test(arguments: [
    (0.0, "0.0 s"), (9.94, "9.9 s"), (9.96, "10 s"), (59.4, "59 s"), (59.6, "1:00 min"), (761, "12:41 min"),
    (3599.6, "1:00:00 h"), (11_100, "3:05:00 h"), (187_200, "2 d 4 h"), (Double.infinity, "unknown"), (-3, "0.0 s"),
  ])
  func `durations are read as people say them`(seconds: Double, expected: String) {
    #expect(duration(seconds) == expected)
  }

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

  @Test func `an instant is shown to the second`() {
    #expect(readable(Timestamp(microseconds: 1_700_000_000_123_456)) == "2023-11-14 22:13:20 UTC")
    #expect(readable(Timestamp(microseconds: -1)) == "1969-12-31 23:59:59 UTC")
  }
}
