internal import Base
internal import Database
internal import Transfer

/// A source release's words for the terms of a vocabulary, as they are written in 8.2.
struct TermMap<Term: Vocabulary> {
  private let byName: [(name: [UInt8], term: Term)]
  private let codes: [Term?]
  private let usesCodes: Bool

  init(_ release: Release) {
    usesCodes = release.termsAreCodes
    let top = Int(Term.table.compactMap(\.code).max() ?? 0)
    var terms = [Term?](repeating: nil, count: top + 1)
    for wording in Term.table {
      guard let code = wording.code else { continue }
      terms[Int(code)] = wording.term
    }
    codes = terms
    byName = Term.table.compactMap { wording in
      wording.term.name(in: release).map { (Array($0.utf8), wording.term) }
    }
  }

  /// The term in a field, a code or a name as the release writes it.
  ///
  /// - Throws: `<what>.unknown`.
  func term(_ row: borrowing RowView, _ index: Int, _ what: StaticString) throws(RowRejection) -> Term {
    if usesCodes {
      guard let code = row.integer(index), code >= 0, code < codes.count, let term = codes[Int(code)] else {
        throw RowRejection("\(what).unknown", column: what.description)
      }
      return term
    }
    let text = row.text(index)
    for entry in byName where isEqual(entry.name, text) { return entry.term }
    throw RowRejection("\(what).unknown", column: what.description)
  }

  private func isEqual(_ name: [UInt8], _ text: Span<UInt8>) -> Bool {
    guard name.count == text.count else { return false }
    for index in text.indices where name[index] != text[index] { return false }
    return true
  }
}

/// The names of 8.2 as bytes, ready to be written.
struct TermNames<Term: Vocabulary> {
  /// By the terms' places in their table.
  private let names = Term.table.map { Array($0.newName.utf8) }

  func append(_ term: Term, to block: inout RowBlock) {
    let name = names[Int(term.rawValue)]
    block.append(name.span)
  }
}
