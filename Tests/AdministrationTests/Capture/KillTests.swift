import Base
import Database
import Glibc
import Migration
import Synchronization
import TestSupport
import Testing

@testable import Administration

/// An import of logs that is killed anywhere goes on where it stopped.
@Suite struct KillTests {
  /// The engine of a platform in a folder that another process may have worked in.
  private static func engine(_ folder: String) throws -> MigrationEngine {
    let workplace = Workplace(
      folder: folder, clock: SystemClock(), program: "locktender test", secrets: Workbench.NoSecrets())
    let section = AdministrationSection(
      sources: FixtureTests.logs.sorted { $0.key < $1.key }.map {
        HistorySourceSettings(name: $0.key, kind: $0.value)
      },
      destination: DestinationSettings(
        configuration: try Workbench.configuration(in: folder), history: "sqlite:\(folder)/new.db"),
      backups: BackupSettings(folder: folder + "/backups", key: nil, keep: 3))
    return MigrationEngine(parts: [HistoryImport(section, in: workplace)], workplace: workplace)
  }

  /// Counts events and ends the process at one of them.
  private static func killer(at event: Int) -> EventSink.Listener {
    let count = Mutex(0)
    return { _ in
      count.withLock {
        $0 += 1
        if $0 == event { kill(getpid(), SIGKILL) }
      }
    }
  }

  @Test func `a killed import of logs goes on where it stopped`() async throws {
    let whole = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    let events = Mutex(0)
    _ = try await whole.importHistory([:], listeners: [{ _ in events.withLock { $0 += 1 } }])
    let total = events.withLock { $0 }
    let everything = """
      select hex(r.id), r.operation, p.name, p.old_value, p.new_value
      from change_request r left join property_change p on p.request_id = r.id order by 1, p.ordinal
      """
    let expected = try whole.rows(everything, columns: 5)
    try await seededRun(count: 4) { seed, random in
      let folder = try TestFolder()
      let event = Int.random(in: 2...max(3, total - 4), using: &random)
      let path = folder.path
      await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, event = event as Int] in
        let engine = try KillTests.engine(path)
        let (_, hash) = try await engine.plan(Workbench.part, PlanRequest())
        try await engine.apply(hash, listeners: [KillTests.killer(at: event)])
      }
      let engine = try KillTests.engine(path)
      let run = try #require(try engine.runs().first)
      let summary = try await engine.resume(run.run)
      #expect(summary.verified == true, "seed \(seed), killed at event \(event) of \(total)")
      let bench = try Workbench(folder: folder, logs: FixtureTests.logs)
      #expect(try bench.rows(everything, columns: 5) == expected)
    }
  }
}
