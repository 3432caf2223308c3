/// What a connection that was not made has failed of: by SQLSTATE where drivers agree on one, and by the words of
/// libpq where psqlODBC says nothing but 08001.
struct ODBCConnectFailure {
  let records: [ODBCDiagnostic]
  /// Seconds after which the driver gives up.
  let limit: Double

  func error(doing: String) -> DatabaseError {
    var error = classified(doing)
    error.sqlState = records.first?.state
    return error
  }

  private func has(_ words: String...) -> Bool {
    records.contains { record in words.contains { record.message.contains($0) } }
  }

  private func isState(_ states: String...) -> Bool { records.contains { states.contains($0.state) } }

  private func classified(_ doing: String) -> DatabaseError {
    if has("Can't open lib") || isState("IM003", "IM004", "IM005", "IM006") {
      return DatabaseError(
        .unreachable, doing: doing, reason: "the ODBC driver cannot be loaded",
        advice: """
          Install the driver (`apt-get install odbc-postgresql` or `tdsodbc`) and name it as `odbcinst -q -d` lists \
          it, or by its path: `odbc:Driver=/usr/lib/x86_64-linux-gnu/odbc/psqlodbcw.so;Server=…`.
          """)
    }
    if isState("IM002", "IM007", "IM008", "IM010", "IM012") {
      return DatabaseError(
        .unreachable, doing: doing, reason: "no such data source, and no driver is named",
        advice: """
          `odbcinst -q -s` lists the data sources; they stand in ~/.odbc.ini and /etc/odbc.ini. Or write \
          `odbc:Driver=…;Server=…;Database=…;UID=…`.
          """)
    }
    if isState("28000", "28P01")
      || has("password authentication failed", "no password supplied", "fe_sendauth", "Login failed")
    {
      return DatabaseError(
        .authentication, doing: doing, reason: "the server refuses this user or password",
        advice: "Name the user with `UID=` in the location, and give the password as a secret.")
    }
    if has("role \"", "user \""), has("does not exist") {
      return DatabaseError(
        .authentication, doing: doing, reason: "the server does not know this user",
        advice: "Name the user with `UID=` in the location.")
    }
    if isState("3D000") || has("Cannot open database", "Unknown database")
      || has("database \"") && has("does not exist")
    {
      return DatabaseError(
        .noSuchDatabase, doing: doing, reason: "no such database",
        advice: "Correct the name after `Database=` in the location or the data source.")
    }
    if has("no pg_hba.conf entry") {
      return DatabaseError(
        .authentication, doing: doing, reason: "the server does not let this user in from here",
        advice: "Add a line for this user, database and machine to the server's pg_hba.conf.")
    }
    if has("SSL", "certificate", "TLS") {
      return DatabaseError(
        .tls, doing: doing, reason: "no encrypted connection can be made",
        advice: "Check the driver's own settings: `SSLmode=` (psqlODBC), `Encrypt=` and `TrustServerCertificate=`.")
    }
    if isState("HYT00", "HYT01") || has("timeout expired", "timed out") {
      return DatabaseError(
        .timeout, doing: doing, reason: "no connection within \(limit) s",
        advice: "Check server, port and firewalls between here and there.", transient: true)
    }
    if has("could not translate host name") {
      return DatabaseError(
        .unreachable, doing: doing, reason: "the server's name is unknown",
        advice: "Check the spelling after `Server=` and the machine's name service.", transient: true)
    }
    if has("the database system is") {
      return DatabaseError(
        .unreachable, doing: doing, reason: "the server is starting or stopping", advice: "Try again in a moment.",
        transient: true)
    }
    if isState("08001", "08004", "08S01", "HY000") {
      return DatabaseError(
        .unreachable, doing: doing, reason: "the server cannot be reached",
        advice: "Start the server, or check `Server=`, `Port=` and the network between here and there.",
        transient: true)
    }
    return DatabaseError.odbc(records, doing: doing)
  }
}
