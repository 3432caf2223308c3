import Base
@testable import CommandLine
import Migration
import Testing

@Suite struct PlainProgressTests {
  private let run = UniqueID(high: 1, low: 2)

  /// The lines for a step that tells of progress at the given seconds.
  private func lines(at seconds: [Double]) -> [String] {
    var model = ProgressModel()
    var plain = PlainProgress(interval: 5)
    var lines: [String] = []
    func take(_ second: Double, _ kind: Event.Kind) {
      let event = Event(at: Timestamp(microseconds: Int64(second * 1_000_000)), run: run, kind: kind)
      model.take(event)
      if let line = plain.line(after: event, model) { lines.append(line) }
    }
    take(0, .stepStarted(id: "i", title: "import", number: 1, of: 2))
    for second in seconds {
      take(
        second,
        .progress(
          Progress(step: "i", current: "task", rowsDone: Int(second * 1000), rowsTotal: 40_000, rowsPerSecond: 1000)
        ))
    }
    return lines
  }

  @Test func `a line comes at most every five seconds`() {
    #expect(lines(at: (1...100).map { Double($0) / 4 }).count == 5)
    #expect(lines(at: [1, 2, 4.9]).isEmpty)
  }

  @Test func `a line tells what is carried, how far and how fast`() {
    #expect(lines(at: [10]) == ["  import: task: 25 %, 10,000 of 40,000 rows, 1,000 rows/s"])
  }

  @Test func `events become lines of talk`() {
    let text = EventText(style: .plain, isVerbose: false)
    func line(_ kind: Event.Kind) -> String? {
      text.line(Event(at: Timestamp(microseconds: 0), run: run, kind: kind))
    }
    #expect(line(.stepStarted(id: "a", title: "back up", number: 1, of: 3)) == "1/3 back up")
    #expect(line(.stepFinished(id: "a", seconds: 75, digest: nil)) == "    + done in 1:15 min")
    #expect(
      line(.retried(what: "batch 3", error: "connect: refused", failures: 2, delay: 0.5))
        == "    ! batch 3 failed 2 times, again in 0.5 s: connect: refused")
    #expect(line(.failed(error: "read: denied", advice: "grant it")) == "x read: denied\n  -> grant it")
    #expect(line(.stateChanged(from: .cancelled, to: .running)) == "going on")
    #expect(line(.stateChanged(from: .planned, to: .running)) == nil)
    let batch = Event.Kind.batchCommitted(
      stream: "task", range: 2, rows: 1000, digest: "abcdef0123456789", seconds: 1)
    #expect(line(batch) == nil)
    #expect(
      EventText(style: .plain, isVerbose: true).line(Event(at: Timestamp(microseconds: 0), run: run, kind: batch))
        == "    task range 2: 1,000 rows in 1.0 s, digest abcdef012345")
  }
}
