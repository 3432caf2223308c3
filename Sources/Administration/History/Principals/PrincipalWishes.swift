internal import Base
internal import Migration

/// What was asked for about roles and rights.
struct PrincipalWishes: Sendable, Equatable {
  enum Scope: String, Sendable, CaseIterable {
    /// Roles that can log in, with their rights.
    case users
    /// Roles that cannot log in, with their members and rights.
    case roles
    /// The right to log in. Without it users come as roles that cannot.
    case logins
  }

  let isOn: Bool
  let scopes: Set<Scope>
  let excluded: Set<String>
  /// Verifiers of passwords come too, where the source's login may read them.
  let copiesPasswords: Bool

  static let choices: [ChoiceSpecification] = [
    ChoiceSpecification(
      "principals", .oneOf(["on", "off"]),
      help: "carry over roles and their rights to the history, never more than they had", default: "on"),
    ChoiceSpecification(
      "principal-scope", .list(placeholder: "SCOPE"),
      help: "users, roles or logins only; may be given several times"),
    ChoiceSpecification(
      "exclude-principal", .list(placeholder: "NAME"), help: "leave a role out; may be given several times"),
    ChoiceSpecification(
      "copy-passwords", .flag,
      help: "give new logins the password that they had (SCRAM verifiers, readable to superusers only)"),
  ]

  /// - Throws: ``MigrationError`` `usage` for an unknown scope.
  init(_ request: PlanRequest) throws {
    isOn = request["principals"] != "off"
    var scopes: Set<Scope> = []
    for name in request.list("principal-scope") {
      guard let scope = Scope(rawValue: name) else {
        throw MigrationError(
          .usage, doing: "read --principal-scope", reason: "there is no scope of that name",
          advice: "scopes are \(Scope.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      scopes.insert(scope)
    }
    self.scopes = scopes.isEmpty ? Set(Scope.allCases) : scopes
    excluded = Set(request.list("exclude-principal"))
    copiesPasswords = request.flag("copy-passwords")
  }
}
