internal import Base
internal import Database
internal import Migration

/// What is asked of a source behind ODBC. Its connection is inside a read-only snapshot: that it could be taken is
/// shown by that.
struct ODBCSourceChecks {
  let subject: String
  let connection: Connection
  let identity: DatabaseIdentity
  let catalogue: Catalogue

  func all() throws -> [Finding] {
    let facts = try connection.serverFacts()
    return [picture(facts), encryption(facts), others()]
  }

  private func picture(_ facts: ServerFacts) -> Finding {
    let product = facts.odbc.map { "\($0.product) \(facts.version) by \($0.driver) \($0.driverVersion)" } ?? "ODBC"
    return Finding(
      "source.picture", rule: "D16", .pass, about: subject,
      "\(product) gives one reader an unchanging picture; it is copied to a file, and the import reads that")
  }

  /// Only the server knows, and not every one tells.
  private func encryption(_ facts: ServerFacts) -> Finding {
    if facts.odbc?.isLocal == true {
      return Finding("connection.encrypted", rule: "D19", .pass, about: subject, "it does not leave this machine")
    }
    let remedy =
      "ask for it in the location or the data source: SSLmode=verify-full (psqlODBC), Encrypt=yes (SQL Server)"
    switch facts.odbc?.isEncrypted {
    case true:
      return Finding(
        "connection.encrypted", rule: "D52", .warn, about: subject,
        "the server says that it is encrypted; ODBC does not tell whether the server was proven to be the right one",
        remedy: remedy)
    case false:
      return Finding(
        "connection.encrypted", rule: "D19", .block, about: subject, "the connection is not encrypted",
        remedy: remedy, waivable: true)
    default:
      return Finding(
        "connection.encrypted", rule: "D19", .warn, about: subject,
        "neither ODBC nor the server tells whether the connection is encrypted", remedy: remedy)
    }
  }

  /// What the copy does not take along.
  private func others() -> Finding {
    let drift = SchemaDrift(
      from: ReleaseSchema(identity.release, identity.type), to: catalogue, on: connection.engine)
    guard !drift.isFatal else {
      return Finding(
        "source.schema", rule: "D1", .block, about: subject, "a copy of it would lack something: \(drift)",
        remedy: "restore a backup of \(identity.release), or finish the upgrade that left it so")
    }
    guard !drift.isNone else {
      return Finding(
        "source.others", rule: "D16", .pass, about: subject,
        "it holds nothing but the tables of \(identity.release)")
    }
    return Finding(
      "source.others", rule: "D16", .warn, about: subject, "the backup does not take along: \(drift)",
      remedy: "back these up with the database's own tools, if anybody needs them")
  }
}

/// What a login may read of a source behind ODBC, found out by asking each table for all of its columns and no row.
struct ODBCSourceRights {
  let subject: String
  let connection: Connection

  /// Not within a transaction, which a refusal could end.
  func finding() throws -> Finding {
    let identity = try DatabaseIdentity.read(from: connection)
    let schema = ReleaseSchema(identity.release, identity.type)
    var refused: [String] = []
    for table in schema.tables {
      do {
        _ = try connection.first(
          "SELECT \(identifiers: table.columnNames) FROM \(identifier: table.name) WHERE 1 = 0", table.kinds
        ) { _ in }
      } catch let error as DatabaseError where error.code == .permission {
        refused.append(table.name)
      }
    }
    guard refused.isEmpty else {
      return Finding(
        "source.rights", rule: "D8", .block, about: subject,
        "the login may not read \(refused.joined(separator: ", ")), and the copy needs all of them",
        remedy: refused.map { "GRANT SELECT ON \($0) TO LOGIN;" }.joined(separator: " "))
    }
    return Finding(
      "source.rights", rule: "D8", .pass, about: subject,
      "all \(schema.tables.count) tables can be read, by a session that keeps nothing of what it writes")
  }
}
