internal import Base
internal import Database

/// Rights to tables, and the way to them.
extension PrincipalComparison {
  func tableRights(of grantee: String) -> [PrincipalItem] {
    GrantMapping.tables.compactMap { table -> PrincipalItem? in
      var privileges: [String: Bool]?
      var isFiltered = false
      for source in sources {
        let origins = GrantMapping(source.release).origins(of: table)
        if !source.facts.filtered.isDisjoint(with: origins) { isFiltered = true }
        for origin in origins {
          let own = source.facts.grants.filter { $0.grantee == grantee && $0.table == origin }
          var here: [String: Bool] = [:]
          for grant in own where GrantMapping.privileges.contains(grant.privilege) {
            here[grant.privilege] = grant.isGrantable
          }
          guard let common = privileges else {
            privileges = here
            continue
          }
          privileges = common.reduce(into: [:]) { both, entry in
            if let other = here[entry.key] { both[entry.key] = entry.value && other }
          }
        }
      }
      guard let privileges, !privileges.isEmpty else { return nil }
      return rights(of: grantee, to: table, privileges, isFiltered: isFiltered)
    }
  }

  private func rights(
    of grantee: String, to table: String, _ privileges: [String: Bool], isFiltered: Bool
  ) -> PrincipalItem {
    let words = privileges.sorted { $0.key < $1.key }.map { $0.value ? $0.key + "*" : $0.key }
    func left(_ reason: String) -> PrincipalItem {
      item(.table, grantee.isEmpty ? "PUBLIC" : grantee, .left, reason, object: table, privileges: words)
    }
    if grantee.isEmpty { return left("everybody on this server may be others than everybody on that one") }
    if let refusal = refusal(of: grantee) { return left(refusal) }
    if isFiltered { return left("a policy narrows it there") }
    let missing = words.filter { word in
      !destination.grants.contains { grant in
        grant.grantee == grantee && grant.table == table
          && (word == grant.privilege || word == grant.privilege + "*" && grant.isGrantable)
      }
    }
    if missing.isEmpty { return item(.table, grantee, .same, nil, object: table, privileges: words) }
    if holdsOthers { return left("the history here holds rows of other sources, which it would open") }
    let strangers = strangers(in: grantee)
    if !strangers.isEmpty {
      return left("it has members here that it had not there: \(strangers.prefix(3).joined(separator: ", "))")
    }
    let place = TableName(table, schema: destination.schema).quoted
    let plain = missing.filter { !$0.hasSuffix("*") }
    let passing = missing.filter { $0.hasSuffix("*") }.map { String($0.dropLast()) }
    var sql: [String] = []
    if !plain.isEmpty {
      sql.append("GRANT \(plain.joined(separator: ", ")) ON TABLE \(place) TO \(quoted(grantee))")
    }
    if !passing.isEmpty {
      sql.append(
        "GRANT \(passing.joined(separator: ", ")) ON TABLE \(place) TO \(quoted(grantee)) WITH GRANT OPTION")
    }
    return item(
      .table, grantee, .new, nil, object: table, privileges: missing, sql: sql,
      undo: ["REVOKE \((plain + passing).joined(separator: ", ")) ON TABLE \(place) FROM \(quoted(grantee))"],
      isByHand: isMadeByHand(grantee))
  }

  /// Members that a role has at the destination and not at every source; superusers may everything anyway.
  private func strangers(in role: String) -> [String] {
    guard destination.roles[role] != nil else { return [] }
    return destination.members(of: role).filter { member in
      destination.roles[member]?.isSuperuser != true
        && !sources.allSatisfy { $0.facts.members(of: role).contains(member) }
    }.sorted()
  }

  /// The way to the tables: the database, and the schema in it.
  func places(_ name: String) -> [PrincipalItem] {
    let isThere = destination.roles[name] != nil
    var items: [PrincipalItem] = []
    func place(
      _ kind: PrincipalItem.Kind, _ object: String, _ privilege: String, had: Bool, has: Bool, canGrant: Bool
    ) {
      guard had, !has else { return }
      let target = "\(kind.rawValue.uppercased()) \(quoted(object))"
      items.append(
        item(
          kind, name, .new, nil, object: object, privileges: [privilege],
          sql: ["GRANT \(privilege) ON \(target) TO \(quoted(name))"],
          undo: ["REVOKE \(privilege) ON \(target) FROM \(quoted(name))"], isByHand: !canGrant || isMadeByHand(name)
        ))
    }
    place(
      .database, destination.database, "CONNECT", had: sources.allSatisfy { $0.facts.databaseUsers.contains(name) },
      has: isThere ? destination.databaseUsers.contains(name) : destination.databaseIsOpen,
      canGrant: destination.canGrantDatabase)
    place(
      .schema, destination.schema, "USAGE", had: sources.allSatisfy { $0.facts.schemaUsers.contains(name) },
      has: isThere ? destination.schemaUsers.contains(name) : destination.schemaIsOpen,
      canGrant: destination.canGrantSchema)
    return items
  }

  /// Rights that came in ways that are not carried.
  func otherWays() -> [PrincipalItem] {
    var items: [PrincipalItem] = []
    for source in sources {
      for (table, grantees) in source.facts.columnGrantees.sorted(by: { $0.key < $1.key }) {
        for grantee in grantees.sorted() {
          items.append(
            item(
              .table, grantee.isEmpty ? "PUBLIC" : grantee, .left,
              "rights to single columns of \(table) have no counterpart", object: table))
        }
      }
      for (owner, tables) in Dictionary(grouping: source.facts.owners, by: \.value).sorted(by: { $0.key < $1.key })
      {
        items.append(
          item(
            .table, owner, .left, "it owns the tables there; here the new service's login does",
            object: tables.map(\.key).sorted().joined(separator: ", ")))
      }
    }
    return items
  }

  /// A verifier is a secret: it stands in no plan, no script and no report.
  func password(_ name: String) -> PrincipalItem? {
    guard refusal(of: name) == nil, sourceRole(name)?.canLogIn == true, wishes.scopes.contains(.logins),
      destination.roles[name] == nil
    else { return nil }
    guard sources.count == 1, sources[0].facts.canReadPasswords else {
      return item(.password, name, .left, "only a superuser of the one source may read it")
    }
    guard destination.canCreateRoles else { return item(.password, name, .left, "its role is made by hand") }
    return item(.password, name, .new, "as a SCRAM verifier, which is not shown")
  }
}
