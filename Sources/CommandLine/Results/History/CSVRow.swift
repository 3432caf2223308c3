/// A record of comma-separated values (RFC 4180): CRLF at its end, quotes where they are needed.
///
/// A field that a spreadsheet would take for a formula gets an apostrophe in front, and so does one that begins with an
/// apostrophe: whoever takes one leading apostrophe away has the value again, always.
struct CSVRow {
  private(set) var text = ""
  private var isFirst = true

  init(_ fields: [String?]) {
    for field in fields { add(field ?? "") }
    text += "\r\n"
  }

  private mutating func add(_ field: String) {
    if !isFirst { text += "," }
    isFirst = false
    let guarded = CSVRow.looksActive(field) ? "'" + field : field
    // Spaces at the ends are part of the value, and some readers drop them outside quotes.
    let needsQuotes =
      guarded.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
      || guarded.utf8.first == 0x20 || guarded.utf8.last == 0x20
    guard needsQuotes else {
      text += guarded
      return
    }
    // Byte by byte: a quote with a combining mark behind it is another character to Swift, and still a quote.
    var bytes: [UInt8] = [0x22]
    for byte in guarded.utf8 {
      if byte == 0x22 { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(0x22)
    text += String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a spreadsheet might calculate it, blanks in front left out of account; full-width signs count too.
  static func looksActive(_ field: String) -> Bool {
    if field.unicodeScalars.first == "'" { return true }
    for scalar in field.unicodeScalars {
      switch scalar {
      case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
      case "\t", "\r", "\n": return true
      case " ", "\u{A0}", "\u{3000}", "\u{FEFF}", "\u{200B}", "\u{200E}", "\u{200F}", "\u{202A}"..."\u{202E}",
        "\u{2066}"..."\u{2069}":
        continue
      default: return false
      }
    }
    return false
  }
}
