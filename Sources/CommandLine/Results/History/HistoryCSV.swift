internal import Administration
internal import Base

/// A history as comma-separated values: a row for each request or task, then one for each thing that hangs on it, with
/// the request's columns repeated so that rows can be filtered and sorted (docs/formats/history.md).
final class HistoryCSV: HistoryWriter {
  static let columns = [
    "record", "at", "until", "local", "zone", "ambiguous", "completed", "operation", "state", "object", "object_id",
    "object_class", "by_name", "initiator", "account_used", "host", "reason", "source", "source_kind",
    "source_version", "import", "source_key", "id", "request_id", "kind", "name", "change", "old_value",
    "new_value",
    "outcome", "message", "due",
  ]

  private let output: ResultOutput

  init(output: ResultOutput) { self.output = output }

  private func row(_ record: String, _ entry: [String: String?], _ own: [String: String?] = [:]) throws {
    var values = entry
    for (name, value) in own { values[name] = value }
    values["record"] = record
    try output.write(CSVRow(HistoryCSV.columns.map { values[$0] ?? nil }).text)
  }

  func begin(_ heading: HistoryReading.Heading) throws {
    try output.write(CSVRow(HistoryCSV.columns).text)
    for name in heading.subject.names {
      try row("name", span(name.span), ["object": name.name, "object_id": heading.subject.id?.description])
    }
    for note in heading.subject.notes + heading.coverage.notes { try row("note", [:], ["message": note]) }
    for source in heading.coverage.sources {
      for covered in source.covered {
        try row(
          "coverage", span(covered),
          ["source": source.name, "source_kind": source.kind, "source_version": source.version])
      }
    }
    try row(
      "coverage", ["at": heading.coverage.ownSince.description, "source": "this service", "source_kind": "service"])
    for gap in heading.coverage.gaps {
      try row("gap", span(gap.span), ["source": gap.source, "kind": gap.reason.rawValue, "message": gap.words])
    }
  }

  private func span(_ span: TimeSpan) -> [String: String?] {
    ["at": span.from?.description, "until": span.until?.description]
  }

  func add(_ entry: HistoryEntry) throws {
    let common: [String: String?] = [
      "at": entry.at?.description, "local": entry.local, "zone": entry.zone,
      "ambiguous": entry.isAmbiguous ? "yes" : "no", "completed": entry.completedAt?.description,
      "operation": entry.operation, "state": entry.state, "object": entry.object?.name,
      "object_id": entry.object?.id?.description, "object_class": entry.object?.objectClass,
      "by_name": entry.isByName ? "yes" : "no", "initiator": entry.initiator, "account_used": entry.accountUsed,
      "host": entry.host, "source": entry.source.name ?? (entry.source.importID == 0 ? "this service" : nil),
      "source_kind": entry.source.kind, "source_version": entry.source.version,
      "import": String(entry.source.importID), "source_key": entry.source.key, "id": entry.id.description,
      "request_id": (entry.record == .request ? entry.id : entry.request)?.description,
    ]
    if entry.record == .request { try row("request", common, ["reason": entry.reason]) }
    for property in entry.properties {
      try row(
        "property", common,
        [
          "name": property.name, "change": property.change, "old_value": property.old, "new_value": property.new,
        ])
    }
    for section in entry.sections {
      try row(
        "section", common,
        ["kind": section.kind, "name": section.name, "outcome": section.outcome, "message": section.message])
    }
    for task in entry.tasks {
      try row(
        "task", common,
        [
          "id": task.id.description, "kind": task.kind, "name": task.party, "outcome": task.state,
          "change": task.decision, "old_value": task.stateBefore, "new_value": task.subject,
          "message": task.comment ?? (task.actions.isEmpty ? nil : task.actions.joined(separator: "\n")),
          "due": task.dueAt?.description,
        ])
    }
    for original in entry.originals {
      try row(
        "original", common, ["id": original.row.description, "name": original.field, "old_value": original.bytes])
    }
  }

  func end(_ closing: HistoryReading.Closing) throws {
    if closing.hasMore { try row("note", [:], ["message": "there are more entries than the limit"]) }
  }
}
