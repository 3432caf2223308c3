internal import Base
internal import Cryptography

/// What stands around the content of every page that this program writes: no script, no second file, nothing from the
/// network, one style sheet that is let in by its digest.
///
/// The content comes between ``opening`` and ``closing(_:)``, so that a long page can be written piece by piece.
public struct PageFrame: Sendable {
  /// A link to a section of the page.
  public struct Chapter: Sendable {
    public let id: String
    public let title: String

    public init(id: String, title: String) {
      self.id = id
      self.title = title
    }
  }

  /// What the window is called.
  public let title: String
  /// What kind of page it is: `migration report`.
  public let kind: String
  public let heading: String
  /// Beneath the heading.
  public let meta: Markup
  public let chapters: [Chapter]

  public init(title: String, kind: String, heading: String, meta: Markup, chapters: [Chapter]) {
    self.title = title
    self.kind = kind
    self.heading = heading
    self.meta = meta
    self.chapters = chapters
  }

  /// Up to the beginning of the content.
  public var opening: Markup {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(PageFrame.policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>\(title)</title>
    <style>\(Stylesheet.markup)</style>
    </head>
    <body>
    <a class="skip" href="#content">Skip to the report</a>
    <header>
    <p class="brand">\(Icon.brand)Locktender <span>\(kind)</span></p>
    <h1>\(heading)</h1>
    <p class="meta">\(meta)</p>
    </header>
    <nav aria-label="Chapters"><ul>
    \(chapters.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>\n" as Markup })</ul></nav>
    <main id="content" tabindex="-1">

    """
  }

  /// From the end of the content on.
  public func closing(_ footer: Markup) -> Markup {
    """
    </main>
    <footer>
    \(footer)</footer>
    </body>
    </html>

    """
  }

  /// A heading with what stands beneath it.
  public static func section(id: String, title: Markup, _ body: Markup) -> Markup {
    """
    <section aria-labelledby="\(id)">
    <h2 id="\(id)">\(title)</h2>
    \(body)</section>

    """
  }

  /// A band that says how things stand.
  ///
  /// - Parameter body: paragraphs and lists.
  public static func band(_ tone: Tone, id: String, title: String, _ body: Markup) -> Markup {
    """
    <section class="verdict \(tone.rawValue)" aria-labelledby="\(id)">
    \(Icon.of(tone))<div>
    <h2 id="\(id)">\(title)</h2>
    \(body)</div>
    </section>

    """
  }

  /// Names and what belongs to them.
  public static func pairs(_ pairs: [(name: String, value: Markup)]) -> Markup {
    """
    <dl class="pairs">
    \(pairs.map { "<div><dt>\($0.name)</dt><dd>\($0.value)</dd></div>\n" as Markup })</dl>

    """
  }

  /// Nothing may be loaded or run; the one style sheet is let in by its digest.
  static let policy: String = {
    let digest = sha256(Array(Stylesheet.markup.text.utf8))
    return
      "default-src 'none'; style-src 'sha256-\(Base64.text(digest.bytes))'; base-uri 'none'; form-action 'none'"
  }()
}
