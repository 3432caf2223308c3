internal import Base
public import Migration

/// What a history is read from.
public enum SourceKind: Sendable, Equatable {
  /// One undivided database of the old service.
  case undivided(location: String, password: SecretReference?)
  /// Its two databases.
  case pair(configuration: String, history: String, password: SecretReference?)
  /// An accesslog that was written to LDIF.
  case accesslogFile(ldif: String)
  /// An accesslog in its directory.
  case accesslogDirectory(AccesslogDirectory)
  /// Audit logs of one Samba domain, oldest first.
  case sambaAudit(files: [String], domain: String)
  /// A backup that this program made.
  case backup(file: String, key: SecretReference?)
  /// Rows that a run has rejected, repaired.
  case rejects(file: String)

  public struct AccesslogDirectory: Sendable, Equatable {
    /// `ldaps://host`, `ldap://host` (STARTTLS) or `ldapi://`.
    public let url: String
    public let base: String
    public let bind: String?
    public let password: SecretReference?
    /// A file of certificates to trust instead of the system's.
    public let ca: String?
  }

  /// The files that are read, databases aside.
  public var files: [String] {
    switch self {
    case .undivided, .pair, .accesslogDirectory: []
    case .accesslogFile(let path), .backup(let path, _), .rejects(let path): [path]
    case .sambaAudit(let paths, _): paths
    }
  }

  init(_ node: JSONNode, _ reader: PlatformReader) throws {
    enum Word { case database, accesslog, sambaAudit, backup, rejects }
    let kind = try node.required("kind").choice(of: [
      "database": Word.database, "accesslog": .accesslog, "samba-audit": .sambaAudit, "backup": .backup,
      "rejects": .rejects,
    ])
    switch kind {
    case .database: self = try SourceKind.database(node, reader)
    case .accesslog: self = try SourceKind.accesslog(node, reader)
    case .sambaAudit:
      try node.refuseMembers(besides: ["kind", "files", "name"])
      self = .sambaAudit(
        files: try reader.list(node.required("files")) { node throws(JSONError) in try reader.path(node) },
        domain: try reader.text(node.required("name")))
    case .backup:
      try node.refuseMembers(besides: ["kind", "file", "key"])
      self = .backup(
        file: try reader.path(node.required("file")),
        key: try reader.member("key", of: node).map { try SecretReference($0, reader) })
    case .rejects:
      try node.refuseMembers(besides: ["kind", "file"])
      self = .rejects(file: try reader.path(node.required("file")))
    }
  }

  private static func database(_ node: JSONNode, _ reader: PlatformReader) throws -> SourceKind {
    let schemes = ["sqlite", "postgresql", "odbc"]
    let password = try reader.member("password", of: node).map { try SecretReference($0, reader) }
    if node.member("location") != nil {
      try node.refuseMembers(besides: ["kind", "location", "password"])
      return .undivided(
        location: try reader.database(node.required("location"), schemes: schemes), password: password)
    }
    try node.refuseMembers(besides: ["kind", "location", "configuration", "history", "password"])
    if node.member("configuration") == nil, node.member("history") == nil {
      throw node.error(
        .missing, "the member “location” is missing",
        advice: "Add it for an undivided database, or `configuration` and `history` where there are two.")
    }
    return .pair(
      configuration: try reader.database(node.required("configuration"), schemes: schemes),
      history: try reader.database(node.required("history"), schemes: schemes), password: password)
  }

  private static func accesslog(_ node: JSONNode, _ reader: PlatformReader) throws -> SourceKind {
    if let file = node.member("ldif") {
      try node.refuseMembers(besides: ["kind", "ldif"])
      return .accesslogFile(ldif: try reader.path(file))
    }
    try node.refuseMembers(besides: ["kind", "ldif", "ldap", "base", "bind", "password", "ca"])
    guard node.member("ldap") != nil else {
      throw node.error(
        .missing, "the member “ldif” or “ldap” is missing", advice: "Add one of them: a file, or the directory.")
    }
    let bind = try reader.member("bind", of: node).map { try reader.text($0) }
    let password = try reader.member("password", of: node)
    if let password, bind == nil {
      throw password.error(.missing, "a password without a name to bind as", advice: "Add `bind`.")
    }
    if bind != nil, password == nil {
      throw node.error(
        .missing, "the member “password” is missing", advice: "A name to bind as needs a password beside it.")
    }
    return .accesslogDirectory(
      AccesslogDirectory(
        url: try reader.directory(node.required("ldap")), base: try reader.text(node.required("base")), bind: bind,
        password: try password.map { try SecretReference($0, reader) },
        ca: try reader.member("ca", of: node).map { try reader.path($0) }))
  }

  /// The secret that opens the source.
  public var password: SecretReference? {
    switch self {
    case .undivided(_, let password), .pair(_, _, let password): password
    case .accesslogDirectory(let directory): directory.password
    case .backup(_, let key): key
    case .accesslogFile, .sambaAudit, .rejects: nil
    }
  }
}
