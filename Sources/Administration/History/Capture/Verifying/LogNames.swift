internal import Directory

/// Names of objects as the verifier takes them apart.
enum LogNames {
  /// What stands behind the first comma that is not escaped.
  static func parent(of name: [UInt8]) -> [UInt8] {
    var index = 0
    while index < name.count, name[index] != UInt8(ascii: ",") {
      index += name[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index + 1 < name.count ? Array(name[(index + 1)...]) : []
  }

  static func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    if left == right { return true }
    // What is no name is compared as it is.
    let names = [left, right].map { try? DistinguishedName(String(decoding: $0, as: UTF8.self)) }
    return names[0] != nil && names[0] == names[1]
  }
}
