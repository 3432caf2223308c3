// fuzz: Base
internal import Base

/// The tree keeps every byte, agrees with the reader of plain values, and what is written reads as what it was.
func fuzz(_ input: [UInt8]) {
  // A text that is refused is all that may be thrown; the promises are about those that are not.
  if let tree = try? JSONTree(parsing: input, source: "input", dialect: .json5) {
    invariant(tree.bytes == input, "the tree lost bytes")
  }
  let span = input.span
  let plain = try? JSONValue(parsing: span, source: "input")  // refused, as above
  let strict = try? JSONTree(parsing: input, source: "input", dialect: .json)  // refused, as above
  guard let plain else {
    // The tree keeps numbers as they are spelt; as a value, one that would lose digits is refused.
    return invariant((try? strict?.value()) == nil, "the tree accepts what the plain reader refuses")
  }
  guard let strict else { fatalError("the tree refuses what the plain reader accepts") }
  do throws(JSONError) {
    let read = try strict.value()
    invariant(read == plain, "two readings of one text")
    for text in [plain.compact(), plain.pretty()] {
      let again = try JSONValue(parsing: text, source: "written")
      invariant(again == plain, "what was written reads otherwise")
    }
    let canonical = plain.canonical()
    let span = canonical.span
    let again = try JSONValue(parsing: span, source: "canonical").canonical()
    invariant(again == canonical, "no canonical form")
  } catch {
    fatalError("what was written is refused: \(error)")
  }
}
