import Base
import Testing

@testable import Migration

struct ChronicleTests {
  private static func chronicle(_ story: Story) -> RunChronicle {
    var chronicle = RunChronicle()
    for event in story.events { chronicle.take(event) }
    return chronicle
  }

  @Test func `steps, retries, rejects and warnings of all attempts add up`() {
    var story = Story()
    story.change(to: .running)
    story.step("a", "A", seconds: 3)
    story.tell(.stepStarted(id: "b", title: "B", number: 2, of: 2))
    story.wait(5)
    story.tell(.retried(what: "write", error: "locked", failures: 1, delay: 1))
    story.tell(.rejected(stream: "t", rows: 2, reason: "no time"))
    story.tell(.failed(error: "gone", advice: "start it"))
    story.change(to: .failed)
    var chronicle = ChronicleTests.chronicle(story)
    #expect(chronicle.stepSeconds == ["a": 3, "b": 5] && chronicle.stepsDone == ["a"])
    #expect(chronicle.failure == Report.Failure(error: "gone", advice: "start it"))

    story.wait(3600)
    story.change(to: .running)
    story.tell(.stepFoundDone(id: "a"))
    story.tell(.stepStarted(id: "b", title: "B", number: 2, of: 2))
    story.wait(2)
    story.tell(.retried(what: "write", error: "locked", failures: 1, delay: 1))
    story.tell(.retried(what: "read", error: "locked", failures: 1, delay: 1))
    story.tell(.rejected(stream: "t", rows: 1, reason: "no time"))
    story.tell(.warned("w"))
    story.tell(.stepFinished(id: "b", seconds: 2, digest: nil))
    chronicle = ChronicleTests.chronicle(story)
    #expect(chronicle.stepSeconds == ["a": 3, "b": 7] && chronicle.stepsDone == ["a", "b"])
    #expect(chronicle.retries == 3 && chronicle.rejects == 3)
    #expect(chronicle.retryList.map(\.times) == [2, 1] && chronicle.retryList[0].what == "write")
    #expect(chronicle.rejectionList == [Report.Rejection(stream: "t", reason: "no time", rows: 3)])
    #expect(chronicle.warnings == ["w"] && chronicle.failure == nil)
  }

  @Test func `a process that was killed counts up to its last sign of life`() {
    var story = Story()
    story.change(to: .running)
    story.tell(.stepStarted(id: "carry", title: "C", number: 1, of: 1))
    for second in 1...10 {
      story.wait(1)
      story.tell(.progress(Progress(step: "carry", rowsDone: second * 100)))
    }
    // Killed; nobody noticed until the next day. The journal says running, so that no state change is told.
    story.wait(86_400)
    story.tell(.stepStarted(id: "carry", title: "C", number: 1, of: 1))
    for second in 11...20 {
      story.wait(1)
      story.tell(.progress(Progress(step: "carry", rowsDone: second * 100)))
    }
    story.tell(.stepFinished(id: "carry", seconds: 10, digest: nil))
    let chronicle = ChronicleTests.chronicle(story)
    #expect(chronicle.stepSeconds == ["carry": 20])
    #expect(chronicle.throughput.now == 20)
    let series = chronicle.throughput.series
    #expect(series.count == 1)
    #expect(series[0].points.allSatisfy { abs($0.rowsPerSecond - 100) < 1e-6 })
  }

  @Test func `no row is lost or added, however long the run and whatever its seed`() {
    let seed = UInt64.random(in: .min ... .max)
    var random = SeededGenerator(seed: seed)
    var throughput = Throughput()
    var done = 0
    throughput.begin(step: "s")
    for _ in 0..<5000 {
      throughput.advance(seconds: Double.random(in: 0...3, using: &random))
      done += Int.random(in: 0...1000, using: &random)
      throughput.take(Progress(step: "s", rowsDone: done))
    }
    let series = throughput.series[0]
    #expect(series.points.count <= Throughput.intervalLimit, "seed \(seed)")
    let spacing = zip(series.points.dropFirst(), series.points).map { $0.second - $1.second }
    #expect(spacing.allSatisfy { abs($0 - throughput.width) < 0.011 }, "seed \(seed)")
    // All intervals but the last are full.
    let rows = series.points.dropLast().reduce(0) { $0 + $1.rowsPerSecond * throughput.width }
    #expect(rows <= Double(done) * 1.001 && rows > Double(done) * 0.97, "seed \(seed): \(rows) of \(done)")
  }

  @Test func `a standstill shows as one`() {
    var throughput = Throughput()
    throughput.begin(step: "s")
    for second in 1...30 {
      throughput.advance(seconds: 1)
      throughput.take(Progress(step: "s", rowsDone: second <= 10 || second > 20 ? second * 50 : 500))
    }
    let still = throughput.series[0].points.filter { $0.second > 10.2 && $0.second < 19.8 }
    #expect(!still.isEmpty && still.allSatisfy { $0.rowsPerSecond == 0 })
  }

  @Test func `its size stays finite`() {
    var chronicle = RunChronicle()
    let run = SampleReport.run
    for number in 0..<5000 {
      let at = SampleReport.start.advanced(seconds: Double(number))
      for kind: Event.Kind in [
        .warned("warning \(number)"), .rejected(stream: "s", rows: 1, reason: "reason \(number)"),
        .retried(what: "w\(number)", error: "e", failures: 1, delay: 0),
        .progress(Progress(step: "step \(number % 40)", rowsDone: number)),
      ] {
        chronicle.take(Event(at: at, run: run, kind: kind))
      }
    }
    #expect(chronicle.warnings.count == RunChronicle.longestList && chronicle.warningCount == 5000)
    #expect(chronicle.retryList.count == RunChronicle.longestList && chronicle.retries == 5000)
    #expect(chronicle.rejectionList.count == RunChronicle.longestList && chronicle.rejects == 5000)
    #expect(chronicle.throughput.series.count <= Throughput.stepLimit)
  }
}
