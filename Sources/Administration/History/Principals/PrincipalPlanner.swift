internal import Base
internal import Database
internal import Migration

/// Reads who may do what on both sides and decides what comes. Changes nothing.
struct PrincipalPlanner {
  let sources: [any HistorySource]
  let destination: HistoryDestination
  let condition: HistoryDestination.Condition
  let wishes: PrincipalWishes

  /// - Returns: nil where there is nothing to compare: it is not wanted, or one side has no roles.
  func plan() throws -> PrincipalsPlan? {
    guard wishes.isOn, destination.location.engine == .postgresql else { return nil }
    let servers = sources.compactMap { $0 as? DatabaseSource }.filter { $0.location.engine == .postgresql }
    guard !servers.isEmpty else { return nil }
    var identities: Set<String> = []
    let compared = try servers.map { source in
      let connection = try source.open()
      return try connection.transaction(.readOnlySnapshot) {
        let identity = try DatabaseIdentity.read(from: connection)
        identities.insert(identity.id.description)
        let mapping = GrantMapping(identity.release)
        return PrincipalComparison.Source(
          name: source.name, release: identity.release,
          facts: try PrincipalFacts(tables: mapping.sources, on: connection))
      }
    }
    let mark = "locktender: brought from \(identities.sorted().joined(separator: ", "))"
    let others = try otherHistories(besides: identities)
    let comparison = PrincipalComparison(
      sources: compared, destination: try destinationFacts(), wishes: wishes, mark: mark,
      holdsOthers: others || servers.count != sources.count)
    return PrincipalsPlan(sources: servers.map(\.name), items: comparison.items(), mark: mark)
  }

  /// What the destination is now, or will be once the import has made it.
  private func destinationFacts() throws -> PrincipalFacts {
    guard condition == .absent else {
      return try PrincipalFacts(tables: GrantMapping.tables, on: destination.openReadOnly())
    }
    let maintenance = try DestinationDatabase.openMaintenance(destination)
    var facts = try PrincipalFacts(tables: [], on: maintenance)
    guard let address = destination.location.postgres else { return facts }
    facts.database = address.database
    facts.schema = address.schema ?? "public"
    // Who makes a database owns it, and its schema with it. Everybody may connect to a new one.
    (facts.canGrantDatabase, facts.canGrantSchema) = (true, true)
    (facts.databaseIsOpen, facts.schemaIsOpen) = (true, address.schema == nil)
    facts.databaseUsers = Set(facts.roles.keys)
    facts.schemaUsers = facts.schemaIsOpen ? facts.databaseUsers : []
    return facts
  }

  private func otherHistories(besides identities: Set<String>) throws -> Bool {
    guard condition.identity != nil else { return false }
    let connection = try destination.openReadOnly()
    var others = false
    try connection.rows(
      "SELECT identity FROM history_source WHERE id IN (SELECT source_id FROM history_import)", [.text]
    ) { row in
      if let identity = row.string(0), !identities.contains(identity) { others = true }
    }
    return others
  }

  // MARK: Findings

  /// What comes, what does not, and whether the login is able to bring it.
  func findings() throws -> [Finding] {
    guard let plan = try plan() else {
      return [
        Finding(
          "principals", rule: "D11", .pass, about: "destination",
          wishes.isOn
            ? "no roles to carry over: that takes a server on both sides" : "roles are left out on request")
      ]
    }
    let carried = plan.carried.count
    let left = plan.items.filter { $0.verdict == .left }.count
    var findings = [
      Finding(
        "principals", rule: "D7", .pass, about: "destination",
        "\(carried) roles, memberships and rights come, \(left) stay behind; the plan names each")
    ]
    if !plan.byHand.isEmpty {
      let names = Set(plan.byHand.map(\.principal)).sorted()
      findings.append(
        Finding(
          "principals.ability", rule: "D90", .warn, about: "destination",
          "the login may not do all of it: \(plan.byHand.count) statements are left to somebody else, for "
            + names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and others" : ""),
          remedy:
            "run the script \(PrincipalsStep.script) that the run leaves in its folder, as a role with CREATEROLE"))
    }
    return findings
  }
}
