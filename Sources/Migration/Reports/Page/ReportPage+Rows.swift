internal import Base

extension ReportPage {
  /// From where to where.
  var moved: Chapter? {
    let asked = report.request.choices.sorted { $0.key < $1.key }
    let inputs = PageTable(
      "Where from and where to", [.init("What"), .init("Where", .prose), .init("Identity"), .init("Shape")],
      report.inputs.map {
        ["\($0.name)", "\($0.location)", shortened($0.identity), shortened($0.fingerprint)]
      })
    let choices: Markup =
      asked.isEmpty
      ? Markup()
      : """
      <h3>What was asked for</h3>
      <dl class="pairs">
      \(asked.map { "<div><dt>\($0.key)</dt><dd>\($0.value.joined(separator: ", "))</dd></div>\n" as Markup })</dl>

      """
    return Chapter(
      id: "moved", title: "What was moved",
      body: """
        \(report.inputs.isEmpty ? Markup() : inputs.markup)\(choices)\
        <p class="note">The plan that was accepted has the hash <code>\(report.planHash)</code>.</p>
        \(report.irreversible.isEmpty ? Markup() : irreversible)
        """)
  }

  private var irreversible: Markup {
    """
    <h3>What cannot be taken back</h3>
    <ul>\(report.irreversible.map { "<li>\($0)</li>\n" as Markup })</ul>

    """
  }

  /// Rows by table; a column that nobody counted is left out.
  var rows: Chapter? {
    guard !report.counts.isEmpty else { return nil }
    let columns: [(title: String, value: (TableCount) -> Int?)] = [
      ("Source rows", \.sourceRows), ("Written", \.written), ("Skipped by range", \.skipped),
      ("Rejected", { $0.rejected }),
    ].filter { column in report.counts.contains { column.value($0) != nil } }
    func number(_ value: Int?) -> Markup { value.map { "\(Human.count($0))" } ?? "<span class=\"none\">–</span>" }
    var rows = report.counts.map { count -> [Markup] in
      ["\(count.table)"]
        + columns.map { column in
          let value = column.value(count)
          return column.title == "Rejected" && value != 0
            ? "<strong class=\"bad\">\(number(value))</strong>" : number(value)
        }
    }
    if report.counts.count > 1 {
      rows.append(
        ["<strong>All</strong>"]
          + columns.map { column in
            let values = report.counts.map(column.value)
            return number(values.contains(nil) ? nil : values.reduce(0) { $0 + ($1 ?? 0) })
          })
    }
    let table = PageTable(
      "Rows by table", [.init("Table")] + columns.map { .init($0.title, .number) }, rows)
    return Chapter(id: "rows", title: "Rows", body: table.markup)
  }

  /// What both sides hold.
  var comparison: Chapter? {
    guard let verification = report.verification else { return nil }
    let table = PageTable(
      "Both sides, read again after the move",
      [
        .init("Table"), .init("Result"), .init("Rows expected", .number), .init("Rows found", .number),
        .init("Digest expected"), .init("Digest found"),
      ],
      verification.lines.map { line in
        [
          "\(line.subject)", line.agrees ? badge("same", .good) : badge("differs", .bad),
          "\(Human.count(line.expectedRows))", "\(Human.count(line.foundRows))", shortened(line.expectedDigest),
          shortened(line.foundDigest),
        ]
      })
    let differences = verification.lines.filter { !$0.differences.isEmpty }
    let where_: Markup =
      differences.isEmpty
      ? Markup()
      : """
      <h3>Where they differ</h3>
      <dl class="pairs">
      \(differences.map {
        "<div><dt>\($0.subject)</dt><dd>\($0.differences.joined(separator: ", "))</dd></div>\n" as Markup })</dl>

      """
    return Chapter(
      id: "comparison", title: "Comparison",
      body: """
        <p class="note">A digest is the sum of SHA-256 over all rows of a table. Equal digests and equal numbers of \
        rows mean that the same rows are there, each as often. The comparison took \
        \(Human.duration(verification.seconds)).</p>
        \(verification.lines.isEmpty ? Markup() : table.markup)\(where_)\
        \(verification.invariants.isEmpty
          ? Markup() : findingTable("Further comparisons", verification.invariants))
        """)
  }
}
