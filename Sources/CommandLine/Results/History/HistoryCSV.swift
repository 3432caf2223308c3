internal import Administration
internal import Base

/// A history as comma-separated values: a row for each request or task, then one for each thing that hangs on it, with
/// the request's columns repeated so that rows can be filtered and sorted (docs/formats/history.md).
final class HistoryCSV: HistoryWriter {
  enum Column: Int, CaseIterable {
    case record, at, until, local, zone, ambiguous, completed, operation, state, object, objectId, objectClass,
      byName,
      initiator, accountUsed, host, reason, source, sourceKind, sourceVersion, `import`, sourceKey, id, requestId,
      kind,
      name, change, oldValue, newValue, outcome, message, due

    /// `object_id`
    var title: String {
      "\(self)".reduce(into: "") { title, letter in
        title += letter.isUppercase ? "_\(letter.lowercased())" : "\(letter)"
      }
    }
  }

  private typealias Values = [(column: Column, value: String?)]

  private let output: ResultOutput

  init(output: ResultOutput) { self.output = output }

  private func row(_ record: String, _ entry: [String?], _ own: Values = []) throws {
    var fields = entry
    fields[Column.record.rawValue] = record
    for (column, value) in own { fields[column.rawValue] = value }
    try output.write(CSVRow(fields).text)
  }

  private func fields(_ values: Values) -> [String?] {
    var fields = [String?](repeating: nil, count: Column.allCases.count)
    for (column, value) in values { fields[column.rawValue] = value }
    return fields
  }

  func begin(_ heading: HistoryReading.Heading) throws {
    try output.write(CSVRow(Column.allCases.map(\.title)).text)
    for name in heading.subject.names {
      try row("name", span(name.span), [(.object, name.name), (.objectId, heading.subject.id?.description)])
    }
    for note in heading.subject.notes + heading.coverage.notes { try row("note", fields([]), [(.message, note)]) }
    for source in heading.coverage.sources {
      for covered in source.covered {
        try row(
          "coverage", span(covered),
          [(.source, source.name), (.sourceKind, source.kind), (.sourceVersion, source.version)])
      }
    }
    try row(
      "coverage", span(TimeSpan(from: heading.coverage.ownSince)),
      [(.source, "this service"), (.sourceKind, "service")])
    for gap in heading.coverage.gaps {
      try row("gap", span(gap.span), [(.source, gap.source), (.kind, gap.reason.rawValue), (.message, gap.words)])
    }
  }

  private func span(_ span: TimeSpan) -> [String?] {
    fields([(.at, span.from?.description), (.until, span.until?.description)])
  }

  func add(_ entry: HistoryEntry) throws {
    let common = fields([
      (.at, entry.at?.description), (.local, entry.local), (.zone, entry.zone),
      (.ambiguous, entry.isAmbiguous ? "yes" : "no"), (.completed, entry.completedAt?.description),
      (.operation, entry.operation), (.state, entry.state), (.object, entry.object?.name),
      (.objectId, entry.object?.id?.description), (.objectClass, entry.object?.objectClass),
      (.byName, entry.isByName ? "yes" : "no"), (.initiator, entry.initiator), (.accountUsed, entry.accountUsed),
      (.host, entry.host), (.source, entry.source.name ?? (entry.source.importID == 0 ? "this service" : nil)),
      (.sourceKind, entry.source.kind), (.sourceVersion, entry.source.version),
      (.import, String(entry.source.importID)), (.sourceKey, entry.source.key), (.id, entry.id.description),
      (.requestId, (entry.record == .request ? entry.id : entry.request)?.description),
    ])
    if entry.record == .request { try row("request", common, [(.reason, entry.reason)]) }
    for property in entry.properties {
      try row(
        "property", common,
        [
          (.name, property.name), (.change, property.change), (.oldValue, property.old), (.newValue, property.new),
        ])
    }
    for section in entry.sections {
      try row(
        "section", common,
        [(.kind, section.kind), (.name, section.name), (.outcome, section.outcome), (.message, section.message)])
    }
    for task in entry.tasks {
      try row(
        "task", common,
        [
          (.id, task.id.description), (.kind, task.kind), (.name, task.party), (.outcome, task.state),
          (.change, task.decision), (.oldValue, task.stateBefore), (.newValue, task.subject),
          (.message, task.comment ?? (task.actions.isEmpty ? nil : task.actions.joined(separator: "\n"))),
          (.due, task.dueAt?.description),
        ])
    }
    for original in entry.originals {
      try row(
        "original", common, [(.id, original.row.description), (.name, original.field), (.oldValue, original.bytes)])
    }
  }

  func end(_ closing: HistoryReading.Closing) throws {
    if closing.hasMore { try row("note", fields([]), [(.message, "there are more entries than the limit")]) }
  }
}
