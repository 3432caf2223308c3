internal import Base
internal import Database

/// Compares who may do what with the old history and with the new one. Reads nothing and decides everything.
///
/// Nothing that comes of it opens more to anybody than the old server did: rights go to the tables that hold the same
/// rows and to no others; what everybody had, what policies narrowed, what came by owning or by a role of the server
/// itself is left; a role that is at the destination already gets neither members nor, where it has other members
/// there, rights; and where the destination holds histories of other sources, rights are left to a person.
struct PrincipalComparison {
  struct Source {
    let name: String
    let release: Release
    let facts: PrincipalFacts
  }

  /// All of them must agree on a right, since their rows end in the same tables. At least one.
  let sources: [Source]
  let destination: PrincipalFacts
  let wishes: PrincipalWishes
  let mark: String
  /// Rows of sources that the comparison does not know of are there, or come too.
  let holdsOthers: Bool

  func items() -> [PrincipalItem] {
    let principals = self.principals
    var items = principals.map(role)
    items += memberships(among: Set(principals))
    items += predefined()
    var rights: [PrincipalItem] = []
    for grantee in grantees.sorted() { rights += tableRights(of: grantee) }
    // Who has no right there needs no way to it.
    if rights.contains(where: { $0.verdict == .new || $0.verdict == .same }) {
      items += principals.filter { refusal(of: $0) == nil }.flatMap(places)
    }
    items += rights
    items += otherWays()
    if wishes.copiesPasswords { items += principals.compactMap(password) }
    return items
  }

  // MARK: Who

  /// Those that have rights of their own, at every source. `""` is everybody.
  private var grantees: Set<String> {
    var common: Set<String>?
    for source in sources {
      let tables = GrantMapping(source.release).sources
      let own = Set(source.facts.grants.filter { tables.contains($0.table) }.map(\.grantee))
      common = common?.intersection(own) ?? own
    }
    return common ?? []
  }

  /// Those, and whoever is a member of them.
  private var principals: [String] {
    var all: Set<String> = []
    for grantee in grantees where !grantee.isEmpty {
      all.insert(grantee)
      for source in sources { all.formUnion(source.facts.members(of: grantee)) }
    }
    return all.sorted()
  }

  func sourceRole(_ name: String) -> PrincipalFacts.Role? {
    sources.lazy.compactMap { $0.facts.roles[name] }.first
  }

  /// Why a principal stays behind; nil where it comes.
  func refusal(of name: String) -> String? {
    guard let role = sourceRole(name) else { return "the source does not know it" }
    if wishes.excluded.contains(name) { return "left out on request" }
    if role.isPredefined { return "the server makes it itself" }
    if role.isSuperuser { return "a superuser there needs no rights, and gets none here" }
    let scope: PrincipalWishes.Scope = role.canLogIn ? .users : .roles
    if !wishes.scopes.contains(scope) { return "\(scope.rawValue) are left out on request" }
    return nil
  }

  // MARK: Roles

  private func role(_ name: String) -> PrincipalItem {
    guard refusal(of: name) == nil, let old = sourceRole(name) else {
      return item(.role, name, .left, refusal(of: name))
    }
    let logsIn = old.canLogIn && wishes.scopes.contains(.logins)
    if let there = destination.roles[name] {
      var differences: [String] = []
      if there.canLogIn != logsIn {
        differences.append(there.canLogIn ? "it can log in here" : "it cannot log in here")
      }
      if there.inherits != old.inherits { differences.append("it has its groups' rights otherwise") }
      if there.connectionLimit != old.connectionLimit { differences.append("its limit of connections is another") }
      if there.validUntil != old.validUntil { differences.append("its password holds until another time") }
      if there.isSuperuser { differences.append("it is a superuser here") }
      return item(
        .role, name, differences.isEmpty ? .same : .differs,
        differences.isEmpty ? nil : differences.joined(separator: "; ") + "; it stays as it is")
    }
    var words = ["CREATE ROLE", quoted(name), logsIn ? "LOGIN" : "NOLOGIN"]
    if !old.inherits { words.append("NOINHERIT") }
    if old.connectionLimit >= 0 { words.append("CONNECTION LIMIT \(old.connectionLimit)") }
    if let until = old.validUntil { words.append("VALID UNTIL \(literal(until))") }
    return item(
      .role, name, .new, old.canLogIn && !logsIn ? "as a role that cannot log in, on request" : nil,
      sql: [words.joined(separator: " "), "COMMENT ON ROLE \(quoted(name)) IS \(literal(mark))"],
      undo: ["DROP ROLE \(quoted(name))"], isByHand: !destination.canCreateRoles)
  }

  private func memberships(among principals: Set<String>) -> [PrincipalItem] {
    var seen: Set<PrincipalFacts.Membership> = []
    var items: [PrincipalItem] = []
    for membership in sources.flatMap(\.facts.memberships)
    where principals.contains(membership.role) && principals.contains(membership.member)
      && seen.insert(membership).inserted
    {
      // Every source that knows both must have it.
      let isCommon = sources.allSatisfy { source in
        source.facts.roles[membership.role] == nil || source.facts.roles[membership.member] == nil
          || source.facts.memberships.contains(membership)
      }
      items.append(item(for: membership, isCommon: isCommon))
    }
    return items
  }

  private func item(for membership: PrincipalFacts.Membership, isCommon: Bool) -> PrincipalItem {
    let (group, member) = (membership.role, membership.member)
    func left(_ reason: String) -> PrincipalItem { item(.membership, member, .left, reason, object: group) }
    if destination.memberships.contains(where: { $0.role == group && $0.member == member }) {
      return item(.membership, member, .same, nil, object: group)
    }
    if refusal(of: group) != nil || refusal(of: member) != nil { return left("one of them does not come") }
    if !isCommon { return left("another source does not have it") }
    if !membership.isPlain { return left("it is a limited one there: grant it by hand as it is meant") }
    if destination.roles[group] != nil {
      return left("\(group) is here already, and may have rights that it had not there")
    }
    let admin = membership.withAdmin ? " WITH ADMIN OPTION" : ""
    return item(
      .membership, member, .new, nil, object: group, privileges: membership.withAdmin ? ["ADMIN"] : [],
      sql: ["GRANT \(quoted(group)) TO \(quoted(member))\(admin)"],
      undo: ["REVOKE \(quoted(group)) FROM \(quoted(member))"], isByHand: !destination.canCreateRoles)
  }

  /// Roles of the server itself open every table there is.
  private func predefined() -> [PrincipalItem] {
    let all = Set(["pg_read_all_data", "pg_write_all_data"])
    return Set(sources.flatMap(\.facts.memberships).filter { all.contains($0.role) }).sorted {
      ($0.role, $0.member) < ($1.role, $1.member)
    }.map { membership in
      item(
        .membership, membership.member, .left, "it would open everything on this server", object: membership.role)
    }
  }

  // MARK: Pieces

  func isMadeByHand(_ name: String) -> Bool {
    destination.roles[name] == nil && !destination.canCreateRoles
  }

  func item(
    _ kind: PrincipalItem.Kind, _ principal: String, _ verdict: PrincipalItem.Verdict, _ reason: String?,
    object: String = "", privileges: [String] = [], sql: [String] = [], undo: [String] = [], isByHand: Bool = false
  ) -> PrincipalItem {
    PrincipalItem(
      kind: kind, principal: principal, object: object, privileges: privileges, verdict: verdict, reason: reason,
      sql: sql, undo: undo, isByHand: isByHand)
  }

  func quoted(_ name: String) -> String { TableName(name).quoted }

  func literal(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
  }
}
