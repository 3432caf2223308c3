internal import Base

/// Takes out of texts what may be secret or personal, and puts the same mark for the same thing.
///
/// Pure. What stays: words of the ``Vocabulary``, numbers and times, names that the run itself made, and hosts where
/// that was asked for. Everything else becomes `‹1›`, `‹2›` and so on, so that a supporter still sees what is the
/// same. The marks tell nothing about what they stand for.
struct TextMask {
  /// More different things than this get one mark for all.
  static let markLimit = 10_000

  /// Shown as they are, such as the run's id.
  var known: Set<String> = []
  /// Host names of the plan; shown where `showsHosts`, else marked as hosts.
  private(set) var hosts: Set<String> = []
  let showsHosts: Bool
  private var marks: [String: String] = [:]

  init(showingHosts: Bool) { showsHosts = showingHosts }

  /// - Parameter host: its first label alone counts as the host too.
  mutating func add(host: String) {
    let name = host.lowercased()
    guard !name.isEmpty, !name.hasPrefix("/") else { return }
    hosts.insert(name)
    if let label = name.split(separator: ".").first, Int(label) == nil { hosts.insert(String(label)) }
  }

  /// The mark of something that must not be seen.
  mutating func mark(_ text: String) -> String {
    if let mark = marks[text] { return mark }
    guard marks.count < TextMask.markLimit else { return "‹…›" }
    let mark = "‹\(marks.count + 1)›"
    marks[text] = mark
    return mark
  }

  /// A text without what is not ours to show.
  mutating func masked(_ text: String) -> String {
    var output = ""
    var atom = ""
    var startsSentence = true
    var isTelephone = false
    func isPart(_ character: Character) -> Bool {
      character.isLetter || character.isNumber || "_-.@:/\\+%#$&~*^!?=".contains(character)
        || !character.isASCII && !character.isWhitespace && !"‹›…–—„“”‚‘’«»·→←×≤≥".contains(character)
    }
    func flush(_ mask: inout TextMask) {
      guard !atom.isEmpty else { return }
      // `+49 89 1234567`: what follows the country belongs to it.
      isTelephone = atom.first == "+" || isTelephone && atom.allSatisfy { $0.isNumber || "-/".contains($0) }
      output +=
        isTelephone && atom.contains(where: \.isNumber) ? mask.mark(atom) : mask.maskedAtom(atom, startsSentence)
      startsSentence = atom.last.map { ".:!?".contains($0) } ?? false
      atom = ""
    }
    for character in text {
      if isPart(character) {
        atom.append(character)
      } else {
        flush(&self)
        // Control characters steer terminals; nothing of ours has them but line ends and tabs.
        if character.isNewline || character == "\t"
          || (character.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        {
          output.append(character)
        }
        if character.isNewline || "\"“„'(<-".contains(character) { startsSentence = true }
      }
    }
    flush(&self)
    return output
  }

  /// A run of letters, digits and the signs that tie them together, such as a path, a time or a word.
  private mutating func maskedAtom(_ atom: String, _ startsSentence: Bool) -> String {
    // What ends a sentence does not belong to the word before it.
    let core = atom.trimmingSuffix { ".:!?".contains($0) }
    let tail = atom[core.endIndex...]
    guard !core.isEmpty else { return atom }
    let word = String(core)
    if known.contains(word) || Shape.isTime(word) || Shape.isNumber(word) { return atom }
    if hosts.contains(word.lowercased()) { return (showsHosts ? word : mark(word.lowercased())) + tail }
    if word.contains("@") || word.contains("://") { return mark(word) + tail }
    return (isOurs(word, startsSentence) ? word : mark(word)) + tail
  }

  /// Whether each piece of it, such as of `administration/history` or `backup-2.db`, is a word of ours, a short
  /// number, or a word with a short number at its end.
  private func isOurs(_ word: String, _ startsSentence: Bool) -> Bool {
    guard word.allSatisfy(\.isASCII), !Shape.isAddress(word) else { return false }
    let pieces = word.split { !$0.isLetter && !$0.isNumber }
    for (index, piece) in pieces.enumerated() {
      let letters = piece.prefix { $0.isLetter }
      let digits = piece[letters.endIndex...]
      guard digits.allSatisfy(\.isNumber), digits.count <= 4 else { return false }
      // A unit, a choice, a version: `s`, `x`, `v2`. Longer things of single letters are the stuff of passwords.
      if letters.count == 1, pieces.count == 1 { continue }
      guard letters.isEmpty || Vocabulary.knows(letters, startsSentence: startsSentence && index == 0) else {
        return false
      }
    }
    return true
  }
}

/// What an atom looks like.
private enum Shape {
  static func isTime(_ word: String) -> Bool { word.utf8.count >= 10 && Timestamp(rfc3339: word) != nil }

  /// `12`, `-3.5`, `1,234,567`, `7%`: not an address of a machine, a telephone or an identity card.
  static func isNumber(_ word: String) -> Bool {
    let body = word.hasPrefix("-") ? word.dropFirst() : word.hasSuffix("%") ? word.dropLast() : word[...]
    guard let first = body.first, first.isASCII, first.isNumber,
      body.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." || $0 == "," })
    else { return false }
    let digits = body.filter(\.isNumber)
    let isGrouped = body.contains(",")
    return digits.count <= (isGrouped ? 15 : 9) && body.count { $0 == "." } <= 1 + (body.contains(",") ? 1 : 0)
      && (digits.count == 1 || first != "0" || body.dropFirst().first == ".")
  }

  /// An IP address, or a telephone number that begins with its country.
  static func isAddress(_ word: String) -> Bool {
    if word.contains("::") { return true }
    if word.first == "+", word.dropFirst().first?.isNumber == true { return true }
    let groups = word.split(separator: ":", omittingEmptySubsequences: false)
    if groups.count > 3, groups.allSatisfy({ $0.count <= 4 && $0.allSatisfy(\.isHexDigit) }) { return true }
    let numbers = word.split { !$0.isNumber }
    return !word.contains { $0.isLetter } && (numbers.count > 3 || word.contains(".") && numbers.count > 2)
  }
}

extension String {
  fileprivate func trimmingSuffix(_ isTrimmed: (Character) -> Bool) -> Substring {
    var rest = self[...]
    while let last = rest.last, isTrimmed(last) { rest = rest.dropLast() }
    return rest
  }
}
