import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

struct FileBackupTests {
  private struct Bench {
    let steps: StepBench
    let step: BackupStep
    let location: DatabaseLocation

    var context: StepContext { steps.context }
    var copy: String { BackupStep.workingCopy(of: "main", context) }

    init(_ cancellation: CancellationFlag = CancellationFlag()) throws {
      steps = try StepBench(cancellation: cancellation)
      location = .sqlite(path: steps.folder.path + "/source.db")
      let source = try Connection.open(location, options: .create)
      try source.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT)")
      try source.execute("INSERT INTO item (text) VALUES ('a'), ('b')")
      try source.close()
      step = steps.step(location)
    }

    func addRow() throws {
      try Connection.open(location, options: .readWrite).execute("INSERT INTO item (text) VALUES ('later')")
    }

    func rows(_ path: String) throws -> Int64? {
      try Connection.open(.sqlite(path: path), options: .readOnly).integer("SELECT count(*) FROM item")
    }

    func note(_ name: String) throws -> String? { try context.journal.note("secure.main.\(name)") }
  }

  @Test func `a copy that got lost comes out of its backup, not out of a source that went on`() async throws {
    let bench = try Bench()
    try await bench.step.act(bench.context)
    let archive = try bench.note("archive")
    let content = try bench.note("content")
    try bench.addRow()
    try Base.Files.remove(bench.copy)
    #expect(try await bench.step.probe(bench.context) == .incomplete)
    try await bench.step.act(bench.context)
    #expect(try bench.rows(bench.copy) == 2)
    #expect(try bench.note("archive") == archive)
    #expect(try bench.note("content") == content)
    #expect(try await bench.step.probe(bench.context) == .complete(digest: content))
  }

  @Test func `a backup that got lost is made anew, and nothing of the old one counts meanwhile`() async throws {
    let cancellation = CancellationFlag()
    let bench = try Bench(cancellation)
    try await bench.step.act(bench.context)
    try Base.Files.remove(try #require(try bench.note("archive")))
    try bench.addRow()
    cancellation.set()
    #expect(await thrown { try await bench.step.act(bench.context) } is CancellationError)
    #expect(try bench.note("content") == nil)
    #expect(try await bench.step.probe(bench.context) == .incomplete)
  }

  @Test(arguments: ["copying", "encrypting", "restoring"])
  func `a cancel is a cancel, whatever the backup is at`(activity: String) async throws {
    let cancellation = CancellationFlag()
    let bench = try Bench(cancellation)
    bench.context.events.add { event in
      if case .progress(let progress) = event.kind, progress.current.hasPrefix(activity) {
        cancellation.set()
      }
    }
    #expect(await thrown { try await bench.step.act(bench.context) } is CancellationError)
    #expect(try await bench.step.probe(bench.context) == .incomplete)
  }

  @Test func `a rollback leaves no readable copy, not even one of a process that was killed`() async throws {
    let bench = try Bench()
    try await bench.step.act(bench.context)
    for leftover in ["backup.db", "backup.db-journal", "verify.raw", "rejects.db"] {
      try Base.Files.write("everything", to: "\(bench.context.folder)/main.\(leftover)")
    }
    try await bench.step.undo(bench.context)
    #expect(try bench.steps.leftovers() == [])
    let archive = try #require(try bench.note("archive"))
    #expect(try Base.Files.exists(archive))
  }
}
