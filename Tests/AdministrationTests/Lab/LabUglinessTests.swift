import Administration
import Base
import Database
import TestSupport
import Testing

/// The manifest's figures, counted again in the databases by SQL.
@Suite struct LabUglinessTests {
  private func lab(_ release: Release) async throws -> TestLab {
    try await TestLab(
      LabShape(release: release, store: .sqlite, isUndivided: release.mayBeUndivided), history: 5000
    ) {
      $0.damage = .none
    }
  }

  private func count(_ connection: Connection, _ sql: SQL) throws -> Int {
    Int(try #require(try connection.integer(sql)))
  }

  @Test func `people, workflows and tasks are as the manifest counts them`() async throws {
    let lab = try await lab(.v7_6)
    let manifest = lab.manifest
    let database = try lab.open(.history)
    func count(_ sql: SQL) throws -> Int { try self.count(database, sql) }
    for (kind, ugliness) in [
      (1, Ugliness.unfinishedApproval), (2, .unfinishedTemporalMembership), (3, .unfinishedDeprovisioning),
    ] {
      #expect(
        try count("select count(*) from management_task where kind = \(kind) and status in (0, 3)")
          == manifest.count(of: ugliness))
    }
    #expect(
      try count(
        """
        select count(*) from management_task where kind = 1 and status in (0, 3)
        and party not in (select account from person)
        """) == manifest.count(of: .unknownApprover))
    #expect(
      try count("select count(*) from change_history where initiator not in (select account from person)")
        == manifest.count(of: .unknownInitiator))
    #expect(
      try count("select count(*) from change_history join person on account = initiator where deleted = 1")
        == manifest.count(of: .deletedInitiator))
    #expect(
      try count(
        "select count(*) from change_history_section where kind = 'W' and name not in (select name from workflow)")
        == manifest.count(of: .unknownWorkflow))
    #expect(
      try count("select count(*) from change_history where status in (0, 1, 2)")
        == manifest.count(of: .pendingRequest))
    #expect(
      try count(
        """
        select count(*) from management_task where status in (0, 3)
        and due < '2026-06-30' and due is not null
        """) <= manifest.count(of: .overdueTask))
    #expect(
      try count("select count(*) from change_history where object_guid is null") == manifest.count(of: .missingGuid)
    )
    #expect(
      try count("select count(*) from change_history where object_guid <> lower(object_guid)")
        == manifest.count(of: .capitalGuid))
  }

  @Test func `duplicates, gaps and missing requests are as the manifest counts them`() async throws {
    let lab = try await lab(.v8_1)
    let manifest = lab.manifest
    let database = try lab.open(.history)
    #expect(
      try count(
        database,
        """
        select coalesce(sum(n - 1), 0) from (select count(*) as n from change_request
        group by object_dn, submitted_at, operation, initiator having count(*) > 1)
        """) == manifest.count(of: .duplicateNaturalKey))
    #expect(
      try count(
        database,
        """
        select count(distinct request_id) from (select request_id from property_change
        union all select request_id from request_section union all select request_id from approval_task
        union all select request_id from temporal_membership_task union all select request_id from deprovisioning_task)
        where request_id is not null and request_id not in (select id from change_request)
        """) == manifest.count(of: .missingRequest))
    for table in ["property_change", "request_section", "approval_task", "temporal_membership_task"] {
      #expect(
        try count(
          database,
          """
          select count(*) from \(identifier: table)
          where request_id is not null and request_id not in (select id from change_request)
          """) > 0, "\(table)")
    }
    let integers = try await self.lab(.v8_0)
    let gaps = try count(
      try integers.open(.history),
      "select count(*) from (select id - lag(id, 1, 0) over (order by id) as step from change_request) where step > 1"
    )
    // A missing request leaves a gap too, one that may lie beside a jump.
    #expect(gaps >= manifest.count(of: .keyGap) - manifest.count(of: .missingRequest))
    #expect(gaps <= manifest.count(of: .keyGap) + manifest.count(of: .missingRequest))
  }

  @Test func `long and empty values are as the manifest counts them`() async throws {
    let lab = try await lab(.v8_1)
    let database = try lab.open(.history)
    func values(_ condition: SQL) throws -> Int {
      try count(
        database,
        """
        with v as (select old_value as value from property_change
        union all select new_value from property_change)
        select count(*) from v where \(fragment: condition)
        """)
    }
    #expect(try values("length(cast(value as blob)) = 65536") == lab.manifest.count(of: .longValue))
    #expect(try values("length(cast(value as blob)) = 1048576") == lab.manifest.count(of: .hugeValue))
    #expect(try values("value = ''") == lab.manifest.count(of: .emptyValue))
    #expect(try values("value is null") > lab.manifest.count(of: .emptyValue))
  }

  @Test func `a renamed object keeps its guid and changes its name from then on`() async throws {
    let lab = try await lab(.v8_0)
    let database = try lab.open(.history)
    let renamings = try count(
      database, "select count(*) from change_request where operation in ('rename', 'move') and state = 'done'")
    let duplicates = lab.manifest.count(of: .duplicateNaturalKey)
    #expect(
      renamings >= lab.manifest.count(of: .newName) && renamings <= lab.manifest.count(of: .newName) + duplicates)
    #expect(
      try count(
        database,
        """
        select count(*) from (select object_guid from change_request where object_guid is not null
        group by object_guid having count(distinct object_dn) > 1)
        """) > 20)
  }
}
