internal import Base
internal import Database

/// Finds out what a history covers, from its own tables and from the checkpoints of the imports.
struct CoverageReader {
  let connection: Connection
  /// When the database was made.
  let created: Timestamp

  private struct Import {
    let source: Int64
    let run: UniqueID
    let span: TimeSpan
    let state: String
    let started: Timestamp
  }

  func read(within asked: TimeSpan) throws -> HistoryCoverage {
    let imports = try imports()
    let rejected = try CarriedCounts(connection)
    let known = try self.sources()
    let names = Dictionary(known.map { ($0.number, $0.name) }, uniquingKeysWith: { first, _ in first })
    var sources: [HistoryCoverage.Source] = []
    var gaps: [HistoryCoverage.Gap] = []
    var notes: [String] = []
    for known in known {
      let own = imports.filter { $0.source == known.number }
      let complete = own.filter { $0.state == "complete" }
      let covered = CoverageReader.merged(complete.map(\.span))
      sources.append(
        HistoryCoverage.Source(
          name: known.name, kind: known.kind, version: known.version, identity: known.identity, covered: covered,
          copiedBefore: complete.filter { $0.span.until == nil }.map(\.started).max()))
      gaps += CoverageReader.gaps(of: known.name, own.map { ($0.run, $0.span, $0.state) }, covered: covered)
      if own.contains(where: { $0.state == "repairs" }) {
        notes.append("rows of \(known.name) that had been rejected were repaired and brought by a later import")
      }
      if let rejected {
        gaps += CoverageReader.missing(of: known.name, own) { run in
          let names = Set(imports.filter { $0.run == run }.compactMap { names[$0.source] })
          return rejected.counts(of: known.name, in: run, among: names)
        }
      }
    }
    if sources.isEmpty {
      gaps.append(
        .init(
          source: "older services", span: TimeSpan(until: created), reason: .notImported, rows: nil, run: nil))
    }
    let within = gaps.compactMap { gap in
      gap.span.intersection(asked).map {
        HistoryCoverage.Gap(source: gap.source, span: $0, reason: gap.reason, rows: gap.rows, run: gap.run)
      }
    }
    if rejected == nil {
      notes.append("whether rows were rejected is not known: the checkpoints of the imports cannot be read here")
    }
    return HistoryCoverage(
      ownSince: created, sources: sources, gaps: within.sorted(by: CoverageReader.isNewer), first: try edge("ASC"),
      last: try edge("DESC"), notes: notes)
  }

  // MARK: Spans

  /// What is missing of a source between, before and behind what complete imports have brought.
  static func gaps(
    of source: String, _ imports: [(run: UniqueID, span: TimeSpan, state: String)], covered: [TimeSpan]
  ) -> [HistoryCoverage.Gap] {
    var missing: [TimeSpan] = [TimeSpan()]
    for span in covered { missing = missing.flatMap { $0.subtracting(span) } }
    var gaps: [HistoryCoverage.Gap] = []
    // One that was taken back has left nothing, or a few rows that were used since; one of repaired rows has no span.
    for one in imports where one.state == "running" || one.state == "unverified" {
      for piece in missing {
        guard let part = piece.intersection(one.span) else { continue }
        gaps.append(.init(source: source, span: part, reason: .unfinished, rows: nil, run: one.run))
      }
      missing = missing.flatMap { $0.subtracting(one.span) }
    }
    let onlyTasks = !imports.isEmpty && imports.allSatisfy { $0.state == "tasks-only" }
    for piece in missing {
      gaps.append(
        .init(source: source, span: piece, reason: onlyTasks ? .tasksOnly : .notImported, rows: nil, run: nil))
    }
    return gaps
  }

  /// Rows that imports of a source could not carry, less those that came later, repaired.
  private static func missing(
    of source: String, _ imports: [Import], counts: (UniqueID) -> (carried: Int, rejected: Int)
  ) -> [HistoryCoverage.Gap] {
    var spans: [UniqueID: TimeSpan] = [:]
    var order: [UniqueID] = []
    var repaired = 0
    for one in imports {
      if one.state == "repairs" {
        repaired += counts(one.run).carried
      } else if let span = spans[one.run] {
        spans[one.run] = span.hull(one.span)
      } else {
        spans[one.run] = one.span
        order.append(one.run)
      }
    }
    return order.compactMap { run in
      let rejected = counts(run).rejected
      let rows = max(0, rejected - repaired)
      repaired = max(0, repaired - rejected)
      return rows == 0
        ? nil : .init(source: source, span: spans[run] ?? TimeSpan(), reason: .rejected, rows: rows, run: run)
    }
  }

  /// The same times as spans that neither overlap nor touch, ascending.
  static func merged(_ spans: [TimeSpan]) -> [TimeSpan] {
    var merged: [TimeSpan] = []
    for span in spans.sorted(by: { ($0.from?.microseconds ?? .min) < ($1.from?.microseconds ?? .min) }) {
      guard let last = merged.last, last.reaches(span) else {
        merged.append(span)
        continue
      }
      merged[merged.count - 1] = last.hull(span)
    }
    return merged
  }

  private static func isNewer(_ left: HistoryCoverage.Gap, _ right: HistoryCoverage.Gap) -> Bool {
    func end(_ gap: HistoryCoverage.Gap) -> Int64 { gap.span.until?.microseconds ?? .max }
    return end(left) != end(right) ? end(left) > end(right) : left.source < right.source
  }

  // MARK: Tables

  private func sources() throws -> [(number: Int64, name: String, kind: String, version: String?, identity: String)]
  {
    var found: [(number: Int64, name: String, kind: String, version: String?, identity: String)] = []
    try connection.rows(
      "SELECT id, name, kind, version, identity FROM history_source ORDER BY id",
      [.integer, .text, .text, .text, .text]
    ) { row in
      found.append(
        (row.integer(0) ?? 0, row.string(1) ?? "", row.string(2) ?? "", row.string(3), row.string(4) ?? ""))
    }
    return found
  }

  private func imports() throws -> [Import] {
    var imports: [Import] = []
    try connection.rows(
      "SELECT source_id, run_id, range_from, range_until, state, started_at FROM history_import ORDER BY id",
      [.integer, .uuid, .timestamp, .timestamp, .text, .timestamp]
    ) { row in
      imports.append(
        Import(
          source: row.integer(0) ?? 0, run: row.uuid(1) ?? UniqueID(high: 0, low: 0),
          span: TimeSpan(from: row.timestamp(2), until: row.timestamp(3)), state: row.string(4) ?? "",
          started: row.timestamp(5) ?? created))
    }
    return imports
  }

  /// The first or the last request by its key, which begins with its time.
  private func edge(_ order: String) throws -> Timestamp? {
    guard
      let (key, time) = try connection.first(
        "SELECT id, requested_at FROM change_request ORDER BY id \(unsafeSQL: order) LIMIT 1", [.uuid, .timestamp],
        { row in (row.uuid(0), row.timestamp(1)) })
    else { return nil }
    guard let key, key.milliseconds == 0 else { return time }
    // Times before 1970 all have the same beginning.
    let bound = UniqueID(milliseconds: 1, hashHigh: 0, hashLow: 0)
    let aggregate = order == "ASC" ? "min" : "max"
    return try connection.first(
      "SELECT \(unsafeSQL: aggregate)(requested_at) FROM change_request WHERE id < \(bound)", [.timestamp]
    ) { $0.timestamp(0) } ?? time
  }
}

extension TimeSpan {
  /// Whether another span, which begins no earlier, overlaps or touches this one.
  fileprivate func reaches(_ later: TimeSpan) -> Bool {
    guard let until, let from = later.from else { return true }
    return from <= until
  }

  /// The smallest span that holds both.
  func hull(_ other: TimeSpan) -> TimeSpan {
    let from = self.from.flatMap { own in other.from.map { min(own, $0) } }
    let until = self.until.flatMap { own in other.until.map { max(own, $0) } }
    return TimeSpan(from: from, until: until)
  }

  /// What is left once another span is taken out.
  func subtracting(_ other: TimeSpan) -> [TimeSpan] {
    var pieces: [TimeSpan] = []
    if let start = other.from, let piece = intersection(TimeSpan(until: start)) { pieces.append(piece) }
    if let end = other.until, let piece = intersection(TimeSpan(from: end)) { pieces.append(piece) }
    return pieces
  }
}
