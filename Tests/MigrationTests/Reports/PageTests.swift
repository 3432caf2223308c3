import Base
import Cryptography
import Testing

@testable import Migration

struct PageTests {
  static let samples: [String: SampleReport] = [
    "verified": .verified(), "failed": .failed(), "differing": .differing(), "hostile": .hostile(),
  ]

  static func page(_ sample: SampleReport) throws -> String {
    let report = try sample.report()
    let json = try encodeJSON(report, pretty: true)
    return try ReportPage(report, json: json, publicKey: SigningKey().verificationKey.pem).markup.text
  }

  @Test(arguments: samples.keys.sorted())
  func `a page loads nothing and runs nothing`(_ sample: String) throws {
    let page = try PageTests.page(PageTests.samples[sample]!)
    let tags = PageTests.tags(of: page)
    let names = Set(tags.map(\.name))
    for refused in ["script", "iframe", "object", "embed", "link", "img", "base", "form", "audio", "video", "use"] {
      #expect(!names.contains(refused))
    }
    for tag in tags {
      for attribute in tag.attributes.keys {
        #expect(!attribute.hasPrefix("on"), "an event handler: \(attribute)")
        #expect(
          attribute != "style" && attribute != "src", "\(attribute) would be refused by the page's own policy")
      }
      if let target = tag.attributes["href"] { #expect(target.hasPrefix("#") || target == "report.json") }
    }
  }

  @Test func `the policy lets in exactly the style sheet that the page has`() throws {
    let page = try PageTests.page(.verified())
    let open = try #require(page.firstRange(of: "<style>"))
    let close = try #require(page.firstRange(of: "</style>"))
    let sheet = String(page[open.upperBound..<close.lowerBound])
    let policy = PageTests.tags(of: page).filter { $0.attributes["http-equiv"] != nil }.map {
      $0.attributes["content"]
    }
    let digest = Base64.text(sha256(Array(sheet.utf8)).bytes)
    #expect(
      policy == [
        escaped("default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'")
      ])
    #expect(!sheet.contains("url(") && !sheet.contains("@import") && !sheet.contains("<"))
  }

  @Test(arguments: samples.keys.sorted())
  func `every element is closed where it was opened`(_ sample: String) throws {
    let void: Set<String> = ["meta", "br"]
    var open: [String] = []
    for tag in PageTests.tags(of: try PageTests.page(PageTests.samples[sample]!))
    where !void.contains(tag.name) && !tag.isClosedAtOnce {
      if tag.isEnd {
        #expect(open.popLast() == tag.name)
      } else {
        open.append(tag.name)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func `no value becomes markup or turns the text around`() throws {
    let page = try PageTests.page(.hostile())
    #expect(!page.contains("<b>") && !page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(!page.unicodeScalars.contains("\u{202E}") && page.contains("⟨U+202E⟩"))
    #expect(!page.unicodeScalars.contains("\u{0}") && page.contains("⟨U+0000⟩"))
    // Each value of the report is found again once it is read as a browser reads it.
    #expect(page.contains(escaped(SampleReport.hostileText)))
  }

  @Test func `ids are unique and each chapter is linked`() throws {
    for sample in PageTests.samples.keys {
      let tags = PageTests.tags(of: try PageTests.page(PageTests.samples[sample]!))
      let ids = tags.compactMap { $0.attributes["id"] }
      #expect(Set(ids).count == ids.count)
      for target in tags.compactMap({ $0.attributes["href"] }) where target.hasPrefix("#") {
        #expect(ids.contains(String(target.dropFirst())))
      }
      for label in tags.compactMap({ $0.attributes["aria-labelledby"] }) { #expect(ids.contains(label)) }
    }
  }

  @Test func `every table has a caption, and every heading cell a scope`() throws {
    for sample in PageTests.samples.keys {
      let tags = PageTests.tags(of: try PageTests.page(PageTests.samples[sample]!))
      #expect(tags.count { $0.name == "table" && !$0.isEnd } == tags.count { $0.name == "caption" && !$0.isEnd })
      for tag in tags where tag.name == "th" && !tag.isEnd {
        #expect(["col", "row"].contains(tag.attributes["scope"]))
      }
      #expect(tags.count { $0.name == "main" && !$0.isEnd } == 1)
      #expect(tags.count { $0.name == "h1" && !$0.isEnd } == 1)
    }
  }

  @Test func `the same report gives the same page`() throws {
    let report = try SampleReport.verified().report()
    let json = try encodeJSON(report, pretty: true)
    let pages = (0..<2).map { _ in ReportPage(report, json: json, publicKey: "").bytes }
    #expect(pages[0] == pages[1])
  }

  @Test func `the page tells what an auditor asks for`() throws {
    let page = try PageTests.page(.differing())
    for text in [
      "Both sides differ", "Both sides differ in request_value.", "417000…418000", "postgresql://locktender@db1",
      "M. Keller, operations", "the volume grows by itself (ticket 4711)", "2026-11-20 22:15:00 UTC", "40,112",
      SampleReport.digest(8), "locktender rollback \(SampleReport.run)", "sqlite:/srv/adm-7.5/history.db",
    ] {
      #expect(page.contains(escaped(text)), "missing: \(text)")
    }
  }
}

// MARK: Reading a page back

extension PageTests {
  struct Tag {
    let name: String
    let attributes: [String: String]
    let isEnd: Bool
    let isClosedAtOnce: Bool
  }

  /// The tags of a page in order; a style sheet's content is passed over.
  static func tags(of page: String) -> [Tag] {
    var tags: [Tag] = []
    var rest = page[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      guard let end = rest.firstIndex(of: ">") else { break }
      let content = rest[..<end]
      rest = rest[rest.index(after: end)...]
      guard !content.hasPrefix("!") else { continue }
      let isEnd = content.hasPrefix("/")
      let body = isEnd ? content.dropFirst() : content
      let name = String(body.prefix { $0.isLetter || $0.isNumber })
      tags.append(
        Tag(name: name, attributes: attributes(of: body), isEnd: isEnd, isClosedAtOnce: body.hasSuffix("/")))
      if name == "style", !isEnd, let close = rest.firstRange(of: "</style>") { rest = rest[close.lowerBound...] }
    }
    return tags
  }

  private static func attributes(of tag: Substring) -> [String: String] {
    var all: [String: String] = [:]
    var rest = tag
    while let equals = rest.firstRange(of: "=\"") {
      let name = String(rest[..<equals.lowerBound].split(separator: " ").last ?? "")
      rest = rest[equals.upperBound...]
      guard let quote = rest.firstIndex(of: "\"") else { break }
      all[name] = String(rest[..<quote])
      rest = rest[rest.index(after: quote)...]
    }
    return all
  }
}
