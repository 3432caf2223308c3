/// Masks JSON of any shape: texts by the ``TextMask``, some members by what they are.
struct TreeMask {
  var texts: TextMask

  /// Members whose values open something; they are dropped whatever they hold.
  private static let secrets: Set<String> = ["password", "passphrase", "secret", "token", "key", "credentials"]
  /// Members that name somebody.
  private static let people: Set<String> = ["by", "user", "account", "owner", "from", "to"]
  /// Members that the program itself filled with a digest or an identifier.
  private static let digests: Set<String> = [
    "digest", "expectedDigest", "foundDigest", "planHash", "hash", "fingerprint", "identity", "run", "signingKey",
  ]

  mutating func masked(_ value: PlainValue, member: String? = nil) -> PlainValue {
    if let member, TreeMask.secrets.contains(member) { return .text("‹masked›") }
    switch value {
    case .null, .flag, .integer, .number: return value
    case .text(let text): return .text(masked(text, member: member))
    case .list(let list): return .list(list.map { masked($0, member: member) })
    case .record(let members):
      // In the order of names, so that the same document always gets the same marks.
      var kept: [String: PlainValue] = [:]
      for (name, value) in members.sorted(by: { $0.key < $1.key }) {
        kept[texts.masked(name)] = masked(value, member: name)
      }
      return .record(kept)
    }
  }

  private mutating func masked(_ text: String, member: String?) -> String {
    guard let member else { return texts.masked(text) }
    if member == "location" { return LocationMask.masked(text, &texts) }
    // States stand in `from` and `to` as well.
    if TreeMask.people.contains(member) { return RunState(rawValue: text) == nil ? texts.mark(text) : text }
    if TreeMask.digests.contains(member), TreeMask.isDigest(text) { return text }
    return texts.masked(text)
  }

  /// 64 lower-case hexadecimal digits, or a UUID.
  private static func isDigest(_ text: String) -> Bool {
    let digits = text.utf8.filter { $0 != UInt8(ascii: "-") }
    let isHexadecimal = digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    return isHexadecimal
      && (text.utf8.count == 64 && digits.count == 64 || text.utf8.count == 36 && digits.count == 32)
  }
}
