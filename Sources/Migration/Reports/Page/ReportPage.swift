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
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(ReportPage.policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\(report.verdict.title): \(report.part.description), run \(shortRun)</title>
      <style>\(Stylesheet.markup)</style>
      </head>
      <body>
      <a class="skip" href="#content">Skip to the report</a>
      <header>
      <p class="brand">\(Icon.brand)Locktender <span>migration report</span></p>
      <h1>\(report.part.description)</h1>
      <p class="meta">Run \(report.run.description) · written \(readable(report.writtenAt)) · \(report.program)</p>
      </header>
      <nav aria-label="Chapters"><ul>
      \(chapters.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>\n" as Markup })</ul></nav>
      <main id="content" tabindex="-1">
      \(verdict)\(chapters.map(section))</main>
      <footer>
      <p>Made by \(report.program). Format \(report.format). SHA-256 of report.json:</p>
      <p><code>\(digest)</code></p>
      </footer>
      </body>
      </html>

      """
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
    """
    <section aria-labelledby="\(chapter.id)">
    <h2 id="\(chapter.id)">\(chapter.title)</h2>
    \(chapter.body)</section>

    """
  }

  var shortRun: String { String(report.run.description.prefix(8)) }

  /// Nothing may be loaded or run; the one style sheet is let in by its digest.
  static let policy: String = {
    let digest = sha256(Array(Stylesheet.markup.text.utf8))
    return "default-src 'none'; style-src 'sha256-\(base64(digest.bytes))'; base-uri 'none'; form-action 'none'"
  }()
}
