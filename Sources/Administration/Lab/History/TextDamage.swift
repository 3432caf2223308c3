/// How far texts may be spoilt. What the engine cannot store stays whole; the rest of the history is the same.
public enum TextDamage: Int, Sendable, Comparable, Codable {
  case none
  /// Invalid UTF-8, no NUL: what PostgreSQL holds in a database of encoding SQL_ASCII.
  case invalidUTF8
  /// NUL as well: what SQLite holds.
  case all

  public static func < (left: TextDamage, right: TextDamage) -> Bool { left.rawValue < right.rawValue }

  /// Makes the end of an arena, from `start`, invalid UTF-8 in one of the ways that old programs do.
  static func spoil(_ arena: inout [UInt8], from start: Int, variant: UInt64) {
    let middle = start + (arena.count - start) / 2
    switch variant % 7 {
    case 0: arena.insert(0xFC, at: middle)  // ü of Latin-1
    case 1: arena.insert(0x93, at: middle)  // a quotation mark of Windows-1252: a lone continuation byte
    case 2: arena.append(0xC3)  // cut off within a character of two bytes
    case 3: arena += [0xE2, 0x82]  // and of three
    case 4: arena.insert(contentsOf: [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], at: middle)  // a surrogate pair (CESU-8)
    case 5: arena.insert(contentsOf: [0xC0, 0xAF], at: middle)  // an overlong slash
    default: arena.insert(contentsOf: [0xFF, 0xFE], at: start)  // a byte order mark of UTF-16
    }
  }

  /// Puts NUL into the end of an arena, from `start`.
  static func addNUL(_ arena: inout [UInt8], from start: Int, variant: UInt64) {
    switch variant % 3 {
    case 0: arena.append(0)  // the end of a C string
    case 1: arena.insert(0, at: start + (arena.count - start) / 2)
    default:  // UTF-16 taken for text
      let wide = arena[start...].prefix(40).flatMap { [$0, 0] as [UInt8] }
      arena.replaceSubrange(start..., with: wide)
    }
  }
}
