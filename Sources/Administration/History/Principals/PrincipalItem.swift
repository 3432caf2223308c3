internal import Base
internal import Database

/// One line of the comparison of both sides: a role, a membership, or rights to one thing.
struct PrincipalItem: Sendable, Codable, Equatable {
  enum Kind: String, Sendable, Codable {
    case role, membership, database, schema, table, password
  }

  enum Verdict: String, Sendable, Codable {
    /// The destination gets it.
    case new
    /// It is there already.
    case same
    /// It is there otherwise, and stays as it is.
    case differs
    /// It is not carried over; the reason tells why.
    case left
  }

  let kind: Kind
  let principal: String
  /// The role of a membership; the database, schema or table of rights; empty for a role.
  let object: String
  /// Of a membership: `ADMIN` where the member may admit others. Of rights: those that come, each with `*` behind it
  /// where it may be handed on.
  let privileges: [String]
  let verdict: Verdict
  let reason: String?
  /// Carries it out. Never holds a password.
  let sql: [String]
  /// Takes it back.
  let undo: [String]
  /// The destination's login may not do it: it stands in the script for somebody who may.
  let isByHand: Bool

  /// In a report: `SELECT on change_request`.
  var what: String {
    switch kind {
    case .role: "role"
    case .password: "password"
    case .membership: "member of \(object)\(privileges.isEmpty ? "" : " with the right to admit others")"
    case .database, .schema, .table: "\(privileges.joined(separator: ", ")) on \(kind.rawValue) \(object)"
    }
  }

  /// Whether the destination has it.
  func isThere(in facts: PrincipalFacts) -> Bool {
    switch kind {
    case .role: facts.roles[principal] != nil
    case .membership: facts.memberships.contains { $0.role == object && $0.member == principal }
    case .database: facts.databaseUsers.contains(principal)
    case .schema: facts.schemaUsers.contains(principal)
    case .table:
      privileges.allSatisfy { text in
        facts.grants.contains { grant in
          grant.grantee == principal && grant.table == object
            && (text == grant.privilege || text == grant.privilege + "*" && grant.isGrantable)
        }
      }
    // Nobody but a superuser can see it, and it is set in one transaction with the role.
    case .password: facts.roles[principal] != nil
    }
  }
}

/// Everything that an import does about roles and rights.
struct PrincipalsPlan: Sendable, Codable, Equatable {
  /// The sources on servers that the comparison speaks of, in the order of the plan.
  let sources: [String]
  let items: [PrincipalItem]
  /// How a role that the run makes is marked, to be told from others when it is taken back.
  let mark: String

  var carried: [PrincipalItem] { items.filter { $0.verdict == .new && !$0.isByHand } }
  var byHand: [PrincipalItem] { items.filter { $0.verdict == .new && $0.isByHand } }
  var isEmpty: Bool { !items.contains { $0.verdict == .new } }
}
