import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

/// The verifier reads the log anew: whatever is not as the log says it, it finds.
@Suite struct PlantedFaultTests {
  /// Changes of rows as a wrong transform would make them.
  static let faults = [
    "update property_change set new_value = new_value || '!' where rowid = (select max(rowid) from property_change where new_value is not null)",
    "update property_change set old_value = null where rowid = (select min(rowid) from property_change where old_value is not null)",
    "update property_change set new_value = 'user0001' where rowid = (select min(rowid) from property_change where name = 'userPassword')",
    "update property_change set name = 'Title' where rowid = (select min(rowid) from property_change where name = 'title')",
    "delete from property_change where rowid = (select max(rowid) from property_change)",
    "update property_change set ordinal = ordinal + 1000 where rowid = (select max(rowid) from property_change)",
    "delete from request_section where rowid = (select max(rowid) from request_section)",
    "update request_section set message = null where rowid = (select min(rowid) from request_section where message is not null)",
    "update change_request set state = 'completed' where rowid = (select min(rowid) from change_request where state = 'failed')",
    "update change_request set operation = 'modify' where rowid = (select min(rowid) from change_request where operation = 'add-member')",
    "update change_request set operation = 'add-member' where rowid = (select min(rowid) from change_request where operation = 'remove-member')",
    "update change_request set initiator = '' where rowid = (select max(rowid) from change_request)",
    "update change_request set requested_at = requested_at + 1 where rowid = (select max(rowid) from change_request)",
    "update change_request set completed_at = null where rowid = (select max(rowid) from change_request where completed_at is not null)",
    "update change_request set object_guid = null where rowid = (select max(rowid) from change_request where object_guid is not null)",
    "update change_request set host = 'elsewhere' where rowid = (select max(rowid) from change_request)",
    "update change_request set account_used = 'SYSTEM' where rowid = (select max(rowid) from change_request)",
    "delete from change_request where rowid = (select max(rowid) from change_request)",
    "update original_value set value = x'00' where rowid = (select max(rowid) from original_value)",
    "delete from original_value where rowid = (select max(rowid) from original_value)",
    "insert into change_request select randomblob(16), operation, object_guid, object_dn, object_class, initiator, account_used, host, requested_at, requested_offset, completed_at, completed_offset, zone, ambiguous, state, reason, import_id, source_key from change_request limit 1",
  ]

  @Test func `every planted fault is found, and none is seen where there is none`() async throws {
    let bench = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    let run = try await bench.importHistory()
    #expect(run.verified == true)
    for fault in PlantedFaultTests.faults {
      let connection = try Connection.open(bench.destination, options: .readWrite)
      // The whole content is put back by the backup of the database itself.
      let copy = bench.folder.path + "/before.db"
      try connection.backUp(to: copy)
      let changed = try connection.execute(SQL(unsafeSQL: fault))
      #expect(changed == 1, "nothing to break: \(fault)")
      try connection.checkpoint()
      try connection.close()
      let verified: Bool?
      do {
        verified = try await bench.engine.verify(run.run).verified
      } catch let error as MigrationError where error.code == .verificationFailed {
        verified = false
      }
      #expect(verified == false, "not found: \(fault)")
      try Files.remove(bench.destination.path ?? "")
      try Files.move(copy, to: bench.destination.path ?? "")
    }
    #expect(try await bench.engine.verify(run.run).verified == true)
  }

  @Test func `a capture that was tampered with does not pass for the log`() async throws {
    let bench = try Workbench(folder: TestFolder(), logs: FixtureTests.logs)
    let (_, hash) = try await bench.engine.plan(Workbench.part, PlanRequest())
    let workplace = bench.workplace
    let run = UniqueID.random()
    let tamper: EventSink.Listener = { event in
      guard case .stepStarted(let id, _, _, _) = event.kind, id == "prepare" else { return }
      let path = "\(workplace.runsFolder)/\(run)/ldap.restored.db"
      // What cannot be planted shows in the test: the comparison then agrees.
      guard let capture = try? Connection.open(.sqlite(path: path), options: .readWrite) else { return }
      // As above.
      _ = try? capture.execute("update record set state = 4 where place = (select max(place) from record)")
      // As above.
      try? capture.close()
    }
    var verified: Bool? = true
    do {
      verified = try await bench.engine.apply(hash, run: run, listeners: [tamper]).verified
    } catch let error as MigrationError where error.code == .verificationFailed {
      verified = false
    }
    #expect(verified == false)
  }
}
