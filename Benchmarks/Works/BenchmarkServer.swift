import Administration
import Base
import Database
import TestSupport

/// The server of a benchmark: the same for both sides, durable, sized like a small real one.
struct BenchmarkServer {
  let server: PrivatePostgres

  init() throws {
    server = try PrivatePostgres(
      .init(
        isDurable: true,
        configuration: [
          "shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min", "max_connections": "50",
          "autovacuum_naptime": "1min",
        ]))
  }

  /// Makes a history of a release, and tells its database.
  func lab(_ release: Release, requests: Int) async throws -> String {
    say("making a history of \(release) with \(short(requests)) requests on PostgreSQL")
    let folder = try TestFolder(.own)
    _ = try await Lab.create(
      LabOptions(
        folder: folder / "lab", release: release,
        store: .postgresql(
          try DatabaseLocation(server.location(database: "postgres")), options: .readWrite),
        history: requests, isUndivided: false)
    ) { _ in }
    let version = "\(release.rawValue / 100)_\(release.rawValue % 100)"
    let name = "lab_\(version)_history"
    // Fresh rows are marked by whoever reads them first, and autovacuum would do so during the first measurement.
    try server.execute("VACUUM (FREEZE, ANALYZE)", in: name)
    return name
  }

  /// An empty database of that name, and a server that has nothing left to write.
  func blank(_ name: String) throws -> String {
    try server.execute("DROP DATABASE IF EXISTS \"\(name)\"", in: "postgres")
    try server.createDatabase(name)
    try settle()
    return server.location(database: name)
  }

  /// Writes everything out, so that the work of one measurement does not fall into the next.
  func settle() throws { try server.execute("CHECKPOINT", in: "postgres") }

  /// Rows of an 8.2 history.
  func rows(_ database: String) throws -> Int {
    try historyRows(DatabaseLocation(server.location(database: database)))
  }

  /// Makes sure that a peer has brought all rows: some pass over their errors.
  func requireRows(_ database: String, asMany rows: Int) throws {
    let found = try self.rows(database)
    if found != rows { throw ShortPeer(database: database, rows: found, expected: rows) }
  }
}

/// A peer that lost rows is no measure.
struct ShortPeer: Error {
  let database: String
  let rows: Int
  let expected: Int
}

/// Rows of the large tables of an 8.2 history.
func historyRows(_ location: DatabaseLocation) throws -> Int {
  let connection = try Connection.open(location, options: .readOnly)
  return try ReleaseSchema(.newest, .history).tables.map(\.name)
    .filter { !["product_info", "history_source", "history_import"].contains($0) }
    .reduce(0) { try $0 + Int(connection.integer("SELECT count(*) FROM \(identifier: $1)") ?? 0) }
}
