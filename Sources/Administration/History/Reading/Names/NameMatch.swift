internal import Directory

/// Whether a name in a history is the one that somebody typed: the whole of it, written as it may be, or what people
/// call it for short.
struct NameMatch {
  enum Degree: Int, Comparable {
    /// What was typed stands somewhere in it.
    case part
    /// What was typed is its short form.
    case short
    /// Both are the same name.
    case whole

    static func < (left: Degree, right: Degree) -> Bool { left.rawValue < right.rawValue }
  }

  private let typed: String
  private let name: DistinguishedName?
  private let relative: DistinguishedName.Relative?

  init(_ typed: String) {
    self.typed = typed.lowercased()
    // What is no distinguished name is compared as a text.
    let parsed = typed.contains("=") ? try? DistinguishedName(typed) : nil
    name = parsed
    relative = parsed?.relatives.count == 1 ? parsed?.first : nil
  }

  /// How well a name fits; nil where it does not.
  func degree(_ candidate: String) -> Degree? {
    let lowered = candidate.lowercased()
    if lowered == typed { return .whole }
    if candidate.contains("=") {
      // A text that is no name is none of the names that are looked for.
      guard let other = try? DistinguishedName(candidate), let first = other.first else {
        return lowered.contains(typed) ? .part : nil
      }
      if let name, name == other { return .whole }
      if let relative {
        if relative == first { return .short }
        if NameMatch.isPart(relative, of: first) { return .part }
      }
      if first.parts.contains(where: { $0.text.lowercased() == typed }) { return .short }
      return first.parts.contains { $0.text.lowercased().contains(typed) } ? .part : nil
    }
    // DOMAIN\login and login@domain.
    if let slash = lowered.lastIndex(of: "\\"), lowered[lowered.index(after: slash)...] == typed { return .short }
    if let at = lowered.firstIndex(of: "@"), lowered[..<at] == typed { return .short }
    return lowered.contains(typed) ? .part : nil
  }

  /// Whether each value of `CN=Julia N` stands in the value of the same kind.
  private static func isPart(_ typed: DistinguishedName.Relative, of name: DistinguishedName.Relative) -> Bool {
    typed.parts.allSatisfy { part in
      name.parts.contains { other in
        other.type.lowercased() == part.type.lowercased()
          && other.text.lowercased().contains(part.text.lowercased())
      }
    }
  }
}
