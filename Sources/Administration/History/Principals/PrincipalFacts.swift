internal import Base
internal import Database

/// Who may do what with a history on a PostgreSQL server, as its catalogues tell it to every login.
struct PrincipalFacts: Sendable, Equatable {
  struct Role: Sendable, Equatable {
    let name: String
    let canLogIn: Bool
    let inherits: Bool
    /// −1 for no limit.
    let connectionLimit: Int
    /// Until when its password holds; nil for ever.
    let validUntil: String?
    let isSuperuser: Bool
    let comment: String?

    /// Made by the server itself, such as `pg_read_all_data`.
    var isPredefined: Bool { name.hasPrefix("pg_") }
  }

  struct Membership: Sendable, Hashable {
    let role: String
    let member: String
    let withAdmin: Bool
    /// The member has the role's rights, and may become the role, as it always was before version 16.
    let isPlain: Bool
  }

  /// One privilege on one table; the right to hand it on beside it.
  struct Grant: Sendable, Hashable {
    /// Empty for everybody.
    let grantee: String
    let table: String
    let privilege: String
    let isGrantable: Bool
  }

  var roles: [String: Role] = [:]
  var memberships: [Membership] = []
  /// Of the tables asked for, without those of a table's owner to itself.
  var grants: [Grant] = []
  var owners: [String: String] = [:]
  /// Tables whose rows policies hide from some.
  var filtered: Set<String> = []
  /// Grantees of single columns, by table.
  var columnGrantees: [String: Set<String>] = [:]
  var schema = "public"
  var database = ""
  /// Roles that may use the schema, and those that may connect to the database.
  var schemaUsers: Set<String> = []
  var databaseUsers: Set<String> = []
  /// Everybody may, roles that are still to be made included.
  var schemaIsOpen = false
  var databaseIsOpen = false
  /// What the login that asked may do.
  var login = ""
  var canCreateRoles = false
  var canGrantSchema = false
  var canGrantDatabase = false
  var canReadPasswords = false

  /// A role's members, members of members included.
  func members(of role: String) -> Set<String> {
    var found: Set<String> = []
    var waiting = [role]
    while let next = waiting.popLast() {
      for membership in memberships where membership.role == next && found.insert(membership.member).inserted {
        waiting.append(membership.member)
      }
    }
    return found
  }
}

extension PrincipalFacts {
  /// Reads the facts of some tables in the connection's schema. Blocks.
  init(tables: [String], on connection: Connection) throws {
    let server = try connection.serverFacts()
    login = server.user
    canCreateRoles = server.canCreateRoles || server.isSuperuser
    canReadPasswords = server.isSuperuser
    database = try connection.text("SELECT current_database()::text") ?? ""
    schema = try connection.text("SELECT current_schema()::text") ?? "public"
    try readRoles(connection, versionNumber: server.versionNumber)
    try readTables(tables, connection)
    try readPlaces(connection)
  }

  private mutating func readRoles(_ connection: Connection, versionNumber: Int) throws {
    var roles: [String: Role] = [:]
    try connection.rows(
      """
      SELECT rolname::text, rolcanlogin, rolinherit, rolconnlimit::bigint, rolvaliduntil::text, rolsuper,
        shobj_description(oid, 'pg_authid')
      FROM pg_roles
      """, [.text, .boolean, .boolean, .integer, .text, .boolean, .text]
    ) { row in
      let role = Role(
        name: row.string(0) ?? "", canLogIn: row.boolean(1) == true, inherits: row.boolean(2) == true,
        connectionLimit: Int(row.integer(3) ?? -1),
        validUntil: row.string(4).flatMap { $0 == "infinity" ? nil : $0 },
        isSuperuser: row.boolean(5) == true, comment: row.string(6))
      roles[role.name] = role
    }
    self.roles = roles
    let isPlain = versionNumber >= 160_000 ? "bool_and(a.inherit_option AND a.set_option)" : "true"
    var memberships: [Membership] = []
    try connection.rows(
      """
      SELECT g.rolname::text, m.rolname::text, bool_or(a.admin_option), \(unsafeSQL: isPlain)
      FROM pg_auth_members a JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
      GROUP BY 1, 2 ORDER BY 1, 2
      """, [.text, .text, .boolean, .boolean]
    ) { row in
      memberships.append(
        Membership(
          role: row.string(0) ?? "", member: row.string(1) ?? "", withAdmin: row.boolean(2) == true,
          isPlain: row.boolean(3) == true))
    }
    self.memberships = memberships
  }

  private mutating func readTables(_ tables: [String], _ connection: Connection) throws {
    guard !tables.isEmpty else { return }
    let chosen: SQL = """
      c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = \(schema)) AND c.relkind IN ('r', 'p')
        AND c.relname IN \(list: tables)
      """
    var owners: [String: String] = [:]
    var filtered: Set<String> = []
    try connection.rows(
      "SELECT c.relname::text, pg_get_userbyid(c.relowner)::text, c.relrowsecurity FROM pg_class c WHERE \(fragment: chosen)",
      [.text, .text, .boolean]
    ) { row in
      let table = row.string(0) ?? ""
      owners[table] = row.string(1)
      if row.boolean(2) == true { filtered.insert(table) }
    }
    var grants: [Grant] = []
    try connection.rows(
      """
      SELECT CASE a.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(a.grantee)::text END, c.relname::text,
        a.privilege_type, bool_or(a.is_grantable)
      FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee <> c.relowner AND \(fragment: chosen)
      GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
      """, [.text, .text, .text, .boolean]
    ) { row in
      grants.append(
        Grant(
          grantee: row.string(0) ?? "", table: row.string(1) ?? "", privilege: row.string(2) ?? "",
          isGrantable: row.boolean(3) == true))
    }
    var columns: [String: Set<String>] = [:]
    try connection.rows(
      """
      SELECT DISTINCT c.relname::text, CASE x.grantee WHEN 0 THEN '' ELSE pg_get_userbyid(x.grantee)::text END
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid, aclexplode(a.attacl) x
      WHERE a.attnum > 0 AND NOT a.attisdropped AND \(fragment: chosen)
      """, [.text, .text]
    ) { row in columns[row.string(0) ?? "", default: []].insert(row.string(1) ?? "") }
    self.owners = owners
    self.filtered = filtered
    self.grants = grants
    columnGrantees = columns
  }

  private mutating func readPlaces(_ connection: Connection) throws {
    var (schemaUsers, databaseUsers): (Set<String>, Set<String>) = ([], [])
    try connection.rows(
      """
      SELECT rolname::text, has_schema_privilege(oid, (SELECT oid FROM pg_namespace WHERE nspname = \(schema)), 'USAGE'),
        has_database_privilege(oid, (SELECT oid FROM pg_database WHERE datname = current_database()), 'CONNECT')
      FROM pg_roles
      """, [.text, .boolean, .boolean]
    ) { row in
      if row.boolean(1) == true { schemaUsers.insert(row.string(0) ?? "") }
      if row.boolean(2) == true { databaseUsers.insert(row.string(0) ?? "") }
    }
    self.schemaUsers = schemaUsers
    self.databaseUsers = databaseUsers
    schemaIsOpen =
      try connection.boolean(
        "SELECT has_schema_privilege('public', oid, 'USAGE') FROM pg_namespace WHERE nspname = \(schema)") ?? false
    databaseIsOpen =
      try connection.boolean(
        "SELECT has_database_privilege('public', oid, 'CONNECT') FROM pg_database WHERE datname = \(database)")
      ?? false
    canGrantSchema =
      try connection.boolean(
        """
        SELECT pg_has_role(current_user, nspowner, 'USAGE') OR has_schema_privilege(oid, 'USAGE WITH GRANT OPTION')
        FROM pg_namespace WHERE nspname = \(schema)
        """) ?? false
    canGrantDatabase =
      try connection.boolean(
        """
        SELECT pg_has_role(current_user, datdba, 'USAGE') OR has_database_privilege(oid, 'CONNECT WITH GRANT OPTION')
        FROM pg_database WHERE datname = current_database()
        """) ?? false
  }
}
