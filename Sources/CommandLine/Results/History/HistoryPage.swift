internal import Administration
internal import Base
internal import Migration

/// A history as one page that stands alone, in the style of the reports: no script, nothing loaded, every value inert.
final class HistoryPage: HistoryWriter {
  private let output: ResultOutput
  private var frame: PageFrame?
  private var number = 0

  init(output: ResultOutput) { self.output = output }

  func begin(_ heading: HistoryReading.Heading) throws {
    let subject = heading.subject
    let frame = PageFrame(
      title: "\(subject.kind == .user ? "Activity" : "History") of \(subject.name)",
      kind: subject.kind == .user ? "user activity" : "change history", heading: subject.name,
      meta: "\(heading.database) · read \(Human.instant(heading.readAt)) · locktender \(programVersion)",
      chapters: [.init(id: "coverage", title: "What it covers"), .init(id: "entries", title: "Entries")])
    self.frame = frame
    try write(frame.opening)
    try write(band(heading))
    try write(
      PageFrame.section(
        id: "about", title: "\(subject.kind == .user ? "The user" : "The object")", about(heading)))
    try write(PageFrame.section(id: "coverage", title: "What it covers", coverage(heading.coverage)))
    try write("<h2 id=\"entries\">Entries, newest first</h2>\n")
  }

  private func write(_ markup: Markup) throws { try output.write(markup.text) }

  // MARK: Heading

  private func band(_ heading: HistoryReading.Heading) -> Markup {
    let gaps = heading.coverage.gaps
    if gaps.isEmpty, !heading.coverage.notes.isEmpty {
      return PageFrame.band(
        .fair, id: "verdict", title: "Gaps are possible",
        "<p>None is known, but not everything that would tell of one could be read.</p>\n")
    }
    if gaps.isEmpty {
      return PageFrame.band(
        .good, id: "verdict", title: "No gap is known",
        "<p>Every import of the times asked for was brought to its end, and no row of them was rejected.</p>\n")
    }
    return PageFrame.band(
      .fair, id: "verdict", title: Human.count(gaps.count, "gap"),
      """
      <p>Of these times not everything is here: that nothing is listed does not mean that nothing was.</p>
      <ul class="short">\(gaps.map { "<li>\($0.words)</li>\n" as Markup })</ul>

      """)
  }

  private func about(_ heading: HistoryReading.Heading) -> Markup {
    let subject = heading.subject
    var pairs: [(name: String, value: Markup)] = []
    if let id = subject.id { pairs.append(("Id", "<code>\(id.description)</code>")) }
    for name in subject.names { pairs.append(("Name", "\(name.name)<br><small>\(name.span.words)</small>")) }
    let asked = TimeSpan(from: heading.asked.since, until: heading.asked.until).words
    pairs.append(
      ("Asked for", "\(asked)\(heading.asked.limit.map { ", \(Human.count($0)) at most" as Markup } ?? "")"))
    let notes = (subject.notes + heading.coverage.notes).map { "<p class=\"note\">\($0)</p>\n" as Markup }
    return "\(PageFrame.pairs(pairs))\(notes)"
  }

  private func coverage(_ coverage: HistoryCoverage) -> Markup {
    let table = PageTable(
      "Sources", [.init("Source"), .init("Covers", .prose)],
      coverage.lines.map { ["\($0.name)", "\($0.covers)"] })
    return "\(table.markup)<p class=\"note\">\(coverage.edges)</p>\n"
  }

  // MARK: Entries

  func add(_ entry: HistoryEntry) throws {
    number += 1
    let when = entry.at.map(Human.instant) ?? "no date"
    try write(
      PageFrame.section(
        id: "entry-\(number)", title: "\(when) · \(entry.title) \(badge(entry.outcome, tone(entry.outcome)))",
        "\(PageFrame.pairs(pairs(entry)))\(properties(entry))\(sections(entry))\(tasks(entry))\(originals(entry))"))
  }

  private func pairs(_ entry: HistoryEntry) -> [(name: String, value: Markup)] {
    var pairs: [(name: String, value: Markup)] = []
    func add(_ name: String, _ value: String?) {
      if let value, !value.isEmpty { pairs.append((name, "\(value)")) }
    }
    add("Clock there", entry.clock)
    add("Request", entry.requestWords)
    if entry.record == .request {
      add("Object", entry.object?.name)
      if entry.isByName { pairs.append(("Known by", "its name: the row has no id")) }
    }
    add("Asked for", entry.actors)
    add("Done", entry.completedAt.map(Human.instant))
    add("Reason", entry.reason)
    if let key = entry.key { pairs.append(("Key", "<code>\(key)</code>")) }
    add("From", entry.source.words)
    return pairs
  }

  private func tone(_ state: String) -> Tone {
    switch state {
    case "completed": .good
    case "failed", "rejected", "cancelled": .bad
    case "held", "open", "running", "pending", "awaiting-approval": .fair
    default: .plain
    }
  }

  private func properties(_ entry: HistoryEntry) -> Markup {
    if entry.properties.isEmpty { return Markup() }
    return PageTable(
      "Properties", [.init("Property"), .init("Before", .prose), .init("After", .prose)],
      entry.properties.map { ["\($0.name)", value($0.old), value($0.new)] }
    ).markup
  }

  /// Absent and empty values are told apart.
  private func value(_ value: String?) -> Markup {
    guard let value else { return "<span class=\"none\">none</span>" }
    return value.isEmpty ? "<span class=\"none\">empty</span>" : "\(value)"
  }

  private func sections(_ entry: HistoryEntry) -> Markup {
    if entry.sections.isEmpty { return Markup() }
    return PageTable(
      "Workflows and policies", [.init("Name"), .init("Kind"), .init("Outcome"), .init("Message", .prose)],
      entry.sections.map { ["\($0.name)", "\($0.kind)", value($0.outcome), value($0.message)] }
    ).markup
  }

  private func tasks(_ entry: HistoryEntry) -> Markup {
    if entry.tasks.isEmpty { return Markup() }
    return "<ul>\n\(entry.tasks.map { "<li>\($0.words)</li>\n" as Markup })</ul>\n"
  }

  private func originals(_ entry: HistoryEntry) -> Markup {
    if entry.originals.isEmpty { return Markup() }
    let rows = entry.originals.map { original -> [Markup] in
      // A page is for reading: of a megabyte the beginning will do, the other forms have it all.
      let shown = original.bytes.count > 400 ? original.bytes.prefix(400) + "…" : original.bytes[...]
      return ["\(original.field)", "\(original.ordinal)", "<code>\(String(shown))</code>"]
    }
    return """
      <details class="fold"><summary>Bytes that are shown readable</summary>
      \(PageTable("Old bytes, in hexadecimal", [.init("Field"), .init("Number", .number), .init("Bytes", .prose)], rows)
        .markup)</details>

      """
  }

  // MARK: End

  func end(_ closing: HistoryReading.Closing) throws {
    let more: Markup =
      closing.hasMore ? "<p class=\"note\">There are more than the limit that was given.</p>\n" : ""
    try write("<p>\(Human.count(closing.count, "entry", "entries"))</p>\n\(more)")
    if let frame { try write(frame.closing("<p>Made by locktender \(programVersion).</p>\n")) }
  }
}
