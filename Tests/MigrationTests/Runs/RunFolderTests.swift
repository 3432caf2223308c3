import Base
import TestSupport
import Testing

@testable import Migration

/// Run folders that a crash, a full disk or a person has spoilt.
@Suite struct RunFolderTests {
  @Test func `a folder left by a process killed at once hides no other run`() async throws {
    let platform = try FaultPlatform()
    let run = try await platform.broken().run
    let leftover = UniqueID.random()
    try Base.Files.createFolder(platform.files(of: leftover).path)
    #expect(try platform.engine.runs().map(\.run) == [run])
    #expect(try platform.engine.run(nil) == run)
    #expect(try platform.engine.run(run.description) == run)
  }

  @Test func `a run whose journal is damaged is listed as such beside the others`() async throws {
    let platform = try FaultPlatform()
    let sound = try await platform.broken().run
    let spoilt = try await platform.broken().run
    try Base.Files.write(
      "this is no journal at all, but long enough to be read as one", to: platform.files(of: spoilt).journal)
    let runs = try platform.engine.runs()
    #expect(Set(runs.map(\.run)) == [sound, spoilt])
    let summary = try #require(runs.first { $0.run == spoilt })
    #expect(summary.failure?.contains("journal") == true && summary.advice != nil)
    #expect(runs.first { $0.run == sound }?.state == .verified)
  }

  @Test func `rows are counted by the report, and progress is shown only while somebody works`() async throws {
    let platform = try SmallPlatform()
    let run = try await platform.run()
    let summary = try platform.engine.summary(of: run)
    #expect(summary.state == .verified && summary.rows == 80)
    #expect(summary.progress == nil)
    try await platform.engine.rollback(run)
    let back = try platform.engine.summary(of: run)
    #expect(back.rows == nil && back.verified == nil && summary.verified == true)
  }

  @Test func `only the end of a long log is read, and as much of it as it takes`() async throws {
    let platform = try FaultPlatform()
    let run = UniqueID.random()
    let folder = platform.files(of: run)
    try Base.Files.createFolder(folder.path, withParents: true)
    let sink = EventSink(run: run, clock: SystemClock(), listeners: [try EventLog.writer(folder)])
    sink.tell(.failed(error: "an old one", advice: nil))
    sink.tell(.stateChanged(from: .failed, to: .running))
    for rows in 1...3000 { sink.tell(.progress(Progress(step: "carry", rowsDone: rows))) }
    sink.tell(.failed(error: "the last one", advice: "help it"))
    sink.tell(.stateChanged(from: .running, to: .failed))
    #expect(try Base.Files.status(of: folder.events).size > EventLog.firstWindow)
    let last = try EventLog.last(folder, .failure)
    #expect(last.failure == "the last one" && last.advice == "help it" && !last.isWhole)
    #expect(try EventLog.last(folder, .progress).progress?.rowsDone == 3000)
    // What an earlier attempt failed of is not this one's.
    sink.tell(.stateChanged(from: .failed, to: .running))
    for rows in 1...3000 { sink.tell(.progress(Progress(step: "carry", rowsDone: rows))) }
    #expect(try EventLog.last(folder, .failure).failure == nil)
  }

  @Test func `an edited plan is not carried on with`() async throws {
    let platform = try FaultPlatform()
    platform.part.change { $0.before = { if $0 == "two" { throw FaultPart.Cut() } } }
    let run = try await platform.broken().run
    platform.part.change { $0.before = { _ in } }
    let path = platform.files(of: run).plan
    let text = try Base.Files.readText(path, limit: 1 << 20)
    #expect(text.contains("step three"))
    try Base.Files.write(replaced(text, "step three", "another step"), to: path)
    let error = await #expect(throws: MigrationError.self) { try await platform.engine.resume(run) }
    #expect(error?.code == .damaged && error?.advice != nil)
    #expect(platform.part.acts["three"] == nil)
    try Base.Files.write(text, to: path)
    #expect(try await platform.engine.resume(run).state == .verified)
  }

  /// The log is for reading; the journal and the destination say what is in.
  @Test func `a spoilt event log keeps nobody from seeing and resuming the run`() async throws {
    let spoilings: [String] = [
      "{\"at\":\"2026-11-2", "\n\n\0\0\0\0", "not json at all\n", String(repeating: "x", count: 3 << 20) + "\n",
      String(repeating: "y", count: 3 << 20),
    ]
    for spoiling in spoilings {
      let platform = try FaultPlatform()
      platform.part.change { $0.before = { if $0 == "two" { throw FaultPart.Cut() } } }
      let run = try await platform.broken().run
      platform.part.change { $0.before = { _ in } }
      let events = platform.files(of: run).events
      try Base.Files.write(
        try Base.Files.read(events, limit: 1 << 24) + Array(spoiling.utf8), to: events)
      #expect(try platform.engine.summary(of: run).state == .failed)
      #expect(try await platform.engine.resume(run).state == .verified)
      #expect(try platform.engine.report(run).stepsDone == ["one", "three", "two"])
    }
  }

  @Test func `a run whose journal was lost finds by its probes what is done`() async throws {
    let platform = try FaultPlatform()
    platform.part.change { $0.before = { if $0 == "three" { throw FaultPart.Cut() } } }
    let run = try await platform.broken().run
    platform.part.change { $0.before = { _ in } }
    let journal = platform.files(of: run).journal
    for path in [journal, journal + "-wal", journal + "-shm"] where try Base.Files.exists(path) {
      try Base.Files.remove(path)
    }
    #expect(try await platform.engine.resume(run).state == .verified)
    #expect(try platform.isWhole())
  }

  private func replaced(_ text: String, _ old: String, _ new: String) -> String {
    var result = text
    while let range = result.firstRange(of: old) { result.replaceSubrange(range, with: new) }
    return result
  }
}
