internal import Base
internal import Database
internal import Migration
internal import Transfer

/// The tables that a run has made in a blank database, and whether they may go again with it.
struct MadeTables {
  let plan: HistoryPlan
  let run: UniqueID

  private static let schema = ReleaseSchema(.newest, .history)

  /// Why they must stay; nil where the run made them and nobody has written to them since.
  ///
  /// The run's own rows must have been removed before.
  func reasonToKeep(on connection: Connection) throws -> String? {
    guard plan.createsTables else { return "they were there before the run" }
    if let holder = try DestinationClaim.holder(on: connection), holder.run != run.description {
      return "run \(holder.run) has taken the database"
    }
    let catalogue = try connection.catalogue()
    let own = MadeTables.schema.tables.map(\.name)
    let others = catalogue.tables.map(\.name.name).filter { !own.contains($0) && !$0.hasPrefix("locktender_") }
    if let other = (others + catalogue.objects.map(\.name)).first { return "\(other) has come beside them" }
    if try LedgerTables.areUsed(besides: run, on: connection) { return "another run has worked on them" }
    guard catalogue["product_info"] != nil else { return nil }
    // The database's identity is the number of the run that made it.
    guard try fact("database_id", on: connection) == run.description else { return "another run has made them" }
    let paired = plan.pairedConfiguration ?? UniqueID(high: 0, low: 0)
    guard try fact("paired_configuration", on: connection) == paired.description else {
      return "a service has been paired with them"
    }
    for table in own where table != "product_info" {
      let rows = try connection.integer("SELECT count(*) FROM \(identifier: table)") ?? 0
      if rows > 0 { return "\(table) holds \(rows) rows that somebody has used or written since" }
    }
    return try foreignGrant(on: connection).map { "\($0) has been given rights on them since" }
  }

  /// To whom somebody has given rights since the run made the tables: whoever does that means to use them.
  private func foreignGrant(on connection: Connection) throws -> String? {
    guard connection.engine == .postgresql else { return nil }
    // Rights that every new table gets say nothing of these.
    return try connection.text(
      """
      SELECT (CASE a.grantee WHEN 0 THEN 'everybody' ELSE pg_get_userbyid(a.grantee)::text END)
      FROM pg_class c, aclexplode(c.relacl) a
      WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) AND a.grantee <> c.relowner
        AND c.relname IN \(list: MadeTables.schema.tables.map(\.name))
        AND NOT EXISTS (SELECT FROM pg_default_acl d, aclexplode(d.defaclacl) e
          WHERE d.defaclobjtype = 'r' AND e.grantee = a.grantee)
      ORDER BY 1 LIMIT 1
      """)
  }

  private func fact(_ name: String, on connection: Connection) throws -> String? {
    try connection.text("SELECT value FROM product_info WHERE name = \(name)")
  }

  /// Drops them, with the ledger and the mark on the database.
  func drop(on connection: Connection) throws {
    for table in MadeTables.schema.tables.reversed() {
      try connection.execute("DROP TABLE IF EXISTS \(identifier: table.name)")
    }
    try DestinationClaim.drop(on: connection)
    try LedgerTables.drop(on: connection)
  }
}
