import Base
@testable import CommandLine
import Migration
import Testing

@Suite struct ProgressRendererTests {
  private let start = Timestamp(microseconds: 1_000_000_000_000)

  private func model(_ kinds: [Event.Kind]) -> ProgressModel {
    var model = ProgressModel()
    let run = UniqueID(high: 1, low: 2)
    for kind in kinds { model.take(Event(at: start, run: run, kind: kind)) }
    return model
  }

  private var busy: ProgressModel {
    model([
      .stateChanged(from: .planned, to: .running),
      .stepStarted(id: "import", title: "import history", number: 3, of: 6),
      .progress(
        Progress(
          step: "import", current: "change_request", rowsDone: 1_234_567, rowsTotal: 2_600_000,
          bytesDone: 190_000_000, rowsPerSecond: 312_004, bytesPerSecond: 48_100_000, remaining: 761, retries: 2,
          rejects: 1)),
    ])
  }

  private func lines(_ model: ProgressModel, width: Int, style: Style = .plain) -> [String] {
    ProgressRenderer(width: width, style: style).lines(for: model, at: start.advanced(seconds: 41))
  }

  @Test func `everything is shown where there is room`() {
    #expect(
      lines(busy, width: 140) == [
        "3/6 import history: change_request" + String(repeating: " ", count: 102) + "41 s",
        "[##################....................]   47 %  1,234,567 of 2,600,000 rows  312,004 rows/s  48.1 MB/s  12:41 min left  2 retries  1 reject",
      ])
  }

  @Test func `what matters least goes first`() {
    #expect(
      lines(busy, width: 80)[1]
        == "[#############................]   47 %  312,004 rows/s  12:41 min left  1 reject")
    #expect(lines(busy, width: 40)[1] == "[#########............]   47 %  1 reject")
    #expect(lines(busy, width: 20)[1] == "[#####......]   47 %")
  }

  @Test(arguments: 8...200)
  func `no line is wider than the terminal, in colour neither`(width: Int) {
    for style in [Style.plain, Style(hasColor: true, hasUnicode: true)] {
      for line in lines(busy, width: width, style: style) { #expect(visibleColumns(line) <= width, "\(line)") }
    }
  }

  @Test func `colour and signs do not change the words`() {
    let plain = lines(busy, width: 100)[1]
    let painted = lines(busy, width: 100, style: Style(hasColor: true, hasUnicode: true))[1]
    var bare = ""
    var inSequence = false
    for character in painted {
      if character == "\u{1B}" {
        inSequence = true
      } else if inSequence {
        inSequence = !character.isLetter
      } else {
        bare.append(character)
      }
    }
    #expect(bare.split(separator: " ").suffix(8) == plain.split(separator: " ").suffix(8))
    #expect(painted.contains("█") && painted.contains("░"))
  }

  @Test func `without a total there is no bar and no per cent`() {
    let model = model([
      .stepStarted(id: "x", title: "read", number: 1, of: 1),
      .progress(Progress(step: "x", rowsDone: 12_000, rowsPerSecond: 3000)),
    ])
    #expect(lines(model, width: 80)[1] == "12,000 rows  3,000 rows/s")
  }

  @Test func `bytes stand in for rows where there are none`() {
    let model = model([
      .stepStarted(id: "x", title: "back up", number: 1, of: 1),
      .progress(Progress(step: "x", bytesDone: 50_000_000, bytesTotal: 100_000_000, bytesPerSecond: 9_940_000)),
    ])
    #expect(lines(model, width: 80)[1].hasSuffix("   50 %  50.0 MB of 100 MB  9.9 MB/s"))
  }

  @Test func `it never says a hundred per cent before the end`() {
    let model = model([
      .stepStarted(id: "x", title: "read", number: 1, of: 1),
      .progress(Progress(step: "x", rowsDone: 999_999, rowsTotal: 1_000_000)),
    ])
    #expect(lines(model, width: 80)[1].contains(" 99 %"))
  }

  @Test func `more rows than expected do not break the bar`() {
    let model = model([
      .stepStarted(id: "x", title: "read", number: 1, of: 1),
      .progress(Progress(step: "x", rowsDone: 30, rowsTotal: 20)),
    ])
    #expect(lines(model, width: 60)[1].contains("100 %"))
  }

  @Test func `nothing is drawn between steps`() {
    #expect(lines(ProgressModel(), width: 80).isEmpty)
    var done = busy
    done.take(
      Event(at: start, run: UniqueID(high: 1, low: 2), kind: .stepFinished(id: "import", seconds: 2, digest: nil)))
    #expect(lines(done, width: 80).isEmpty)
  }

  @Test func `a run that is asked to stop says so`() {
    var stopping = busy
    stopping.take(
      Event(at: start, run: UniqueID(high: 1, low: 2), kind: .stateChanged(from: .running, to: .cancelling)))
    #expect(lines(stopping, width: 80)[0].contains("stopping at the batch's end"))
  }

  @Test func `what stands in a database cannot move the cursor`() {
    let model = model([
      .stepStarted(id: "x", title: "import \u{1B}[2J", number: 1, of: 1),
      .progress(Progress(step: "x", current: "a\u{07}\nb")),
    ])
    for line in lines(model, width: 80) {
      #expect(!line.contains { $0 == "\u{1B}" || $0 == "\n" || $0 == "\u{07}" })
    }
  }
}
