import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite struct BackupListTests {
  @Test func `a destination in use is backed up before it is added to, and every backup can be tested later`()
    async throws
  {
    let folder = try TestFolder(.own)
    for (name, seed) in [("one", 1), ("two", 2), ("three", 3)] as [(String, UInt64)] {
      _ = try await Lab.create(
        LabOptions(
          folder: folder.path + "/" + name, release: .v8_1, store: .sqlite, people: 20, history: 70, seed: seed)
      ) { _ in }
    }
    func platform(_ name: String) throws -> PlatformBench {
      try PlatformBench(
        folder,
        sources: [name: .undivided(location: "sqlite:\(folder.path)/\(name)/history.db", password: nil)],
        keep: 1)
    }
    let first = try await platform("one").importHistory()
    #expect(first.state == .verified)
    let second = try await platform("two").importHistory()
    #expect(second.state == .verified)

    let bench = try platform("two")
    let backups = AdministrationBackups(bench.section, in: bench.workplace)
    let list = try backups.list()
    #expect(Set(list.map(\.subject)) == ["one", "two", "destination"])
    #expect(list.allSatisfy { $0.isThere })
    let destination = try #require(list.first { $0.subject == "destination" })
    let test = try await backups.test(destination.file)
    #expect(test.tables > 10 && test.rows > 70)
    // Its plain copy did not stay in the run's folder; that of the source did, since it was read.
    let copies = try Base.Files.list(second.folder).filter { $0.hasSuffix(".db") && $0 != "journal.db" }
    #expect(copies == ["two.restored.db"])
    #expect(try await backups.test().file == list[0].file)
    await #expect(throws: MigrationError.self) { try await backups.test("no such file") }
    await #expect(throws: MigrationError.self) { try await backups.test(".ltbackup") }

    // One is kept of each: what is older goes when it is retired, but not while its run can be taken back.
    let third = try await platform("three").importHistory()
    let engine = try platform("three").engine
    _ = try await engine.finalize(third.run)
    _ = try await engine.retire(third.run, RetireWishes())
    #expect(try backups.list().filter { $0.subject == "destination" }.count == 2)
    _ = try await platform("two").engine.finalize(second.run)
    _ = try await engine.retire(third.run, RetireWishes())
    let kept = try backups.list()
    #expect(kept.map(\.subject).sorted() == ["destination", "one", "three", "two"])
    #expect(kept.allSatisfy { $0.isThere })
    #expect(try Base.Files.list(folder.path + "/backups").filter { $0.hasSuffix(".ltbackup") }.count == kept.count)
  }
}
