import Administration
import Base
import Database
import TestSupport

/// PostgreSQL to PostgreSQL: bulk beside pgcopydb, live beside a bare COPY, the heavy transform beside the light one,
/// what journal and digests cost, and verification.
struct PostgresBenchmark {
  private let sizes: Sizes
  private let server: BenchmarkServer

  /// Seconds, by round.
  private struct Times {
    var bulk: [ImportResult] = []
    var pgcopydb: [Pgcopydb.Jobs: [Double]] = [:]
    var live: [ImportResult] = []
    var bareCopy: [Int: [Double]] = [:]
    var bare: [ImportResult] = []
    var heavy: [ImportResult] = []
  }

  init(_ sizes: Sizes) throws {
    self.sizes = sizes
    server = try BenchmarkServer()
  }

  func run() async throws {
    let old = try await server.lab(.v8_1, requests: sizes.requests)
    let oldest = try await server.lab(.v7_5, requests: sizes.requests)
    var times = Times()
    for round in 1...sizes.rounds {
      say("round \(round) of \(sizes.rounds)")
      times.bulk.append(try order(old, "bulk").run())
      for setting in Pgcopydb.settings {
        times.pgcopydb[setting, default: []].append(try pgcopydb(setting))
      }
      times.bare.append(try order(old, "bare", .bare).run())
      times.live.append(try order(old, "live", mode: "live").run())
      for jobs in [1, 2] {
        times.bareCopy[jobs, default: []].append(try bareCopy(jobs))
      }
      times.heavy.append(try order(oldest, "heavy").run())
    }
    try tell(times, rows: server.rows("bulk"), heavyRows: server.rows("heavy"))
  }

  /// An import of a lab into a blank database.
  private func order(
    _ source: String, _ destination: String, _ kind: ImportOrder.Kind = .unsecured, mode: String = "bulk"
  ) throws -> ImportOrder {
    say("\(source) into \(destination)")
    return ImportOrder(
      kind: kind, source: server.server.location(database: source), destination: try server.blank(destination),
      mode: mode)
  }

  private func pgcopydb(_ jobs: Pgcopydb.Jobs) throws -> Double {
    _ = try server.blank("peer")
    let peer = Pgcopydb(server: server.server)
    let time = try seconds { try peer.clone("bulk", to: "peer", jobs) }
    try server.requireRows("peer", asMany: server.rows("bulk"))
    say("  pgcopydb, \(jobs.tables) jobs for tables, \(jobs.indexes) for indexes: \(tenths(time))")
    return time
  }

  private func bareCopy(_ jobs: Int) throws -> Double {
    _ = try server.blank("peer")
    let peer = BareCopy(server: server.server)
    let time = try seconds { try peer.run("bulk", to: "peer", jobs: jobs) }
    try server.requireRows("peer", asMany: server.rows("bulk"))
    say("  bare COPY, \(jobs) at a time: \(tenths(time))")
    return time
  }

  private func tell(_ times: Times, rows: Int, heavyRows: Int) throws {
    let size = "\(short(sizes.requests)) change records (\(short(rows)) rows)"
    let bulk = times.bulk.map(\.seconds)
    let catchUp = median(times.bulk.map { $0.of("catch-up") })
    if let (jobs, peer) = times.pgcopydb.min(by: { median($0.value) < median($1.value) }) {
      try Measurement(
        work: "PostgreSQL to PostgreSQL, \(size), one version apart, bulk", unit: "× pgcopydb", ours: bulk,
        peer: peer, better: "lower", asked: 1.0, sense: "at least",
        note: "pgcopydb with \(jobs.tables) table and \(jobs.indexes) index jobs, the best of "
          + "\(Pgcopydb.settings.count) settings; catching up with a living source takes \(tenths(catchUp)) more"
      ).tell()
    }
    if let (jobs, peer) = times.bareCopy.min(by: { median($0.value) < median($1.value) }) {
      try Measurement(
        work: "the same, live", unit: "× a bare COPY", ours: times.live.map(\.seconds), peer: peer, better: "lower",
        asked: 0.9, sense: "at least", note: "psql to psql, \(jobs) tables at a time, the better of 1 and 2"
      ).tell()
    }
    let heavy = times.heavy.map { Double(heavyRows) / $0.seconds }
    try Measurement(
      work: "7.5 to 8.2 (the heavy transform), \(short(heavyRows)) rows",
      unit: "× one version apart, per row written",
      ours: heavy, peer: bulk.map { Double(rows) / $0 }, better: "higher", asked: 0.6, sense: "at least",
      note: "rows/s"
    ).tell()
    let cost = zip(times.bulk, times.bare).map { ($0.carrying / $1.carrying - 1) * 100 }
    try Measurement(
      work: "journal, digests and batches on PostgreSQL", unit: "% over the same copy without them",
      measured: median(cost), asked: 15, sense: "at most",
      note:
        "\(tenths(median(times.bulk.map(\.carrying)))) against \(tenths(median(times.bare.map(\.carrying)))), rows alone"
    ).tell()
    try Measurement(
      work: "verify, PostgreSQL to PostgreSQL", unit: "× the import's speed", ours: times.bulk.map(\.verification),
      peer: bulk, better: "lower", asked: 1.5, sense: "at least"
    ).tell()
    let peak = (times.bulk + times.live + times.heavy).map(\.peakMemory).max() ?? 0
    try Measurement(
      work: "peak memory of these imports", unit: "MiB", measured: Double(peak >> 20), asked: 150, sense: "at most"
    ).tell()
  }
}
