/// The words that may be shown to a stranger: those of which this program's own texts are made.
///
/// A text for a support bundle is not searched for what looks secret or personal, which never finds all of it;
/// it is let through word by word, and what nobody of us wrote stays out.
enum Vocabulary {
  private static let words = Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))

  /// Whether a run of ASCII letters is ours: a word, or several in camel case.
  ///
  /// - Parameter startsSentence: a capital is no sign of a name there.
  static func knows(_ run: some StringProtocol, startsSentence: Bool) -> Bool {
    let humps = humps(of: run)
    guard let first = humps.first else { return false }
    // A capital in mid-sentence marks a name, were it even one that is a word too: `Will`, `Rose`.
    let isName =
      humps.count == 1 && first.count > 1 && first.first!.isUppercase && first.dropFirst().allSatisfy(\.isLowercase)
    if isName, !startsSentence, !properNames.contains(first) { return false }
    return humps.allSatisfy { words.contains($0.lowercased()) }
  }

  /// Names that begin with a capital wherever they stand.
  private static let properNames: Set<String> = ["Ed", "Locktender", "Samba", "Debian", "Linux", "Unix"]

  /// `reportPage` as `report`, `Page`; `PostgreSQL` as `Postgre`, `SQL`.
  private static func humps(of run: some StringProtocol) -> [String] {
    var humps: [String] = []
    let letters = Array(run)
    for (index, letter) in letters.enumerated() {
      let begins =
        index == 0
        || (letter.isUppercase
          && (letters[index - 1].isLowercase || (index + 1 < letters.count && letters[index + 1].isLowercase)))
      if begins { humps.append("") }
      humps[humps.count - 1].append(letter)
    }
    return humps
  }
}
