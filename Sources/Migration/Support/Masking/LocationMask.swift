/// Takes the place of a database apart, so that its kind and settings can be shown without its names.
///
/// Works on the forms that `DatabaseLocation` prints; what it does not know, it marks as a whole.
struct LocationMask {
  private let scheme: String
  private let user: String?
  private let host: String?
  private let port: String?
  private let rest: String
  private let settings: [(key: String, value: String)]

  /// The host that it names, nil where it names none.
  static func host(of location: String) -> String? { LocationMask(location)?.host }

  static func masked(_ location: String, _ mask: inout TextMask) -> String {
    guard let parts = LocationMask(location) else { return mask.mark(location) }
    var text = parts.scheme
    if let user = parts.user { text += mask.mark(user) + "@" }
    if let host = parts.host, !host.isEmpty {
      text += mask.showsHosts ? host : mask.mark(host.lowercased())
    }
    if let port = parts.port { text += ":" + port }
    if parts.host != nil { text += "/" }
    if !parts.rest.isEmpty { text += mask.mark(parts.rest) }
    for (index, setting) in parts.settings.enumerated() {
      text += (index == 0 ? "?" : "&") + mask.masked(setting.key)
      let shown = ["sslmode"].contains(setting.key) ? mask.masked(setting.value) : mask.mark(setting.value)
      text += setting.value.isEmpty ? "" : "=" + shown
    }
    return text
  }

  private init?(_ location: String) {
    if location.hasPrefix("sqlite:") {
      (scheme, user, host, port, settings) = ("sqlite:", nil, nil, nil, [])
      rest = String(location.dropFirst(7))
      return
    }
    guard let mark = location.firstRange(of: "://") else { return nil }
    let name = location[..<mark.lowerBound]
    guard ["postgresql", "ldap", "ldaps", "https"].contains(name) else { return nil }
    scheme = name + "://"
    let halves = location[mark.upperBound...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let place = halves[0].split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    var authority = place[0]
    rest = place.count == 2 ? String(place[1]) : ""
    if let at = authority.lastIndex(of: "@") {
      user = String(authority[..<at])
      authority = authority[authority.index(after: at)...]
    } else {
      user = nil
    }
    if let colon = authority.lastIndex(of: ":"), authority[colon...].dropFirst().allSatisfy(\.isNumber) {
      port = String(authority[authority.index(after: colon)...])
      authority = authority[..<colon]
    } else {
      port = nil
    }
    host = String(authority)
    settings =
      halves.count < 2
      ? []
      : halves[1].split(separator: "&").map { pair in
        let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(sides[0]), sides.count == 2 ? String(sides[1]) : "")
      }
  }
}
