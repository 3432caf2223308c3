import Database
import Glibc
import Testing

struct BackupTests {
  struct Stop: Error {}

  static func filled() throws -> TestDatabase {
    let database = try TestDatabase(.sqlite)
    let connection = try database.connect()
    try connection.execute(
      unsafeScript: """
        create table t (id integer primary key, name text);
        with recursive n (i) as (select 1 union all select i + 1 from n where i < 20000)
        insert into t select i, 'name ' || i from n;
        """)
    return database
  }

  @Test func `a backup holds the same rows and tells its progress`() throws {
    let database = try Self.filled()
    let connection = try database.connect(.readOnly)
    let target = database.location.path! + ".copy"
    var steps: [(Int, Int)] = []
    try connection.backUp(to: target, pagesPerStep: 16) { done, total in steps.append((done, total)) }
    #expect(steps.count > 3)
    #expect(steps.last!.0 == steps.last!.1)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { $0.0 < $1.0 })
    let copy = try Connection.open(.sqlite(path: target), options: .readOnly)
    #expect(try copy.integrityCheck() == [])
    let select: SQL = "select * from t order by id"
    #expect(
      bytes(try readAll(select, [.integer, .text], on: copy))
        == bytes(try readAll(select, [.integer, .text], on: connection)))
    let again = databaseError { try connection.backUp(to: target) }
    #expect(again?.reason.contains("exists") == true)
  }

  @Test func `a backup within a snapshot is of that picture`() throws {
    let database = try Self.filled()
    let reader = try database.connect(.readOnly)
    try reader.begin(.readOnlySnapshot)
    let writer = try database.connect()
    let target = database.location.path! + ".copy"
    try reader.backUp(to: target, pagesPerStep: 16) { _, _ in
      _ = try writer.execute("insert into t (name) values ('late')")
    }
    let copy = try Connection.open(.sqlite(path: target), options: .readOnly)
    #expect(try copy.integer("select count(*) from t") == 20_000)
  }

  @Test func `a backup that is stopped leaves no file`() throws {
    let database = try Self.filled()
    let connection = try database.connect(.readOnly)
    let target = database.location.path! + ".copy"
    #expect(throws: Stop.self) {
      try connection.backUp(to: target, pagesPerStep: 16) { done, _ in if done > 32 { throw Stop() } }
    }
    #expect(unsafe access(target, F_OK) != 0)
    let canceller = connection.canceller()
    let error = databaseError { try connection.backUp(to: target, pagesPerStep: 16) { _, _ in canceller.cancel() } }
    #expect(error?.code == .cancelled)
    #expect(unsafe access(target, F_OK) != 0)
  }
}
