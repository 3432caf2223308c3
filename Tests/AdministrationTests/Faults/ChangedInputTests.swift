import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// A resume that meets other databases, another shape of them, or a journal that is gone.
@Suite struct ChangedInputTests {
  /// A run that was stopped somewhere in the middle, and the workbench of the process that finds it.
  private func stopped(
    _ route: Route = .sqliteToSQLite, in step: String = "history"
  ) async throws -> (bench: FaultBench, run: UniqueID) {
    let (bench, run, _) = try await FaultBench.stopped(route, in: step)
    return (bench, run)
  }

  private func expectRefused(
    _ bench: FaultBench, _ run: UniqueID, _ word: String, code: MigrationError.Code = .stalePlan,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let before = try bench.digest()
    let error = await #expect(throws: MigrationError.self, sourceLocation: sourceLocation) {
      try await bench.workbench().engine.resume(run)
    }
    #expect(error?.code == code, "\(error.map { explain($0) } ?? "")", sourceLocation: sourceLocation)
    #expect(error?.reason.contains(word) == true, "\(error?.reason ?? "")", sourceLocation: sourceLocation)
    #expect(error?.advice != nil, sourceLocation: sourceLocation)
    #expect(try bench.digest() == before, sourceLocation: sourceLocation)
  }

  @Test func `another source put in place is refused, and the right one is gone on with`() async throws {
    let (bench, run) = try await stopped()
    let path = try #require(bench.source.path)
    try Base.Files.move(path, to: bench.folder / "kept.db")
    try await FaultLabs.shared.copy(.v7_5, history: 50, to: path)
    let other = try Connection.open(bench.source, options: .readWrite)
    try other.execute(
      "UPDATE product_info SET value = \(UniqueID.random().description) WHERE name = 'database_id'")
    try other.close()
    try await expectRefused(bench, run, "source main")
    try Base.Files.remove(path)
    try Base.Files.move(bench.folder / "kept.db", to: path)
    #expect(try await bench.workbench().engine.resume(run).state == .verified)
    #expect(try await bench.digest() == FaultBench.undisturbed())
  }

  @Test func `a source whose tables were altered is refused`() async throws {
    let (bench, run) = try await stopped()
    let other = try Connection.open(bench.source, options: .readWrite)
    try other.execute("ALTER TABLE request ADD COLUMN colour text")
    try other.close()
    try await expectRefused(bench, run, "shape of source main")
  }

  @Test func `more rows in the source are no reason to refuse, and are not slipped in`() async throws {
    let (bench, run) = try await stopped()
    let other = try Connection.open(bench.source, options: .readWrite)
    try other.execute(
      "INSERT INTO request SELECT id + 1000000, operation, object_guid, object_dn, object_class,"
        + " initiator, account_used, host, submitted, completed, zone, status, detail FROM request LIMIT 5")
    try other.close()
    #expect(try await bench.workbench().engine.resume(run).state == .verified)
    // The verified copy is the source: what came later belongs to the next import.
    #expect(try await bench.digest() == FaultBench.undisturbed())
  }

  @Test func `a platform file that names other places is refused`() async throws {
    let (bench, run) = try await stopped()
    let elsewhere = try Workbench(
      folder: bench.folder, sources: ["main": bench.source.description],
      destination: "sqlite:\(bench.folder.path)/elsewhere.db")
    let error = await #expect(throws: MigrationError.self) { try await elsewhere.engine.resume(run) }
    #expect(error?.code == .stalePlan && error?.reason.contains("destination") == true)
    let renamed = try Workbench(
      folder: bench.folder, sources: ["other": bench.source.description], destination: bench.destination.description
    )
    let gone = await #expect(throws: MigrationError.self) { try await renamed.engine.resume(run) }
    #expect(gone?.code == .stalePlan && gone?.advice != nil)
    #expect(try !Base.Files.exists(bench.folder / "elsewhere.db"))
  }

  /// The destination's ledger is the authority on what is in: a history from a backup has none, or an older one.
  @Test(arguments: ["history", "keys", "settle"])
  func `a destination put back to what it was before the run is filled again`(_ step: String) async throws {
    let (bench, run) = try await stopped(in: step)
    for suffix in ["", "-wal", "-shm"] {
      let path = (bench.destination.path ?? "") + suffix
      if try Base.Files.exists(path) { try Base.Files.remove(path) }
    }
    #expect(try await bench.workbench().engine.resume(run).state == .verified)
    try bench.expectWhole(try await FaultBench.undisturbed())
  }

  @Test(arguments: ["tasks", "history", "keys", "settle"])
  func `a lost journal is made anew from the destination's checkpoints`(_ step: String) async throws {
    let (bench, run) = try await stopped(in: step)
    let folder = RunFolder(run: run, in: try bench.workbench().workplace)
    for suffix in ["-wal", "-shm"] where try Base.Files.exists(folder.journal + suffix) {
      try Base.Files.remove(folder.journal + suffix)
    }
    try Base.Files.write("not a journal any more, but something that a disk made of it", to: folder.journal)
    let error = await #expect(throws: MigrationError.self) { try await bench.workbench().engine.resume(run) }
    #expect(error?.code == .damaged && error?.advice?.contains(folder.journal) == true)
    try Base.Files.move(folder.journal, to: folder.journal + ".damaged")
    #expect(try await bench.workbench().engine.resume(run).state == .verified)
    try bench.expectWhole(try await FaultBench.undisturbed())
  }
}
