import Base
import Database
import Migration
import TestSupport
import Testing
import Transfer

@testable import Administration

@Suite struct RetireTests {
  private func leftovers(_ bench: Workbench, backups: Bool = false) async throws -> [Leftover] {
    try await bench.engine.leftovers(Workbench.part, RetireWishes(backups: backups)).flatMap(\.leftovers)
  }

  private func code(_ body: () async throws -> Void) async -> MigrationError.Code? {
    let error = await thrown(body)
    for link in chain(of: error ?? CancellationError()) {
      if let found = link as? MigrationError, found.code != .stepFailed { return found.code }
    }
    return nil
  }

  private func tables(_ bench: Workbench) throws -> [String] {
    try bench.openDestination().catalogue().tables.map(\.name.name).filter { $0.hasPrefix("locktender_") }
  }

  @Test(arguments: engines)
  func `what a finalized run has left goes, what is in use stays, and a second time finds nothing`(
    engine: Engine
  ) async throws {
    let destination: String?
    if engine == .postgresql {
      let server = try PrivatePostgres.shared()
      destination = server.location(database: try server.createDatabase(PrivatePostgres.freshName("retire")))
    } else {
      destination = nil
    }
    let bench = try await Workbench(.v7_6, people: 30, history: 300, destination: destination)
    #expect(await code { _ = try await leftovers(bench) } == .wrongState)
    let run = try await bench.importHistory()
    #expect(await code { _ = try await leftovers(bench) } == .wrongState)
    #expect(await code { try await bench.engine.retire(run.run, RetireWishes()) } == .wrongState)
    _ = try await bench.engine.finalize(run.run)

    // What a killed process could have left beside what finalizing removes.
    try Base.Files.write("everything", to: run.folder + "/main.verify.raw")
    let before = try await leftovers(bench)
    #expect(before.contains { $0.place == run.folder + "/main.verify.raw" && $0.bytes == 10 })
    #expect(before.contains { $0.what.hasSuffix("rows of checkpoints") && $0.stays == nil })
    #expect(before.contains { $0.what == "a backup of main" && $0.stays?.contains("--with-backups") == true })
    #expect(before.contains { $0.what == "the old database source.main" && $0.stays?.contains("yours") == true })
    let rows = try HistoryTables.all.map { try bench.count($0) }

    // Somebody else is writing to the destination.
    let other = DestinationHold(bench.destination) { try Connection.open(bench.destination, options: .readWrite) }
    try other.take()
    #expect(await code { try await bench.engine.retire(run.run, RetireWishes()) } == .inUse)
    #expect(try tables(bench).contains("locktender_range"))
    other.release()

    try await bench.engine.retire(run.run, RetireWishes())
    #expect(try tables(bench) == [])
    #expect(try await leftovers(bench).allSatisfy { $0.stays != nil })
    #expect(try !Base.Files.exists(run.folder + "/main.verify.raw"))
    #expect(try Base.Files.exists(bench.folder.path + "/old/administration.db"))
    if engine == .sqlite {
      #expect(try Base.Files.list(bench.folder.path).filter { $0.hasSuffix("-lock") } == [])
    }
    #expect(try HistoryTables.all.map { try bench.count($0) } == rows)
    try await bench.engine.retire(run.run, RetireWishes())
    // And the way in is open for the next import.
    #expect(try await bench.importHistory(["range": ["rest"]]).verified == true)
  }

  @Test func `checkpoints of rejected rows stay, for reports to know their gaps by`() async throws {
    let bench = try await Workbench(.v7_5, people: 30, history: 300)
    let run = try await bench.importHistory()
    // Planted: today a run with rejected rows differs and cannot be finalized.
    let writer = try Connection.open(bench.destination, options: .readWrite)
    try writer.execute(
      "UPDATE locktender_batch SET rejected_rows = 1 WHERE stream = 'main/requests' AND range_number = 0 AND number = 0"
    )
    try writer.close()
    _ = try await bench.engine.finalize(run.run)
    try await bench.engine.retire(run.run, RetireWishes())
    let connection = try bench.openDestination()
    #expect(try connection.integer("SELECT sum(rejected_rows) FROM locktender_batch") == 1)
    #expect(try connection.integer("SELECT count(*) FROM locktender_batch WHERE rejected_rows = 0") == 0)
    #expect(try connection.integer("SELECT count(*) FROM locktender_range") == 0)
    let name = try #require(try connection.text("SELECT object_dn FROM change_request LIMIT 1"))
    let told = try ReadingBench.ask(.name(name), at: bench.destination, bench.folder.path)
    #expect(told.heading?.coverage.gaps.map(\.reason) == [.rejected])
    #expect(try await leftovers(bench).allSatisfy { $0.stays != nil })
  }

  @Test
  func
    `backups go by name, never those of a run that may still be taken back, and a retiring that was cut off goes on`()
    async throws
  {
    let bench = try await Workbench(.v8_0, people: 30, history: 200)
    let first = try await bench.importHistory(["until": ["2019-01-01"]])
    let second = try await bench.importHistory()
    _ = try await bench.engine.finalize(first.run)
    let place = bench.folder.path + "/backups"
    func archives() throws -> [String] { try Base.Files.list(place).filter { $0.hasSuffix(".ltbackup") }.sorted() }
    #expect(try archives().count == 3)
    let mine = try archives().filter { $0.contains(first.run.description.prefix(8)) }
    #expect(mine.count == 1)

    // Cut off between the file and the list.
    try Base.Files.remove(place + "/" + mine[0])
    try await bench.engine.retire(first.run, RetireWishes(backups: true))
    #expect(try archives().allSatisfy { $0.contains(second.run.description.prefix(8)) })
    #expect(try archives().count == 2)
    let list = try Base.Files.readText(place + "/backups.json", limit: 1 << 20)
    #expect(!list.contains(mine[0]))
    // The second run keeps all of its own, its checkpoints included.
    #expect(try tables(bench).contains("locktender_range"))
    #expect(try await bench.engine.rollback(second.run).state == .rolledBack)
  }
}
