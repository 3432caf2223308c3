internal import Base

/// A text for a header field: as it is where it is short and plain, in encoded words otherwise (RFC 2047).
///
/// Control characters become spaces: readers that decode a line end in a subject do not agree on what it means.
func encodedHeaderText(_ original: String) -> String {
  var text = String.UnicodeScalarView()
  for scalar in original.unicodeScalars {
    text.append(scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? " " : scalar)
  }
  return encodedWords(String(text))
}

private func encodedWords(_ text: String) -> String {
  let isPlain = text.utf8.allSatisfy { byte in
    byte == 0x20 || (byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"[]=?".utf8.contains(byte))
  }
  if isPlain, text.utf8.count <= 60, !text.hasPrefix(" "), !text.hasSuffix(" ") { return text }
  // A line with a word has at most 76 characters; 36 bytes become 48, which leaves room for the word's frame and the
  // field's name. A character is never cut in two.
  var words = [[UInt8]]()
  for scalar in text.unicodeScalars {
    let bytes = Array(String(scalar).utf8)
    if let last = words.last, last.count + bytes.count <= 36 {
      words[words.count - 1] += bytes
    } else {
      words.append(bytes)
    }
  }
  return words.map { "=?utf-8?B?\(Base64.text($0))?=" }.joined(separator: "\r\n ")
}

/// A text in quoted-printable (RFC 2045 section 6.7): lines end with CR LF and have at most 76 characters.
func quotedPrintable(_ text: String) -> String {
  let digits = Array("0123456789ABCDEF".utf8)
  var output = [UInt8]()
  var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
  if lines.last?.isEmpty == true { lines.removeLast() }
  for line in lines {
    let bytes = Array(line.last == 13 ? line.dropLast() : line)
    var column = 0
    for (index, byte) in bytes.enumerated() {
      let isBlank = byte == 0x20 || byte == 0x09
      let isPlain =
        (byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "=")) || (isBlank && index < bytes.count - 1)
      let piece = isPlain ? [byte] : [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      if column + piece.count > 75 {
        output += [UInt8(ascii: "="), 13, 10]
        column = 0
      }
      output += piece
      column += piece.count
    }
    output += [13, 10]
  }
  return String(decoding: output, as: UTF8.self)
}
