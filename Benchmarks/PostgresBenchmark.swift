import Administration
import Base
import Database
import Migration
import Subprocess
import TestSupport

/// PostgreSQL to PostgreSQL, one version apart, beside pgcopydb on the same tables and indexes.
struct PostgresBenchmark {
  let requests: Int

  func run() async throws {
    let server = try PrivatePostgres(
      .init(
        isDurable: true,
        configuration: [
          "shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "30min", "max_connections": "50",
        ]))
    say("making a lab of \(requests) requests")
    let folder = try TestFolder(.own)
    let old = try await lab(.v8_1, server, folder)
    try server.createDatabase("new")
    say("importing")
    let ours = try await TimedImport.run(from: old, to: server.location(database: "new"))
    say("steps: \(ours.stepSeconds), verify \(ours.verifySeconds)")
    let rows = try count(server.location(database: "new"))
    say("\(rows) rows in \(ours.carrySeconds) s: \(Int(Double(rows) / ours.carrySeconds)) rows/s")
    let peer = try pgcopydb(server)
    say("pgcopydb: \(peer) s")
    try Measurement(
      work: "PostgreSQL to PostgreSQL, \(requests) requests, one version apart, bulk", unit: "× pgcopydb",
      ours: [ours.carrySeconds], peer: [peer], better: "lower", asked: 1.0, sense: "at least"
    ).tell()
    try Measurement(
      work: "verify", unit: "× the import's speed", ours: [ours.verifySeconds], peer: [ours.carrySeconds],
      better: "lower", asked: 1.5, sense: "at least"
    ).tell()
  }

  private func lab(_ release: Release, _ server: PrivatePostgres, _ folder: TestFolder) async throws -> String {
    let made = try await Lab.create(
      LabOptions(
        folder: folder.path + "/lab", release: release,
        store: .postgresql(try DatabaseLocation(server.location(database: "postgres")), options: .readWrite),
        history: requests)
    ) { _ in }
    _ = made
    return try server.execute(
      "SELECT datname FROM pg_database WHERE datname LIKE '%history%' AND datname LIKE 'lab%'", in: "postgres"
    )
    .split(separator: "\n").first.map { server.location(database: String($0)) } ?? ""
  }

  private func count(_ location: String) throws -> Int {
    let connection = try Connection.open(DatabaseLocation(location), options: .readOnly)
    return try [
      "change_request", "property_change", "request_section", "approval_task", "temporal_membership_task",
      "deprovisioning_task",
    ].reduce(0) {
      $0 + Int(try connection.integer("SELECT count(*) FROM \(identifier: $1)") ?? 0)
    }
  }

  /// Seconds of `pgcopydb clone` of the imported database, the best of its job settings.
  private func pgcopydb(_ server: PrivatePostgres) throws -> Double {
    var best = Double.infinity
    for jobs in ["2", "4"] {
      let name = try server.createDatabase("copy_\(jobs)")
      let clock = ContinuousClock()
      let start = clock.now
      let work = try TestFolder(.servers)
      let result = try Command(
        "pgcopydb",
        [
          "clone", "--source", server.connectionString(database: "new"), "--target",
          server.connectionString(database: name), "--table-jobs", jobs, "--index-jobs", jobs, "--dir",
          work.path + "/pgcopydb", "--no-owner", "--no-acl", "--no-comments",
        ]
      ).run(timeout: .seconds(1_200))
      try result.requireSuccess()
      let (whole, fraction) = start.duration(to: clock.now).components
      best = min(best, Double(whole) + Double(fraction) / 1e18)
    }
    return best
  }
}
