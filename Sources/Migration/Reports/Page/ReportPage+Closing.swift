internal import Base

extension ReportPage {
  /// Rejects, retries and warnings; nil where all went smoothly.
  var troubles: Chapter? {
    var body = Markup()
    if !report.rejections.isEmpty {
      body +=
        PageTable(
          "Rejected rows", [.init("Table"), .init("Reason", .prose), .init("Rows", .number)],
          report.rejections.map { ["\($0.stream)", "\($0.reason)", "\(Human.count($0.rows))"] }
        ).markup
      body += """
        <p class="note">The rows stand in <code>rejects.jsonl</code> in the run's folder and can be imported again \
        once they are repaired. A row that was rejected again after a crash counts twice here.</p>

        """
    }
    if !report.retryCauses.isEmpty {
      body +=
        PageTable(
          "What was tried again", [.init("What", .prose), .init("Error", .prose), .init("Times", .number)],
          report.retryCauses.map { ["\($0.what)", "\($0.error)", "\(Human.count($0.times))"] }
        ).markup
    }
    if !report.warnings.isEmpty {
      let more = report.warningCount - report.warnings.count
      body += """
        <h3>Warnings</h3>
        <ul>
        \(report.warnings.map { "<li>\($0)</li>\n" as Markup })\
        \(more > 0 ? "<li>and \(Human.count(more)) more</li>\n" as Markup : Markup())</ul>

        """
    }
    return body.text.isEmpty ? nil : Chapter(id: "troubles", title: "What went otherwise", body: body)
  }

  /// Every state the run was in.
  var history: Chapter? {
    guard !report.history.isEmpty else { return nil }
    let rows = report.history.enumerated().map { index, change -> [Markup] in
      let end = index + 1 < report.history.count ? report.history[index + 1].at : report.writtenAt
      let isLast = index + 1 == report.history.count
      return [
        "\(Human.instant(change.at))", "\(change.from.title)", "\(change.to.title)",
        isLast ? "<span class=\"none\">–</span>" : "\(Human.duration(max(0, end.seconds(since: change.at))))",
      ]
    }
    let table = PageTable(
      "States", [.init("When", .whole), .init("From"), .init("To"), .init("For", .number)], rows)
    return Chapter(id: "history", title: "State history", body: table.markup)
  }

  var next: Chapter? {
    let commands = report.nextCommands.map {
      "<div><dt><code>\($0.command)</code></dt><dd>\($0.why)</dd></div>\n" as Markup
    }
    return Chapter(
      id: "next", title: "What can be done next", body: "<dl class=\"pairs wide\">\n\(commands)</dl>\n")
  }

  /// How somebody who trusts neither us nor the machine checks that nothing was changed.
  var signature: Chapter? {
    Chapter(
      id: "signature", title: "How to check this report",
      body: """
        <p>This page and <a href="report.json">report.json</a> are signed with Ed25519. Save the public key as \
        <code>report-signing.pub.pem</code>, compare its fingerprint with the one that the operator gives you in \
        another way, and check both files:</p>
        <pre tabindex="0">\(publicKey)</pre>
        <pre tabindex="0">openssl pkey -pubin -in report-signing.pub.pem -outform DER | sha256sum
        openssl pkeyutl -verify -pubin -inkey report-signing.pub.pem -rawin -in report.json -sigfile report.json.sig
        openssl pkeyutl -verify -pubin -inkey report-signing.pub.pem -rawin -in report.html -sigfile report.html.sig</pre>
        <p>The first command must print this fingerprint, the others <q>Signature Verified Successfully</q>:</p>
        <p><code>\(report.signingKey)</code></p>
        <p>On the machine of the migration, <code>locktender report \(report.run.description)</code> checks the \
        signature by itself.</p>

        """)
  }
}
