internal import Directory

/// Distinguished names as they were written.
enum RawName {
  /// What stands behind the first comma that is not escaped; empty where there is none.
  static func parent(of name: String) -> String {
    var isEscaped = false
    for index in name.utf8.indices {
      let byte = name.utf8[index]
      if isEscaped {
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else if byte == UInt8(ascii: ",") {
        return String(name[name.utf8.index(after: index)...])
      }
    }
    return ""
  }

  /// Whether two texts name the same object; texts that are no names are compared as they are.
  static func isSame(_ left: String, _ right: String) -> Bool {
    if left == right { return true }
    // Why a text is no name does not matter here: it is then no other name either.
    guard let left = try? DistinguishedName(left), let right = try? DistinguishedName(right) else { return false }
    return left == right
  }
}
