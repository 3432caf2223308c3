internal import Migration

/// What differs between two plans, as paths with the values on both sides.
struct PlanDifference {
  struct Change: Encodable, Equatable {
    /// `steps.backup.estimate.rows`.
    let path: String
    /// Nil where the old plan has nothing there.
    let before: String?
    let after: String?
  }

  let changes: [Change]

  /// The time of making is left out, as it is from the hash.
  init(from old: Plan, to new: Plan) throws {
    let before = PlanDifference.leaves(of: try PlainValue(encoding: old))
    let after = PlanDifference.leaves(of: try PlainValue(encoding: new))
    changes = Set(before.keys).union(after.keys).sorted()
      .filter { before[$0] != after[$0] && $0 != "createdAt" && !$0.hasSuffix(".waiver.at") }
      .map { Change(path: $0, before: before[$0], after: after[$0]) }
  }

  func lines(style: Style) -> [String] {
    changes.flatMap { change in
      var lines = [style.paint(printable(change.path), .bold)]
      if let before = change.before { lines.append("  " + style.paint("- " + printable(before), .red)) }
      if let after = change.after { lines.append("  " + style.paint("+ " + printable(after), .green)) }
      return lines
    }
  }

  /// Every plain value of a tree by its path.
  static func leaves(of value: PlainValue) -> [String: String] {
    var leaves: [String: String] = [:]
    collect(value, at: "", into: &leaves)
    return leaves
  }

  private static func collect(_ value: PlainValue, at path: String, into leaves: inout [String: String]) {
    func below(_ name: String) -> String { path.isEmpty ? name : path + "." + name }
    switch value {
    // What has nothing in it would otherwise leave no trace, and its change neither.
    case .record([:]), .list([]): leaves[path] = "(empty)"
    case .record(let members):
      for (name, member) in members { collect(member, at: below(name), into: &leaves) }
    case .list(let elements):
      for (index, element) in elements.enumerated() {
        collect(element, at: below(name(of: element) ?? String(index)), into: &leaves)
      }
    case .null: leaves[path] = "nothing"
    case .flag(let flag): leaves[path] = flag ? "yes" : "no"
    case .integer(let integer): leaves[path] = String(integer)
    case .number(let number): leaves[path] = String(number)
    case .text(let text): leaves[path] = text
    }
  }

  /// Elements are known by their own names: what was put in between must not make all that follows look changed.
  private static func name(of element: PlainValue) -> String? {
    guard case .record(let members) = element else { return nil }
    if case .text(let check) = members["check"] {
      if case .text(let subject) = members["subject"] { return "\(check) (\(subject))" }
      return check
    }
    for key in ["id", "name"] {
      if case .text(let name) = members[key] { return name }
    }
    return nil
  }
}
