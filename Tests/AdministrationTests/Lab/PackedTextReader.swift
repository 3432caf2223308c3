/// The tests' own reader of packed text, written from docs/lineage.md alone.
struct PackedItem: Equatable {
  let letter: Unicode.Scalar
  let fields: [[UInt8]?]

  struct Malformed: Error {
    let line: [UInt8]
  }

  static func items(in packed: [UInt8]) throws -> [PackedItem] {
    if packed.isEmpty { return [] }
    return try packed.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      guard let letter = line.first, "CWPRDA".utf8.contains(letter), line.dropFirst().first == UInt8(ascii: "|")
      else { throw Malformed(line: Array(line)) }
      return PackedItem(letter: Unicode.Scalar(letter), fields: try fields(in: line.dropFirst(2)))
    }
  }

  private static func fields(in line: ArraySlice<UInt8>) throws -> [[UInt8]?] {
    var fields: [[UInt8]?] = []
    var text: [UInt8] = []
    var wasEscaped = false
    var rest = line.makeIterator()
    func end() {
      fields.append(text == [UInt8(ascii: "~")] && !wasEscaped ? nil : text)
      (text, wasEscaped) = ([], false)
    }
    while let byte = rest.next() {
      switch byte {
      case UInt8(ascii: "|"): end()
      case UInt8(ascii: "\\"):
        wasEscaped = true
        switch rest.next() {
        case UInt8(ascii: "\\"): text.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "|"): text.append(UInt8(ascii: "|"))
        case UInt8(ascii: "n"): text.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "~"): text.append(UInt8(ascii: "~"))
        default: throw Malformed(line: Array(line))
        }
      default: text.append(byte)
      }
    }
    end()
    return fields
  }

  /// The texts of lines with backslash escapes, as 8.1 keeps the actions of a deprovisioning.
  static func lines(in text: [UInt8]) throws -> [[UInt8]?] {
    try text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { try fields(in: $0)[0] }
  }
}
