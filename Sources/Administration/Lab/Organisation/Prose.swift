/// Running text to cut values from: made once, so that a long value costs a copy and nothing more.
struct Prose: Sendable {
  private static let size = 1 << 16

  private static let plainWords = TextPool(
    list: """
      the, of, new, contract, until, extended, office, moved to, ticket, see, requested by, manager, team, project,
      cost centre, approved, temporary, access, replaces, account, for, external, partner, phase, rollout, audit,
      during, leave, backup, desk, floor, building, key card, from, and, with, without, licence, mailbox, shared,
      archive, migration, per, policy, no longer needed, urgent, by e-mail, confirmed, on, site, visit, quarter
      """)

  private static let wildWords = TextPool(
    list: """
      Größe, façade, naïve, e\u{301}te\u{301}, a\u{30A}, o\u{308}\u{304}, žluťoučký kůň, Ærøskøbing, İstanbul, ﬁn, ß, ẞ,
      Москва, Київ, съешь ещё, Αθήνα, λόγος, ὕδωρ, 東京, 日本語, 𠮷野家, 简体, 繁體, 서울, 한국어, ไทย, ภาษา, हिन्दी, क्षत्रिय,
      தமிழ், العربية, مرحبا بالعالم, ‏شارع 12‏, עברית, שָׁלוֹם, \u{202B}right-to-left\u{202C}, 👩🏽‍💻, 🏳️‍🌈, 🇦🇹, 🎉,
      👨‍👩‍👧‍👦, ½, №, ™, “quoted”, \u{FEFF}mark, zero\u{200B}width, no\u{A0}break, \u{1F600}, \u{10FFFF}, \u{FFFD}, \u{2028}
      """)

  /// Pieces that the packed text must escape, and some that look as if it had been.
  static let special = TextPool([
    "a|b", "|", "||", "\\", "C:\\Temp\\new", "ends with \\", "\\\\server\\share|x", "two\nlines", "\n", "a\n\nb\n",
    "~", "~~", "\\~", "~ and more", "C|title|a|b", "\\n", "\\|", "tab\tand\rreturn\r\n", "R|x\nC|y",
  ])

  private let plain: [UInt8]
  private let letters: [UInt8]
  private let wild: [UInt8]
  private let wildStarts: [Int]

  init(seed: UInt64) {
    var dice = Dice(seed: seed, stream: 102)
    var plain = [UInt8]()
    while plain.count < Prose.size {
      Prose.plainWords.append(dice.below(Prose.plainWords.count), to: &plain)
      if dice.below(9) == 0 { plain.append(UInt8(ascii: ",")) }
      plain.append(32)
    }
    var wild = [UInt8]()
    var starts = [Int]()
    while wild.count < Prose.size {
      starts.append(wild.count)
      if dice.below(3) == 0 {
        Prose.plainWords.append(dice.below(Prose.plainWords.count), to: &wild)
      } else {
        Prose.wildWords.append(dice.below(Prose.wildWords.count), to: &wild)
      }
      wild.append(32)
    }
    (self.plain, self.wild, wildStarts) = (plain, wild, starts)
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    letters = (0..<Prose.size).map { _ in alphabet[dice.below(64)] }
  }

  /// ASCII of exactly the given length, from the beginning of a word.
  func appendPlain(_ length: Int, luck: UInt64, to arena: inout [UInt8]) {
    var start = Int(luck % UInt64(plain.count))
    while start > 0, plain[start - 1] != 32 { start -= 1 }
    var rest = length
    while rest > 0 {
      let count = min(rest, plain.count - start)
      arena.append(contentsOf: plain[start..<(start + count)])
      rest -= count
      start = 0
    }
  }

  /// Letters and digits without a space, as encoded binary data looks.
  func appendLetters(_ length: Int, luck: UInt64, to arena: inout [UInt8]) {
    let start = Int(luck % UInt64(letters.count - 8192))
    arena.append(contentsOf: letters[start..<(start + min(8192, length))])
  }

  /// Several scripts, whole words, of exactly the given length in bytes; dots fill what no word fits.
  func appendWild(_ length: Int, luck: UInt64, to arena: inout [UInt8]) {
    var word = Int(luck % UInt64(wildStarts.count))
    let end = arena.count + length
    while true {
      let next = word + 1 < wildStarts.count ? wildStarts[word + 1] : wild.count
      let count = next - wildStarts[word]
      if arena.count + count > end { break }
      arena.append(contentsOf: wild[wildStarts[word]..<next])
      word = word + 1 < wildStarts.count ? word + 1 : 0
    }
    while arena.count < end { arena.append(46) }
  }
}
