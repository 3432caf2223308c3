extension SQLDialect {
  /// What makes a session over ODBC one that only reads, in UTC and with the limits that were asked for.
  ///
  /// psqlODBC itself sets `DateStyle`, `client_encoding` and `standard_conforming_strings`.
  func sessionStatements(_ options: ConnectOptions) -> [String] {
    let wait = PostgresConnector.milliseconds(options.lockTimeout)
    switch product {
    case "PostgreSQL":
      let name = options.applicationName.replacing("'", with: "''")
      return [
        "set session characteristics as transaction read only", "set timezone = 'UTC'",
        // Rows that a policy hides are an error, not missing.
        "set row_security = off",
        "set application_name = '\(name)'", "set lock_timeout = \(wait)",
        "set statement_timeout = \(PostgresConnector.milliseconds(options.statementTimeout ?? 0))",
        "set idle_in_transaction_session_timeout = \(PostgresConnector.milliseconds(options.idleTransactionTimeout ?? 0))",
      ]
    case "Microsoft SQL Server": return ["set lock_timeout \(wait)"]
    default: return []
    }
  }

  /// Whether the session itself bounds each statement; else the driver is asked to, in whole seconds.
  var boundsStatements: Bool { product == "PostgreSQL" }

  /// Sets the limit of a statement until the transaction ends.
  func limitingStatements(seconds: Double) -> String {
    "set local statement_timeout = \(PostgresConnector.milliseconds(seconds))"
  }
}
