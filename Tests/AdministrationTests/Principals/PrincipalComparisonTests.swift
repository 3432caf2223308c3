import Base
import Database
import Migration
import TestSupport
import Testing

@testable import Administration

@Suite struct PrincipalComparisonTests {
  private func role(
    _ name: String, logsIn: Bool = false, superuser: Bool = false, limit: Int = -1, until: String? = nil
  ) -> PrincipalFacts.Role {
    .init(
      name: name, canLogIn: logsIn, inherits: true, connectionLimit: limit, validUntil: until,
      isSuperuser: superuser, comment: nil)
  }

  private func facts(
    _ roles: [PrincipalFacts.Role], _ grants: [(String, String, String)] = [],
    members: [(role: String, member: String)] = [], canCreateRoles: Bool = true
  ) -> PrincipalFacts {
    var facts = PrincipalFacts()
    facts.roles = Dictionary(uniqueKeysWithValues: roles.map { ($0.name, $0) })
    facts.grants = grants.map { .init(grantee: $0.0, table: $0.1, privilege: $0.2, isGrantable: false) }
    facts.memberships = members.map {
      .init(role: $0.role, member: $0.member, withAdmin: false, isPlain: true)
    }
    facts.schemaUsers = Set(facts.roles.keys)
    facts.databaseUsers = facts.schemaUsers
    (facts.schemaIsOpen, facts.databaseIsOpen) = (true, true)
    facts.canCreateRoles = canCreateRoles
    (facts.canGrantSchema, facts.canGrantDatabase) = (true, true)
    facts.database = "new"
    return facts
  }

  private func compare(
    _ sources: [(Release, PrincipalFacts)], _ destination: PrincipalFacts, choices: [String: [String]] = [:],
    holdsOthers: Bool = false
  ) throws -> [PrincipalItem] {
    PrincipalComparison(
      sources: sources.enumerated().map {
        .init(name: "s\($0.offset)", release: $0.element.0, facts: $0.element.1)
      },
      destination: destination, wishes: try PrincipalWishes(PlanRequest(choices: choices)), mark: "mark",
      holdsOthers: holdsOthers
    ).items()
  }

  private func granted(_ items: [PrincipalItem], to name: String) -> Set<String> {
    Set(items.filter { $0.kind == .table && $0.principal == name && $0.verdict == .new }.map(\.object))
  }

  @Test func `rights go to the tables that hold the same rows, in every release`() throws {
    let tasks: Set = ["approval_task", "temporal_membership_task", "deprovisioning_task"]
    let expected: [(Release, String, Set<String>)] = [
      (.v7_5, "request", ["change_request", "property_change", "request_section"]),
      (.v7_5, "task", tasks),
      (.v7_6, "change_history", ["change_request", "property_change"]),
      (.v7_6, "change_history_section", ["request_section"]),
      (.v7_6, "management_task", tasks),
      (.v8_0, "change_request", ["change_request", "property_change"]),
      (.v8_0, "request_section", ["request_section"]),
      (.v8_1, "change_request", ["change_request"]),
      (.v8_1, "property_change", ["property_change"]),
      (.v8_1, "approval_task", ["approval_task"]),
    ]
    for (release, table, tables) in expected {
      let items = try compare([(release, facts([role("r")], [("r", table, "SELECT")]))], facts([]))
      #expect(granted(items, to: "r") == tables, "\(release) \(table)")
    }
    // What keeps spoilt texts of every table takes the right to every table.
    for release in Release.allCases where release < .v8_2 {
      let all = GrantMapping(release).sources
      let whole = facts([role("r")], all.map { ("r", $0, "SELECT") })
      #expect(try granted(compare([(release, whole)], facts([])), to: "r").contains("original_value"))
      let short = facts([role("r")], all.dropLast().map { ("r", $0, "SELECT") })
      #expect(try !granted(compare([(release, short)], facts([])), to: "r").contains("original_value"))
    }
  }

  @Test func `what everybody, owners, policies and the server's own roles gave is left, with the reason`() throws {
    var source = facts(
      [role("r"), role("boss", superuser: true), role("pg_read_all_data"), role("m", logsIn: true)],
      [("", "request", "SELECT"), ("r", "request", "SELECT"), ("r", "task", "SELECT"), ("boss", "task", "SELECT")],
      members: [("pg_read_all_data", "m")])
    source.filtered = ["task"]
    source.owners = ["request": "owner"]
    source.columnGrantees = ["request": ["m"]]
    let items = try compare([(.v7_5, source)], facts([]))
    func reasons(_ name: String, _ object: String? = nil) -> [String] {
      items.filter { $0.principal == name && $0.verdict == .left && (object == nil || $0.object == object) }
        .compactMap(\.reason)
    }
    #expect(reasons("PUBLIC").allSatisfy { $0.contains("everybody") } && reasons("PUBLIC").count == 3)
    #expect(reasons("r", "approval_task") == ["a policy narrows it there"])
    #expect(reasons("boss").first?.contains("superuser") == true)
    #expect(reasons("owner").first?.contains("owns") == true)
    #expect(reasons("m", "request").first?.contains("single columns") == true)
    #expect(reasons("m", "pg_read_all_data").count == 1)
    #expect(granted(items, to: "r") == ["change_request", "property_change", "request_section"])
    #expect(granted(items, to: "boss") == [])
  }

  @Test func `a role that is there already gets no members, and no rights where it has others as members`() throws {
    let source = facts(
      [role("readers"), role("alice", logsIn: true)], [("readers", "request", "SELECT")],
      members: [("readers", "alice")])
    let known = try compare([(.v7_5, source)], facts([role("readers")]))
    let membership = try #require(known.first { $0.kind == .membership })
    #expect(membership.verdict == .left && membership.reason?.contains("already") == true)
    #expect(!granted(known, to: "readers").isEmpty)

    let crowded = facts(
      [role("readers"), role("nested"), role("mallory", logsIn: true), role("root", superuser: true)],
      members: [("readers", "nested"), ("nested", "mallory"), ("readers", "root")])
    let refused = try compare([(.v7_5, source)], crowded)
    #expect(granted(refused, to: "readers") == [])
    let reason = refused.first { $0.kind == .table && $0.principal == "readers" }?.reason
    #expect(reason == "it has members here that it had not there: mallory, nested")

    let fresh = try compare([(.v7_5, source)], facts([]))
    #expect(fresh.first { $0.kind == .membership }?.sql == [#"GRANT "readers" TO "alice""#])
  }

  @Test func `several sources give what all of them give, and foreign rows give nothing`() throws {
    let one = facts([role("a"), role("b")], [("a", "request", "SELECT"), ("b", "request", "SELECT")])
    let two = facts(
      [role("a"), role("b")], [("a", "change_request", "SELECT"), ("a", "change_request", "DELETE")])
    let items = try compare([(.v7_5, one), (.v8_0, two)], facts([]))
    #expect(granted(items, to: "a") == ["change_request", "property_change"])
    #expect(items.filter { $0.kind == .table && $0.verdict == .new }.allSatisfy { $0.privileges == ["SELECT"] })
    #expect(granted(items, to: "b") == [])
    let others = try compare([(.v7_5, one)], facts([]), holdsOthers: true)
    #expect(granted(others, to: "a") == [])
  }

  @Test func `what was chosen comes, and what limits a role comes with it`() throws {
    let source = facts(
      [role("readers"), role("alice", logsIn: true, limit: 3, until: "2030-01-01 00:00:00+00"), role("o'neil")],
      [("readers", "request", "SELECT"), ("alice", "task", "SELECT"), ("o'neil", "task", "SELECT")])
    func roles(_ choices: [String: [String]]) throws -> [String: [String]] {
      try compare([(.v7_5, source)], facts([]), choices: choices).filter { $0.kind == .role && $0.verdict == .new }
        .reduce(into: [:]) { $0[$1.principal] = $1.sql }
    }
    let all = try roles([:])
    #expect(all.keys.sorted() == ["alice", "o'neil", "readers"])
    #expect(
      all["alice"]?.first
        == #"CREATE ROLE "alice" LOGIN CONNECTION LIMIT 3 VALID UNTIL '2030-01-01 00:00:00+00'"#)
    #expect(all["o'neil"]?.last == #"COMMENT ON ROLE "o'neil" IS 'mark'"#)
    #expect(try roles(["principal-scope": ["roles"]]).keys.sorted() == ["o'neil", "readers"])
    #expect(try roles(["principal-scope": ["users"]])["alice"]?.first?.contains(" NOLOGIN") == true)
    #expect(try roles(["exclude-principal": ["alice", "readers"]]).keys.sorted() == ["o'neil"])
    #expect(throws: MigrationError.self) { try roles(["principal-scope": ["everything"]]) }
    let excluded = try compare([(.v7_5, source)], facts([]), choices: ["exclude-principal": ["alice"]])
    #expect(excluded.filter { $0.principal == "alice" }.allSatisfy { $0.verdict == .left })
  }

  @Test func `without the right to make roles, what hangs on new ones is by hand and the rest is not`() throws {
    let source = facts(
      [role("old"), role("fresh")], [("old", "request", "SELECT"), ("fresh", "request", "SELECT")])
    let items = try compare([(.v7_5, source)], facts([role("old")], canCreateRoles: false))
    #expect(items.filter { $0.principal == "fresh" && $0.verdict == .new }.allSatisfy { $0.isByHand })
    #expect(items.filter { $0.principal == "old" && $0.verdict == .new }.allSatisfy { !$0.isByHand })
    #expect(items.contains { $0.principal == "fresh" && $0.kind == .table && $0.isByHand })
  }

  @Test func `a role that is otherwise there stays as it is`() throws {
    let source = facts([role("alice", logsIn: true, limit: 3)], [("alice", "request", "SELECT")])
    let items = try compare([(.v7_5, source)], facts([role("alice")]))
    let alice = try #require(items.first { $0.kind == .role })
    #expect(alice.verdict == .differs && alice.sql.isEmpty)
    #expect(alice.reason == "it cannot log in here; its limit of connections is another; it stays as it is")
  }
}
