internal import Synchronization

extension PrivatePostgres {
  /// Makes an empty database, with a fresh name unless one is given, and tells its name.
  @discardableResult
  public func createDatabase(_ name: String? = nil) throws(SupportError) -> String {
    let name =
      name
      ?? state.withLock { state in
        state.databases += 1
        return "test_\(state.databases)"
      }
    try execute("CREATE DATABASE \"\(name)\"", in: "postgres")
    return name
  }

  /// What libpq needs to connect, without the password: `host=… port=… user=… dbname=…`.
  public func connectionString(database: String) -> String {
    "host=\(host) port=\(port) user=\(Self.user) dbname=\(database)"
  }

  /// Runs SQL by `psql` as the superuser and gives its output: unaligned, `|` between columns, no headings.
  @discardableResult
  public func execute(_ sql: String, in database: String) throws(SupportError) -> String {
    var environment: [String: String] = [:]
    if let password = settings.password { environment["PGPASSWORD"] = password }
    if case .tls = settings.listening { environment["PGSSLMODE"] = "require" }
    let outcome = try Tool.check(
      "psql", ["-X", "-A", "-t", "-q", "-v", "ON_ERROR_STOP=1", "-d", connectionString(database: database)],
      input: Array(sql.utf8), environment: environment)
    return outcome.text.hasSuffix("\n") ? String(outcome.text.dropLast()) : outcome.text
  }
}

extension PrivatePostgres {
  /// A database as a location of the product: `postgresql://user@/name?host=/folder`, or with host and port.
  public func location(database: String) -> String {
    host.hasPrefix("/")
      ? "postgresql://\(Self.user)@:\(port)/\(database)?host=\(host)"
      : "postgresql://\(Self.user)@\(host):\(port)/\(database)"
  }
}
