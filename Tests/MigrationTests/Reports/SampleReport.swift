import Base
import Cryptography

@testable import Migration

/// A run as an importing part would leave it, made from events, for tests of the report and of its page.
struct SampleReport {
  static let run = UniqueID("3f9a1c02-8d4b-4f6e-9b1a-20c4d7e8a951")!
  static let start = Timestamp(rfc3339: "2026-11-20T22:30:00Z")!

  var plan: Plan
  var events: [Event]
  var history: [Report.StateChange]
  var verification: Verification?
  var sections: [ReportSection]
  var end: Timestamp

  /// A run of six steps and four tables that ended well.
  static func verified() -> SampleReport {
    var story = Story()
    story.change(to: .running)
    story.step("lease", "Take the lease of the destination", seconds: 0.2)
    story.step("backup", "Back up the destination and restore the backup for a test", seconds: 9)
    story.carry("carry-held", "Carry unfinished tasks first", rows: 420, rate: 900)
    story.carry("carry", "Carry change requests and their values", rows: 1_212_000, rate: 31_000)
    story.step("indexes", "Build indexes and constraints", seconds: 14)
    story.step("catch-up", "Carry what came in meanwhile", seconds: 1.4)
    story.change(to: .applied)
    story.change(to: .verifying)
    story.wait(17)
    story.change(to: .verified)
    return SampleReport(
      plan: plan, events: story.events, history: story.history, verification: verification(), sections: sections,
      end: story.now)
  }

  /// The same, interrupted by a failure with retries and rejected rows.
  static func failed() -> SampleReport {
    var story = Story()
    story.change(to: .running)
    story.step("lease", "Take the lease of the destination", seconds: 0.2)
    story.step("backup", "Back up the destination and restore the backup for a test", seconds: 9)
    story.tell(.stepStarted(id: "carry", title: "Carry change requests and their values", number: 4, of: 6))
    for second in 1...40 {
      story.wait(1)
      story.tell(.progress(Progress(step: "carry", rowsDone: second < 25 ? second * 30_000 : 750_000)))
    }
    for failures in 1...3 {
      story.tell(
        .retried(
          what: "write a batch of change_request", error: "commit: server closed the connection unexpectedly",
          failures: failures, delay: 0.5))
    }
    story.tell(.rejected(stream: "change_request", rows: 3, reason: "requested_at is no time"))
    story.tell(.warned("12 people are named in the history and no longer exist"))
    story.tell(
      .failed(
        error: "carry change requests: stopped <- write a batch: server closed the connection unexpectedly",
        advice: "start the server again, then locktender resume"))
    story.change(to: .failed)
    return SampleReport(
      plan: plan, events: story.events, history: story.history, verification: nil, sections: [], end: story.now)
  }

  /// The same as ``verified()``, but one table differs.
  static func differing() -> SampleReport {
    var sample = verified()
    sample.history[sample.history.count - 1] = Report.StateChange(at: sample.end, from: .verifying, to: .differing)
    sample.verification!.lines[1] = Verification.Line(
      subject: "request_value", expectedRows: 901_377, foundRows: 901_376, expectedDigest: digest(7),
      foundDigest: digest(8), differences: ["417000…418000"])
    return sample
  }

  static let hostileText = "\"'><b>&amp;\u{202E}txt\u{0}<script>alert(1)</script>"

  /// A run all of whose texts try to be something else.
  static func hostile() -> SampleReport {
    var sample = failed()
    let text = hostileText
    sample.plan = Plan(
      part: PartAddress(system: "<b>", part: "\u{202E}"), request: PlanRequest(choices: [text: [text]]),
      createdAt: start, program: text,
      inputs: [PlanInput(name: text, identity: text, fingerprint: text, location: text)],
      steps: [PlannedStep(id: text, title: text, undo: text)],
      findings: [
        Finding(text, rule: text, .block, about: text, text, remedy: text, waivable: true),
        Finding(text, rule: text, .pass, about: text, text),
      ], irreversible: [text], details: .text(text))
    for kind: Event.Kind in [
      .stepStarted(id: text, title: text, number: 1, of: 1),
      .progress(Progress(step: text, current: text, rowsDone: 10)),
      .retried(what: text, error: text, failures: 1, delay: 1), .rejected(stream: text, rows: 1, reason: text),
      .warned(text), .noted(text), .failed(error: text, advice: text),
    ] {
      sample.end = sample.end.advanced(seconds: 1)
      sample.events.append(Event(at: sample.end, run: run, kind: kind))
    }
    sample.verification = Verification(
      lines: [
        Verification.Line(
          subject: text, expectedRows: 1, foundRows: 2, expectedDigest: text, foundDigest: text, differences: [text]
        )
      ], invariants: [Finding(text, .block, about: text, text)], seconds: 1)
    sample.sections = [
      ReportSection(
        heading: text, text: text, tables: [.init(columns: [text, text], rows: [[text, text]])],
        charts: [
          .init(title: text, unit: text, bars: [.init(label: text, value: .nan), .init(label: text, value: 1)])
        ],
        counts: [TableCount(table: text, written: 1)])
    ]
    return sample
  }

  func report(signingKey: String = SampleReport.digest(99)) throws -> Report {
    var chronicle = RunChronicle()
    for event in events { chronicle.take(event) }
    return Report(
      run: SampleReport.run, plan: plan, planHash: try plan.hash(), history: history, chronicle: chronicle,
      verification: verification, sections: sections, program: "locktender 1.0.0", writtenAt: end,
      signingKey: signingKey)
  }

  static func digest(_ seed: Int) -> String { sha256(Array("digest \(seed)".utf8)).description }
}

// MARK: What it is made of

extension SampleReport {
  static var plan: Plan {
    Plan(
      part: PartAddress("administration/history")!,
      request: PlanRequest(choices: ["from": ["2019-01-01"], "until": ["2026-11-20"], "mode": ["bulk"]]),
      createdAt: start.advanced(seconds: -600), program: "locktender 1.0.0",
      inputs: [
        PlanInput(
          name: "source main", identity: digest(1), fingerprint: digest(2),
          location: "sqlite:/srv/adm-7.5/history.db"),
        PlanInput(
          name: "destination", identity: digest(3), fingerprint: digest(4),
          location: "postgresql://locktender@db1.example.org:5432/history?sslmode=verify-full"),
      ],
      steps: [
        PlannedStep(id: "lease", title: "Take the lease of the destination"),
        PlannedStep(id: "backup", title: "Back up the destination and restore the backup for a test"),
        PlannedStep(id: "carry-held", title: "Carry unfinished tasks first", kind: .batched),
        PlannedStep(id: "carry", title: "Carry change requests and their values", kind: .batched),
        PlannedStep(id: "indexes", title: "Build indexes and constraints"),
        PlannedStep(id: "catch-up", title: "Carry what came in meanwhile", kind: .batched),
      ],
      findings: findings,
      details: .record([:]))
  }

  static var findings: [Finding] {
    var space = Finding(
      "destination.space", rule: "D44", .block, about: "destination",
      "4.1 GB are free, 5.3 GB are estimated", remedy: "free 1.2 GB, or choose another table space", waivable: true)
    space.waiver = Waiver(
      check: "destination.space", by: "M. Keller, operations", reason: "the volume grows by itself (ticket 4711)",
      at: start.advanced(seconds: -900))
    return [
      Finding("source.version", rule: "D12", .pass, about: "source main", "7.5 is known and can be brought to 8.2"),
      Finding("source.readonly", rule: "D16", .pass, about: "source main", "opened read-only"),
      Finding("destination.blank", rule: "D40", .pass, about: "destination", "holds no rows"),
      Finding(
        "history.orphans", rule: "D52", .warn, about: "source main",
        "12 people are named in the history and no longer exist",
        remedy: "nothing to do: the history keeps their names"),
      space,
    ]
  }

  static func verification() -> Verification {
    func line(_ subject: String, _ rows: Int, _ seed: Int) -> Verification.Line {
      Verification.Line(
        subject: subject, expectedRows: rows, foundRows: rows, expectedDigest: digest(seed),
        foundDigest: digest(seed))
    }
    return Verification(
      lines: [
        line("change_request", 200_000, 10), line("request_value", 901_377, 11), line("approval_task", 88_120, 12),
        line("membership_task", 22_503, 13),
      ],
      invariants: [
        Finding("rows.untouched", .pass, about: "destination", "the 312 rows of others are as they were before")
      ], seconds: 17)
  }

  static var sections: [ReportSection] {
    [
      ReportSection(
        heading: "Change requests by year",
        text: "Requests of the years that were asked for. Unfinished tasks come whatever their year is.",
        tables: [
          ReportSection.Table(
            columns: ["State in 7.5", "State in 8.2", "Requests"],
            rows: [["3", "completed", "187,311"], ["4", "failed", "12,269"], ["1", "waiting", "420"]])
        ],
        charts: [
          ReportSection.Chart(
            title: "Requests by year", unit: "requests",
            bars: zip(2019...2026, [18_204, 21_377, 22_090, 24_817, 26_402, 28_333, 30_021, 28_756]).map {
              .init(label: "\($0)", value: Double($1))
            })
        ],
        counts: [
          TableCount(table: "change_request", sourceRows: 240_112, written: 200_000, skipped: 40_112),
          TableCount(table: "request_value", sourceRows: 240_112, written: 901_377, skipped: 40_112),
          TableCount(table: "approval_task", sourceRows: 91_004, written: 88_120, skipped: 2_884),
          TableCount(table: "membership_task", sourceRows: 22_503, written: 22_503, skipped: 0),
        ])
    ]
  }
}

/// Events and states, told one after the other on a clock of its own.
struct Story {
  private(set) var now = SampleReport.start
  private(set) var events: [Event] = []
  private(set) var history: [Report.StateChange] = []
  private var state = RunState.planned
  private var number = 0

  mutating func wait(_ seconds: Double) { now = now.advanced(seconds: seconds) }

  mutating func tell(_ kind: Event.Kind) { events.append(Event(at: now, run: SampleReport.run, kind: kind)) }

  mutating func change(to next: RunState) {
    history.append(Report.StateChange(at: now, from: state, to: next))
    if state != next { tell(.stateChanged(from: state, to: next)) }
    state = next
  }

  mutating func step(_ id: String, _ title: String, seconds: Double) {
    begin(id, title)
    wait(seconds)
    tell(.stepFinished(id: id, seconds: seconds, digest: nil))
  }

  /// Carries rows at a speed that wavers.
  mutating func carry(_ id: String, _ title: String, rows: Int, rate: Double) {
    begin(id, title)
    let began = now
    var done = 0.0
    var tick = 0.0
    while done < Double(rows) {
      wait(0.25)
      tick += 1
      let wave = 1 + 0.18 * (tick / 9).truncatingRemainder(dividingBy: 1) - 0.3 / (1 + tick / 8)
      done = min(Double(rows), done + rate * 0.25 * (tick.truncatingRemainder(dividingBy: 61) < 3 ? 0.35 : wave))
      tell(.progress(Progress(step: id, current: "change_request", rowsDone: Int(done), rowsTotal: rows)))
    }
    tell(.batchCommitted(stream: id, range: 0, rows: rows, digest: "", seconds: 1))
    tell(.stepFinished(id: id, seconds: now.seconds(since: began), digest: nil))
  }

  private mutating func begin(_ id: String, _ title: String) {
    number += 1
    tell(.stepStarted(id: id, title: title, number: number, of: 6))
  }
}
