@testable import CommandLine
import Synchronization
import Testing

@Suite struct LiveAreaTests {
  /// A terminal that knows what a live area uses: enough to see what a person would see.
  private struct Screen {
    var rows: [[Character]] = [[]]
    var row = 0
    var column = 0
    let width: Int

    mutating func write(_ text: String) {
      var rest = Array(text)[...]
      while let character = rest.popFirst() {
        switch character {
        case "\r": column = 0
        case "\n", "\r\n":
          column = 0
          row += 1
          if row == rows.count { rows.append([]) }
        case "\u{1B}":
          rest = rest.dropFirst()  // [
          var number = ""
          while let digit = rest.first, digit.isNumber { number.append(digit); rest = rest.dropFirst() }
          switch rest.popFirst() {
          case "A": row -= Int(number) ?? 1
          case "K": rows[row] = Array(rows[row].prefix(column))
          case "J":
            rows[row] = Array(rows[row].prefix(column))
            rows = Array(rows.prefix(row + 1))
          default: break
          }
        default:
          if column == width {
            column = 0
            row += 1
            if row == rows.count { rows.append([]) }
          }
          while rows[row].count <= column { rows[row].append(" ") }
          rows[row][column] = character
          column += 1
        }
      }
    }

    var lines: [String] { rows.map { String($0) } }
  }

  @Test func `lines are drawn over the lines before`() {
    var screen = Screen(width: 20)
    var area = LiveArea()
    screen.write(area.draw(["first line", "second"], width: 20))
    screen.write(area.draw(["1st", "2nd longer"], width: 20))
    #expect(screen.lines == ["1st", "2nd longer"])
    screen.write(area.draw(["only"], width: 20))
    #expect(screen.lines == ["only"])
    screen.write(area.clear(width: 20))
    #expect(screen.lines == [""])
  }

  @Test func `a terminal that became narrower is cleared of wrapped lines`() {
    var screen = Screen(width: 10)
    var area = LiveArea()
    // The terminal wrapped two lines of fifteen columns into four rows.
    _ = area.draw(["aaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbb"], width: 20)
    screen.write("aaaaaaaaaaaaaaa\nbbbbbbbbbbbbbbb")
    screen.write(area.draw(["x", "y"], width: 10))
    #expect(screen.lines == ["x", "y"])
  }

  @Test func `talk stands above what is drawn`() {
    let screen = Mutex(Screen(width: 40))
    let console = Console(
      canRedraw: true, measure: { 40 }, output: { _ in true },
      errors: { text in screen.withLock { $0.write(text) } })
    console.show(["bar 1", "bar 2"])
    console.talk("a warning")
    console.show(["bar 3", "bar 4"])
    #expect(screen.withLock(\.lines) == ["a warning", "bar 3", "bar 4"])
    console.show([])
    #expect(screen.withLock(\.lines) == ["a warning", ""])
  }

  @Test func `nothing is drawn where lines cannot be drawn again`() {
    let written = Mutex("")
    let console = Console(output: { _ in true }, errors: { text in written.withLock { $0 += text } })
    console.show(["bar"])
    console.talk("word")
    #expect(written.withLock { $0 } == "word\n")
  }

  @Test func `a quiet console keeps to results and complaints`() {
    let written = Mutex("")
    let console = Console(
      isQuiet: true,
      output: { text in
        written.withLock { $0 += text }
        return true
      },
      errors: { text in written.withLock { $0 += text } })
    console.talk("talk")
    console.result("result")
    console.complain("complaint")
    #expect(written.withLock { $0 } == "result\ncomplaint\n")
  }
}
