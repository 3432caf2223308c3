import Base
import TestSupport
import Testing

@testable import Administration

/// Records as tests compare them: what the import's reader makes of a log, and what the verifier's reader does.
enum Readings {
  /// A record in one line: operation, state, object, class, who, account, host, then properties and sections.
  static func line(_ record: LogRecord) -> String {
    func text(_ bytes: [UInt8]?) -> String { bytes.map { String(decoding: $0, as: UTF8.self) } ?? "~" }
    var parts = [
      record.operation, record.failed ? "failed" : "completed", text(record.objectName), text(record.objectClass),
      text(record.initiator), text(record.account), text(record.host), record.zone,
      Timestamp(microseconds: record.at).description,
      record.completed.map { Timestamp(microseconds: $0).description } ?? "~",
      record.objectID?.description ?? "~", record.key.description,
    ]
    parts += record.properties.map { "\(text($0.name)): \(text($0.old)) → \(text($0.new))" }
    parts += record.sections.map { "[\($0.name)] \(text($0.outcome)) / \(text($0.message))" }
    return parts.joined(separator: " | ")
  }

  private static func record(_ captured: borrowing CapturedRecord) -> LogRecord {
    var record = LogRecord()
    record.key = captured.key
    record.at = captured.at.microseconds
    record.completed = captured.completed?.microseconds
    record.offset = Int64(captured.offsetMinutes * 60)
    record.zone = ZoneText.of(minutes: captured.offsetMinutes)
    record.operation = captured.operation.wording.newName
    record.failed = captured.state == .failed
    record.objectID = captured.objectID
    record.objectName = captured.objectName
    record.objectClass = captured.objectClass
    record.initiator = captured.initiator
    record.account = captured.account
    record.host = captured.host
    let items = captured.items
    let span = items.span
    var reader = RecordItems(span)
    while reader.next() {
      var fields: [[UInt8]?] = []
      for index in 0..<3 { fields.append(reader.isAbsent(index) ? nil : reader.field(index).array) }
      switch reader.kind {
      case .property: record.properties.append(.init(name: fields[0] ?? [], old: fields[1], new: fields[2]))
      case .section:
        let name = String(decoding: fields[0] ?? [], as: UTF8.self)
        record.sections.append(.init(name, outcome: fields[1], message: fields[2]))
      }
    }
    return record
  }

  /// What the import's reader makes of an LDIF file; `!` and the fault for what cannot be carried.
  static func imported(ldif path: String) throws -> (lines: [String], tally: CaptureTally) {
    var lines: [String] = []
    let tally = try AccesslogReading.read(path) { captured, _ in
      lines.append(captured.fault.map { "! \($0), \(LogPlace.text(captured.place))" } ?? line(record(captured)))
    }
    return (lines, tally)
  }

  /// What the verifier's reader makes of it.
  static func verified(ldif path: String) throws -> [String] {
    var lines: [String] = []
    var entries = try PlainEntries(path)
    while let entry = try entries.next() {
      if let record = AccesslogFacts.record(entry) { lines.append(line(record)) }
    }
    return lines
  }

  /// What the import's reader makes of audit logs.
  static func imported(audit paths: [String]) throws -> (lines: [String], tally: CaptureTally) {
    try imported(LogSegment.files(paths))
  }

  static func imported(bundle path: String) throws -> [String] { try imported(LogSegment.bundle(path)).lines }

  private static func imported(_ segments: [LogSegment]) throws -> (lines: [String], tally: CaptureTally) {
    var lines: [String] = []
    let tally = try AuditReading.read(segments) { item, captured, _ in
      guard case .record = item else { return }
      lines.append(captured.fault.map { "! \($0), \(LogPlace.text(captured.place))" } ?? line(record(captured)))
    }
    return (lines, tally)
  }

  /// What the verifier's reader makes of them, once they are bundled.
  static func verified(bundle path: String) throws -> [String] {
    var lines: [String] = []
    var texts = try PlainAuditLines(path)
    while let text = try texts.next() {
      if let value = PlainJSON.read(text), let record = AuditFacts.record(value, text, []) {
        lines.append(line(record))
      }
    }
    return lines
  }
}
