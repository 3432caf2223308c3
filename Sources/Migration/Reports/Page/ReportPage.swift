internal import Base
internal import Cryptography

/// A report as one page for people: no script, no second file, nothing from the network.
///
/// Pure: a report in, bytes out. The chapters stand in files of their own.
struct ReportPage {
  let report: Report
  /// SHA-256 of `report.json`, so that a printed page can be matched with it.
  let digest: String
  let publicKey: String

  init(_ report: Report, json: [UInt8], publicKey: String) {
    self.report = report
    digest = sha256(json).description
    self.publicKey = publicKey
  }

  var bytes: [UInt8] { Array(markup.text.utf8) }

  var markup: Markup {
    let chapters = chapters
    let frame = PageFrame(
      title: "\(report.verdict.title): \(report.part.description), run \(shortRun)", kind: "migration report",
      heading: report.part.description,
      meta: "Run \(report.run.description) · written \(Human.instant(report.writtenAt)) · \(report.program)",
      chapters: chapters.map { PageFrame.Chapter(id: $0.id, title: $0.title) })
    let footer: Markup = """
      <p>Made by \(report.program). Format \(report.format). SHA-256 of report.json:</p>
      <p><code>\(digest)</code></p>

      """
    return "\(frame.opening)\(verdict)\(chapters.map(section))\(frame.closing(footer))"
  }

  /// A heading with what stands beneath it.
  struct Chapter {
    let id: String
    let title: String
    let body: Markup
  }

  /// Chapters that have something to tell, in the order of the page.
  private var chapters: [Chapter] {
    var all = [moved, rows, comparison, findings, steps].compactMap { $0 }
    for (number, section) in report.sections.enumerated() {
      if let chapter = chapter(section, number) { all.append(chapter) }
    }
    return all + [troubles, history, next, signature].compactMap { $0 }
  }

  private func section(_ chapter: Chapter) -> Markup {
    PageFrame.section(id: chapter.id, title: "\(chapter.title)", chapter.body)
  }

  var shortRun: String { String(report.run.description.prefix(8)) }
}
