import Base
import Testing

@testable import Administration

/// That the tables of words say what docs/lineage.md says.
@Suite struct `Terms of the lineage` {
  private func paragraph(_ title: String) throws -> String {
    let root = #filePath.components(before: "/Tests/AdministrationTests/")
    let text = try Files.readText(root + "/docs/lineage.md", limit: 1 << 20)
    let start = try #require(text.firstRange(of: "*\(title)*: "))
    return String(text[start.upperBound...].prefix { $0 != "." })
  }

  /// `1 create, 2 modify (…), …` as codes and words.
  private func words(_ title: String) throws -> (first: Int64, words: [String]) {
    var first: Int64?
    var words: [String] = []
    var depth = 0
    let plain = try paragraph(title).filter { character in
      if character == "(" { depth += 1 }
      defer { if character == ")" { depth -= 1 } }
      return depth == 0
    }
    for part in plain.split(separator: ",") {
      let parts = part.split(separator: " ", maxSplits: 1)
      let code = try #require(Int64(parts[0]))
      #expect(code == (first ?? code) + Int64(words.count))
      first = first ?? code
      words.append(parts[1].trimmed.replacing(" ", with: "-"))
    }
    return (try #require(first), words)
  }

  @Test func `are those of the document`() throws {
    for (title, terms) in [
      ("Operations", Terms.operations), ("Request status", .oldRequestStates), ("Task kinds", .taskKinds),
      ("Task status", .oldTaskStates),
    ] {
      let (first, words) = try words(title)
      #expect(terms.firstCode == first, "\(title)")
      #expect(terms.words == words, "\(title)")
    }
  }

  @Test func `were renamed as the document tells`() throws {
    let text = try Files.readText(
      #filePath.components(before: "/Tests/AdministrationTests/") + "/docs/lineage.md", limit: 1 << 20)
    let start = try #require(text.firstRange(of: "States renamed: "))
    let renamed = text[start.upperBound...].prefix { $0 != "." }.split(separator: ",").map { pair in
      pair.split(separator: "→").map { $0.trimmed.filter { $0 != "`" } }
    }
    #expect(renamed.count == 2)
    for (old, new) in [
      (Terms.oldRequestStates, Terms.requestStates), (.oldTaskStates, .taskStates),
    ] {
      let expected = old.words.map { word in
        // `running` was a state of tasks before.
        renamed.first { $0[0] == word }.map { $0[1] } ?? word
      }
      #expect(new.words == expected)
      #expect(new.firstCode == old.firstCode)
    }
  }

  @Test func `are found by their words, and no others are`() {
    for (index, word) in Terms.operations.words.enumerated() {
      let bytes = Array(word.utf8)
      #expect(Terms.operations.code(of: unsafe bytes.span.bytes) == Int64(index) + 1)
    }
    for word in ["", "creat", "createmodify", "Create", "reset-passwordx"] {
      let bytes = Array(word.utf8)
      #expect(Terms.operations.code(of: unsafe bytes.span.bytes) == nil)
    }
    #expect([0, 1, 10, 11, .min, .max].map(Terms.operations.has) == [false, true, true, false, false, false])
  }
}

extension StringProtocol {
  fileprivate var trimmed: String { String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }

  fileprivate func components(before mark: String) -> String {
    firstRange(of: mark).map { String(self[..<$0.lowerBound]) } ?? String(self)
  }
}
