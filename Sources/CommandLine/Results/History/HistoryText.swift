internal import Administration
internal import Base

/// A history for people at a terminal.
final class HistoryText: HistoryWriter {
  /// How much of a value is shown where not all is asked for.
  private static let shownCharacters = 200

  private let output: ResultOutput
  private let style: Style
  private let width: Int
  private let isWhole: Bool

  /// - Parameters:
  ///   - width: columns of the terminal.
  ///   - isWhole: long values are shown to their ends.
  init(output: ResultOutput, style: Style, width: Int, isWhole: Bool) {
    self.output = output
    self.style = style
    self.width = width
    self.isWhole = isWhole
  }

  func begin(_ heading: HistoryReading.Heading) throws {
    let subject = heading.subject
    try output.line(style.paint(broken(subject.name, to: width).joined(separator: "\n"), .bold))
    var rows: [[String]] = []
    if let id = subject.id { rows.append(["id", id.description]) }
    if subject.names.count > 1 {
      for name in subject.names { rows.append(["called", "\(name.name)\n\(name.span.words)"]) }
    }
    rows.append(["read", "\(heading.database), \(Human.instant(heading.readAt))"])
    if heading.asked.span != "all times" { rows.append(["asked for", heading.asked.span]) }
    for line in heading.coverage.lines { rows.append(["covers", "\(line.name): \(line.covers)"]) }
    rows.append(["", heading.coverage.edges])
    try write(rows)
    for gap in heading.coverage.gaps { try sign(style.warnSign, "gap: " + gap.words) }
    for note in heading.coverage.notes + subject.notes { try sign(style.warnSign, note) }
  }

  private func sign(_ sign: String, _ text: String) throws {
    for (index, line) in broken(text, to: width - 2).enumerated() {
      try output.line((index == 0 ? sign : " ") + " " + line)
    }
  }

  func add(_ entry: HistoryEntry) throws {
    let when = entry.at.map(Human.instant) ?? "no date"
    try output.line()
    try output.line("\(style.paint(when, .bold))  \(printable(entry.title))  \(painted(entry.outcome))")
    var rows: [[String]] = []
    if !entry.clock.isEmpty { rows.append(["there", entry.clock]) }
    if let words = entry.requestWords {
      rows.append(["request", words])
    } else if let object = entry.object {
      rows.append(["object", object.name + (entry.isByName ? "\ntold by its name: the row has no id" : "")])
    }
    if !entry.actors.isEmpty { rows.append(["asked", entry.actors]) }
    if let completed = entry.completedAt { rows.append(["done", Human.instant(completed)]) }
    if let reason = entry.reason { rows.append(["reason", cut(reason)]) }
    if let key = entry.key { rows.append(["key", key]) }
    rows.append(["from", entry.source.words])
    if let words = entry.originalsWords { rows.append(["bytes", words]) }
    try write(rows)
    try write(
      entry.properties.map { property in
        [property.name, value(property.old), style.arrow, value(property.new)]
      }, indentedBy: 4)
    try write(
      entry.sections.map { section in
        [section.kind, section.name, section.outcome ?? "no outcome", section.message.map(cut) ?? ""]
      }, indentedBy: 4)
    for task in entry.tasks {
      for (index, line) in broken(cut(task.words), to: width - 6).enumerated() {
        try output.line((index == 0 ? "    " : "      ") + line)
      }
    }
  }

  func end(_ closing: HistoryReading.Closing) throws {
    try output.line()
    try output.line(
      Human.count(closing.count, "entry", "entries")
        + (closing.hasMore ? ", and there are more: give a higher --limit, or --until" : ""))
  }

  private func write(_ rows: [[String]], indentedBy indent: Int = 2) throws {
    for line in WrappedTable(rows).lines(width: width - indent) {
      try output.line(String(repeating: " ", count: indent) + line)
    }
  }

  private func painted(_ state: String) -> String {
    switch state {
    case "completed": style.paint(state, .green)
    case "failed", "rejected", "cancelled": style.paint(state, .red)
    default: style.paint(printable(state), .yellow)
    }
  }

  /// Absent and empty values are told apart.
  private func value(_ value: String?) -> String {
    guard let value else { return "(none)" }
    return value.isEmpty ? "(empty)" : cut(value)
  }

  private func cut(_ text: String) -> String {
    guard !isWhole, text.unicodeScalars.count > HistoryText.shownCharacters else { return text }
    let head = String(String.UnicodeScalarView(text.unicodeScalars.prefix(HistoryText.shownCharacters)))
    return "\(head)\(style.ellipsis) (\(Human.bytes(text.utf8.count)) in all; --verbose shows them)"
  }
}

extension HistoryFilter {
  /// The times that were asked for.
  fileprivate var span: String { TimeSpan(from: since, until: until).words }
}
