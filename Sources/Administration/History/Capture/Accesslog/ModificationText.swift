/// One value of `reqMod`, taken apart: `attribute:+ value`, `attribute:- value`, `attribute:= value`,
/// `attribute:# step`; a deletion or replacement of all values has no value.
struct ModificationText {
  let kind: ChangeList.Kind
  /// The attribute's name ends before this byte.
  let nameEnd: Int
  /// Behind the text where there is no value.
  let valueStart: Int
  let hasValue: Bool

  /// - Returns: nil for another form.
  init?(_ text: Span<UInt8>) {
    guard let colon = ModificationText.colon(text), colon > 0, colon + 1 < text.count else { return nil }
    switch text[colon + 1] {
    case UInt8(ascii: "+"): kind = .add
    case UInt8(ascii: "-"): kind = .delete
    case UInt8(ascii: "="): kind = .replace
    case UInt8(ascii: "#"): kind = .increment
    default: return nil
    }
    nameEnd = colon
    hasValue = colon + 2 < text.count
    if hasValue {
      guard text[colon + 2] == UInt8(ascii: " ") else { return nil }
      valueStart = colon + 3
    } else {
      guard kind == .delete || kind == .replace else { return nil }
      valueStart = text.count
    }
  }

  /// One value of `reqOld`: `attribute: value`.
  static func old(_ text: Span<UInt8>) -> (nameEnd: Int, valueStart: Int)? {
    guard let colon = colon(text), colon > 0 else { return nil }
    let isSpaced = colon + 1 < text.count && text[colon + 1] == UInt8(ascii: " ")
    return (colon, isSpaced ? colon + 2 : colon + 1)
  }

  private static func colon(_ text: Span<UInt8>) -> Int? {
    for index in text.indices where text[index] == UInt8(ascii: ":") { return index }
    return nil
  }
}

extension Span<UInt8> {
  /// At most forty bytes, for names that are looked up or counted.
  var bytes40: [UInt8] { (0..<Swift.min(count, 40)).map { self[$0] } }
}
