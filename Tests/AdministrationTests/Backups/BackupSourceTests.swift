import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite(.startsServers) struct BackupSourceTests {
  /// A backup of an old service's database in the folder, and the key beside it.
  private func backup(_ release: Release, in bench: StepBench, onServer: Bool) async throws -> BackupPlace.Entry {
    let location: DatabaseLocation
    if onServer {
      let server = try PrivatePostgres.shared()
      location = server.location(try await server.createLab(release, in: bench.folder))
    } else {
      let lab = bench.folder.path + "/old"
      _ = try await Lab.create(
        LabOptions(
          folder: lab, release: release, store: .sqlite, people: 40, history: 400, seed: 7, isUndivided: false)
      ) { _ in }
      location = .sqlite(path: lab + "/history.db")
    }
    try await bench.step(location).act(bench.context)
    return try #require(try bench.place.entries().first)
  }

  @Test(arguments: [(Release.v7_6, false), (.v8_0, true)])
  func `a history is imported straight from a backup file`(_ release: Release, _ onServer: Bool) async throws {
    let bench = try StepBench()
    let entry = try await backup(release, in: bench, onServer: onServer)
    let key = bench.place.keys.keyFile
    let folder = try TestFolder(.own)
    let platform = try PlatformBench(
      folder, sources: ["old": .backup(file: entry.file, key: .file(key))],
      secrets: FixedSecrets(files: ["source.old": key]))
    let findings = try await platform.findings()
    #expect(findings.contains { $0.check == "backup.opens" && $0.severity == .pass })
    let blocks = findings.filter { $0.blocks }
    #expect(blocks == [])
    let run = try await platform.importHistory()
    #expect(run.state == .verified)
    #expect(try platform.count("change_request") == 400)
    let source = try Connection.open(platform.destination, options: .readOnly)
    #expect(try source.text("SELECT kind FROM history_source") == "backup")
  }

  /// The database that the backup was made of went on: what the backup does not hold comes from there.
  @Test func `what came since a backup comes with the database itself`() async throws {
    let bench = try StepBench()
    let entry = try await backup(.v7_6, in: bench, onServer: false)
    let key = bench.place.keys.keyFile
    let database = bench.folder.path + "/old/history.db"
    let service = try Connection.open(.sqlite(path: database), options: .readWrite)
    for number in 1...20 {
      try service.execute(
        """
        INSERT INTO change_history (id, operation, object_guid, object_dn, object_class, initiator, account_used, host,
          submitted, submitted_fold, completed, completed_fold, zone, status, changes)
        SELECT (SELECT max(id) + 1 FROM change_history), operation, object_guid, object_dn, object_class, initiator,
          account_used, host, \("2026-08-\(number + 10)T12:00:00"), 0, NULL, NULL, 'UTC', status, changes
        FROM change_history WHERE id = 5
        """)
    }
    try service.close()
    let folder = try TestFolder(.own)
    let first = try PlatformBench(
      folder, sources: ["old": .backup(file: entry.file, key: .file(key))],
      secrets: FixedSecrets(files: ["source.old": key]))
    #expect(try await first.importHistory().state == .verified)
    let second = try PlatformBench(
      folder, sources: ["main": .undivided(location: "sqlite:\(database)", password: nil)])
    #expect(try await second.importHistory().state == .verified)
    #expect(try second.count("change_request") == 420)
  }

  @Test func `a run from a backup that was stopped goes on in another process`() async throws {
    let bench = try StepBench()
    let entry = try await backup(.v8_0, in: bench, onServer: true)
    let key = bench.place.keys.keyFile
    let folder = try TestFolder(.own)
    let platform = try PlatformBench(
      folder, sources: ["old": .backup(file: entry.file, key: .file(key))],
      secrets: FixedSecrets(files: ["source.old": key]))
    let flag = CancellationFlag()
    let stopped = await thrown {
      _ = try await platform.importHistory(
        cancellation: flag,
        listeners: [
          { event in if case .stepFinished(id: "tasks", seconds: _, digest: _) = event.kind { flag.set() } }
        ])
    }
    #expect((stopped as? MigrationError)?.code == .cancelled)
    let engine = platform.engine
    let run = try await engine.resume(engine.run(nil))
    #expect(run.state == .verified)
    #expect(try platform.count("change_request") == 400)
  }

  @Test func `a wrong key and another content are refused before anything is written`() async throws {
    let bench = try StepBench()
    let entry = try await backup(.v7_6, in: bench, onServer: false)
    let folder = try TestFolder(.own)
    let wrong = try PlatformBench(
      folder, sources: ["old": .backup(file: entry.file, key: nil)])
    let keyless = try await wrong.findings().filter(\.blocks)
    #expect(keyless.contains { $0.subject == "source old" && $0.message.contains("it needs the key") })

    let place = BackupPlace(
      folder: folder.path + "/other", keep: 1, keyFile: folder.path + "/.locktender/keys/backup.key")
    try Base.Files.write("no database", to: folder.path + "/text")
    let archive = try place.newArchive("text", run: .random(), at: SystemClock().now())
    try place.seal(folder.path + "/text", into: archive) { _, _ in }
    let foreign = try PlatformBench(folder, sources: ["old": .backup(file: archive, key: nil)])
    let blocks = try await foreign.findings().filter(\.blocks)
    #expect(blocks.contains { $0.check == "source.product" })
    #expect(try !Base.Files.exists(folder.path + "/new.db"))
  }
}
