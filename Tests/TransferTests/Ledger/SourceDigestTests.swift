import Cryptography
import Database
import Testing

@testable import Transfer

/// What tells whether a batch's source rows have changed since they were carried.
@Suite struct SourceDigestTests {
  private func block(_ texts: [String]) -> RowBlock {
    var block = RowBlock(kinds: [.text])
    for text in texts {
      block.beginRow()
      block.append(text)
      block.endRow()
    }
    return block
  }

  private func digest(_ texts: [String], cut: Int? = nil) -> DigestSum {
    let block = block(texts)
    var digest = SourceDigest()
    digest.add(block, 0..<(cut ?? texts.count))
    digest.add(block, (cut ?? texts.count)..<texts.count)
    return digest.finish()
  }

  @Test func `the pieces in which rows are read make no difference`() {
    let texts = ["a", "", "bc", "d"]
    for cut in 0...texts.count { #expect(digest(texts, cut: cut) == digest(texts)) }
  }

  @Test func `a row that is changed, missing, doubled or moved shows`() {
    let known = digest(["a", "bc", "d"])
    for other in [
      ["a", "bd", "d"], ["a", "bc"], ["a", "bc", "bc", "d"], ["bc", "a", "d"], ["ab", "c", "d"], [],
    ] {
      #expect(digest(other) != known)
    }
    #expect(known.count == 3 && digest([]) == DigestSum())
  }
}
