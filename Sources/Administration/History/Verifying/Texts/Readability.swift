/// What an 8.2 text must be, and how a repaired text is told from a wrong one (docs/lineage.md, "Texts").
enum Readability {
  /// Whether the bytes are valid UTF-8 without NUL.
  static func isReadable(_ text: RawSpan) -> Bool {
    let count = text.byteCount
    var place = 0
    while place < count {
      // Eight bytes at a time, and the last eight over again: nearly all texts end so.
      if count >= 8 {
        let next = min(place, count - 8)
        if isPlain(unsafe text.unsafeLoadUnaligned(fromByteOffset: next, as: UInt64.self)) {
          place = next + 8
          continue
        }
      }
      let first = text.byte(place)
      if first == 0 { return false }
      let length = first < 0x80 ? 1 : lengthOfCharacter(text, at: place)
      if length == 0 { return false }
      place += length
    }
    return true
  }

  /// Whether all eight bytes are ASCII, and none NUL.
  private static func isPlain(_ word: UInt64) -> Bool {
    (word | hasZeroByte(word)) & 0x8080_8080_8080_8080 == 0
  }

  /// The highest bit of a byte is set where one of the bytes up to it is zero.
  private static func hasZeroByte(_ word: UInt64) -> UInt64 { (word &- 0x0101_0101_0101_0101) & ~word }

  /// Whether a text is the readable form of the original bytes.
  ///
  /// The contract leaves open whether one U+FFFD stands for an invalid byte or for several of them in a row; both
  /// are right.
  static func isReadableForm(_ text: RawSpan, of original: RawSpan) -> Bool {
    var left = 0
    var right = 0
    while true {
      let lost = skipReplaced(original, &left)
      let marks = skipReplaced(text, &right)
      guard (lost == 0) == (marks == 0), marks <= lost else { return false }
      if left == original.byteCount || right == text.byteCount {
        return left == original.byteCount && right == text.byteCount
      }
      if original.byte(left) == 0 {
        guard isNULPicture(text, at: right) else { return false }
        left += 1
        right += 3
        continue
      }
      let length = lengthOfCharacter(original, at: left)
      guard right + length <= text.byteCount,
        original.extracting(left..<(left + length)).equals(text.extracting(right..<(right + length)))
      else { return false }
      left += length
      right += length
    }
  }

  /// Goes over invalid bytes and U+FFFD, and tells how many there were.
  private static func skipReplaced(_ text: RawSpan, _ place: inout Int) -> Int {
    var count = 0
    while place < text.byteCount {
      let length = lengthOfCharacter(text, at: place)
      if length == 0 {
        place += 1
      } else if length == 3, text.byte(place) == 0xEF, text.byte(place + 1) == 0xBF, text.byte(place + 2) == 0xBD {
        place += 3
      } else {
        break
      }
      count += 1
    }
    return count
  }

  private static func isNULPicture(_ text: RawSpan, at place: Int) -> Bool {
    place + 3 <= text.byteCount && text.byte(place) == 0xE2 && text.byte(place + 1) == 0x90
      && text.byte(place + 2) == 0x80
  }

  /// How many bytes the character at a place has; 0 where no valid one begins there (RFC 3629, section 4).
  private static func lengthOfCharacter(_ text: RawSpan, at place: Int) -> Int {
    let first = text.byte(place)
    if first < 0x80 { return 1 }
    let length: Int
    // The second byte's range shuts out overlong forms, surrogates and what lies beyond U+10FFFF.
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)
    case 0xE1...0xEF: length = 3
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: length = 4
    case 0xF4: (length, second) = (4, 0x80...0x8F)
    default: return 0
    }
    guard place + length <= text.byteCount, second.contains(text.byte(place + 1)) else { return 0 }
    for offset in 2..<max(2, length) where text.byte(place + offset) & 0xC0 != 0x80 { return 0 }
    return length
  }
}
