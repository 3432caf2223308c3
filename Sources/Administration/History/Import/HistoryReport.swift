internal import Base
internal import Database
internal import Migration

/// The history's own chapters of a run's report.
struct HistoryReport {
  let plan: HistoryPlan
  let destination: HistoryDestination
  let backups: BackupPlace
  let context: StepContext

  func sections() throws -> [ReportSection] {
    var sections = [sources(), try backupSection()]
    if let principals = plan.principals { sections.append(try PrincipalReport.section(principals, context)) }
    if let kept = try KeptRows.read(context) { sections.append(self.kept(kept)) }
    if let path = destination.location.path, try !Files.exists(path) { return sections }
    let connection = try destination.openReadOnly()
    guard try connection.catalogue()["change_request"] != nil else { return sections }
    sections.append(try rows(connection))
    sections.append(try years(connection))
    return sections
  }

  private func sources() -> ReportSection {
    ReportSection(
      heading: "Sources",
      tables: [
        .init(
          columns: ["Source", "Kind", "Version", "Time range", "Rows read"],
          rows: plan.sources.map { source in
            [
              source.name, source.kind, source.version ?? "–", source.range.description,
              String(source.counts.values.reduce(0, +)),
            ]
          })
      ])
  }

  private func backupSection() throws -> ReportSection {
    let entries = try backups.entries().filter { entry in
      entry.file.contains(context.run.description.prefix(8))
    }
    return ReportSection(
      heading: "Backups",
      text: try context.journal.isTakenUp()
        ? "Each was restored once and compared. The run was begun elsewhere: what was backed up after it was taken up "
          + "here holds what was there by then."
        : "Each was restored once and compared before anything was written.",
      tables: [
        .init(
          columns: ["Of", "File", "Bytes", "Content digest"],
          rows: entries.map { [$0.subject, $0.file, String($0.bytes), $0.content] })
      ])
  }

  private func kept(_ kept: KeptRows) -> ReportSection {
    let shown = kept.rows.prefix(200)
    let rest = kept.rows.count - shown.count
    return ReportSection(
      heading: "Rows that stay",
      text: "\(kept)."
        + (rest > 0 ? " The first \(shown.count) are shown; \(KeptRows.path(context)) lists all." : ""),
      tables: [
        .init(
          columns: ["Table", "Key", "Key in the source"],
          rows: shown.map { [$0.table, $0.id.description, $0.key] })
      ])
  }

  private func rows(_ connection: Connection) throws -> ReportSection {
    var table: [[String]] = []
    for source in plan.sources {
      guard let text = try context.journal.note("import.\(source.name)"), let number = Int64(text) else { continue }
      for name in HistoryTables.all.reversed() {
        let count =
          try connection.integer(
            "SELECT count(*) FROM \(identifier: name) WHERE import_id = \(number)") ?? 0
        if count > 0 { table.append([source.name, name, String(count)]) }
      }
    }
    return ReportSection(
      heading: "Rows in the new history", tables: [.init(columns: ["Source", "Table", "Rows"], rows: table)])
  }

  private func years(_ connection: Connection) throws -> ReportSection {
    let year: SQL =
      connection.engine == .postgresql
      ? "cast(extract(year from requested_at at time zone 'UTC') as bigint)"
      : "cast(strftime('%Y', requested_at / 1000000, 'unixepoch') as integer)"
    var bars: [ReportSection.Chart.Bar] = []
    try connection.rows(
      "SELECT \(fragment: year), count(*) FROM change_request GROUP BY 1 ORDER BY 1", [.integer, .integer]
    ) { row in
      bars.append(.init(label: String(row.integer(0) ?? 0), value: Double(row.integer(1) ?? 0)))
    }
    return ReportSection(
      heading: "Requests by year", charts: [.init(title: "Requests by year", unit: "requests", bars: bars)])
  }
}
