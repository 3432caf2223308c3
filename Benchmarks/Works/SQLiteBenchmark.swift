import Administration
import Base
import Database
import TestSupport

/// From SQLite, to PostgreSQL beside pgloader and a bare loop, and to SQLite beside `INSERT … SELECT`.
struct SQLiteBenchmark {
  private let sizes: Sizes
  private let server: BenchmarkServer
  private let folder: TestFolder

  /// Seconds, by round.
  private struct Times {
    var toSQLite: [ImportResult] = []
    var bare: [ImportResult] = []
    var insertSelect: [Double] = []
    var toPostgres: [ImportResult] = []
    var pgloader: [Double] = []
    var loop: [Double] = []
  }

  init(_ sizes: Sizes) throws {
    self.sizes = sizes
    server = try BenchmarkServer()
    folder = try TestFolder(.own)
  }

  private var new: String { folder / "new.db" }

  func run() async throws {
    say("making a history of 8.1 with \(short(sizes.requests)) requests on SQLite")
    _ = try await Lab.create(
      LabOptions(folder: folder / "lab", release: .v8_1, store: .sqlite, history: sizes.requests)
    ) { _ in }
    var times = Times()
    for round in 1...sizes.rounds {
      say("round \(round) of \(sizes.rounds)")
      times.bare.append(try order(.bare).run())
      times.toSQLite.append(try order(.unsecured).run())
      times.insertSelect.append(
        try timed("INSERT … SELECT") {
          try InsertSelect().run(new, to: blankFile("copy.db"))
        })
      let imported = try server.blank("new")
      times.toPostgres.append(
        try ImportOrder(kind: .unsecured, source: source, destination: imported).run())
      _ = try server.blank("peer")
      if let time = pgloader() { times.pgloader.append(time) }
      let peer = try server.blank("peer")
      times.loop.append(
        try timed("a bare loop") { try ReadAndCopy(source: "sqlite:\(new)", destination: peer).run() })
    }
    try tell(times, rows: historyRows(.sqlite(path: new)))
  }

  private var source: String { "sqlite:\(folder / "lab/history.db")" }

  private func order(_ kind: ImportOrder.Kind) throws -> ImportOrder {
    ImportOrder(kind: kind, source: source, destination: "sqlite:\(try blankFile("new.db"))")
  }

  /// The path of a file that is not there, and a disk that has nothing left to write.
  private func blankFile(_ name: String) throws -> String {
    for ending in ["", "-wal", "-shm", ".locktender-lock"] {
      removeFile(folder / (name + ending))
    }
    writeEverythingOut()
    return folder / name
  }

  /// nil where it did not bring all rows: it may run out of memory, and that says something, too.
  private func pgloader() -> Double? {
    do {
      let time = try timed("pgloader") { try Pgloader(server: server.server).load(new, to: "peer") }
      try server.requireRows("peer", asMany: historyRows(.sqlite(path: new)))
      return time
    } catch {
      say("  pgloader: \(error)")
      return nil
    }
  }

  private func timed(_ name: String, _ body: () throws -> Void) throws -> Double {
    let time = try seconds(of: body)
    say("  \(name): \(tenths(time))")
    return time
  }

  private func tell(_ times: Times, rows: Int) throws {
    let size = "\(short(sizes.requests)) change records (\(short(rows)) rows)"
    let toPostgres = times.toPostgres.map(\.seconds)
    if times.pgloader.isEmpty {
      try Measurement(
        work: "SQLite to PostgreSQL, \(size)", unit: "s", measured: median(toPostgres),
        note: "no comparison: pgloader did not bring all rows"
      ).tell()
    } else {
      try Measurement(
        work: "SQLite to PostgreSQL, \(size)", unit: "× pgloader", ours: toPostgres, peer: times.pgloader,
        better: "lower", asked: 4, sense: "at least",
        note: "both make the same keys, indexes and statistics, which take ours "
          + tenths(median(times.toPostgres.map { $0.of("keys", "settle") }))
      ).tell()
    }
    try Measurement(
      work: "the same", unit: "× a bare read-and-COPY loop", ours: toPostgres, peer: times.loop, better: "lower",
      asked: 0.85, sense: "at least"
    ).tell()
    try Measurement(
      work: "SQLite to SQLite, \(size), bulk", unit: "× INSERT … SELECT over ATTACH",
      ours: times.toSQLite.map(\.seconds), peer: times.insertSelect, better: "lower", asked: 0.5, sense: "at least"
    ).tell()
    let cost = zip(times.toSQLite, times.bare).map { ($0.carrying / $1.carrying - 1) * 100 }
    try Measurement(
      work: "journal, digests and batches on SQLite", unit: "% over the same copy without them",
      measured: median(cost),
      note:
        "\(tenths(median(times.toSQLite.map(\.carrying)))) against \(tenths(median(times.bare.map(\.carrying)))), rows alone"
    ).tell()
    for (name, results) in [("SQLite to PostgreSQL", times.toPostgres), ("SQLite to SQLite", times.toSQLite)] {
      try Measurement(
        work: "verify, \(name)", unit: "× the import's speed", ours: results.map(\.verification),
        peer: results.map(\.seconds), better: "lower", asked: 1.5, sense: "at least"
      ).tell()
    }
    let peak = (times.toPostgres + times.toSQLite).map(\.peakMemory).max() ?? 0
    try Measurement(
      work: "peak memory of these imports", unit: "MiB", measured: Double(peak >> 20), asked: 150, sense: "at most"
    ).tell()
  }
}
