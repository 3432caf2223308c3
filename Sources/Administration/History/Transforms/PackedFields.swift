internal import Transfer

/// The packed text of 7.5 to 8.0, taken apart without copies: `docs/lineage.md`, "Packed text".
///
/// Kept and filled again for each row, so that a row costs no memory.
struct PackedFields {
  /// One field as it stands in the text, escapes and all.
  struct Field {
    var start: Int32 = 0
    var end: Int32 = 0
    var hasEscapes = false
    /// The field is `~`: there is no value, which is not the same as an empty one.
    var isAbsent = false
  }

  struct Item {
    var letter: UInt8 = 0
    var fieldCount = 0
    var fields = InlineArray<3, Field>(repeating: Field())
  }

  private(set) var items: [Item] = []

  /// Finds the items of a text.
  ///
  /// - Throws: `packed.malformed` for an unknown letter, a wrong number of fields, or an escape that is none.
  mutating func parse(_ text: Span<UInt8>) throws(RowRejection) {
    items.removeAll(keepingCapacity: true)
    var position = 0
    while position < text.count {
      var item = Item()
      item.letter = text[position]
      position += 1
      guard let expected = PackedFields.fields(of: item.letter) else { throw PackedFields.malformed }
      while position < text.count, text[position] != 0x0A {
        guard text[position] == UInt8(ascii: "|"), item.fieldCount < expected else { throw PackedFields.malformed }
        item.fields[item.fieldCount] = try PackedFields.field(text, from: &position)
        item.fieldCount += 1
      }
      guard item.fieldCount == expected else { throw PackedFields.malformed }
      items.append(item)
      if position < text.count {
        position += 1
        // An LF joins items, it does not end them: none may follow the last.
        guard position < text.count else { throw PackedFields.malformed }
      }
    }
  }

  private static func fields(of letter: UInt8) -> Int? {
    switch letter {
    case UInt8(ascii: "C"), UInt8(ascii: "W"), UInt8(ascii: "P"): 3
    case UInt8(ascii: "D"): 2
    case UInt8(ascii: "R"), UInt8(ascii: "A"): 1
    default: nil
    }
  }

  /// Reads a field from its bar to the next bar, LF, or the end.
  private static func field(_ text: Span<UInt8>, from position: inout Int) throws(RowRejection) -> Field {
    position += 1
    var field = Field(start: Int32(position), end: 0)
    while position < text.count {
      let byte = text[position]
      if byte == UInt8(ascii: "|") || byte == 0x0A { break }
      if byte == UInt8(ascii: "\\") {
        guard position + 1 < text.count, isEscape(text[position + 1]) else { throw malformed }
        field.hasEscapes = true
        position += 1
      }
      position += 1
    }
    field.end = Int32(position)
    field.isAbsent = position - Int(field.start) == 1 && text[Int(field.start)] == UInt8(ascii: "~")
    return field
  }

  private static func isEscape(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "|") || byte == UInt8(ascii: "n")
      || byte == UInt8(ascii: "~")
  }

  /// Writes a field's value to a buffer, escapes resolved.
  static func unescape(_ field: Field, of text: Span<UInt8>, into buffer: inout [UInt8]) {
    buffer.removeAll(keepingCapacity: true)
    var position = Int(field.start)
    while position < Int(field.end) {
      var byte = text[position]
      if byte == UInt8(ascii: "\\") {
        position += 1
        byte = text[position] == UInt8(ascii: "n") ? 0x0A : text[position]
      }
      buffer.append(byte)
      position += 1
    }
  }

  private static let malformed = RowRejection("packed.malformed")
}
