internal import Base
internal import Migration

extension CommandContext {
  func discover() async throws -> ExitCode {
    let engine = try open().engine
    let (address, request) = try part(in: engine)
    let facts = try await engine.discover(address, request)
    if console.isJSON {
      try printJSON(facts)
    } else {
      console.result(FactText(facts, style: console.style).lines())
    }
    return .done
  }
}

/// Facts for a person, each subject with its own.
struct FactText {
  private let facts: [Fact]
  private let style: Style

  init(_ facts: [Fact], style: Style) {
    self.facts = facts
    self.style = style
  }

  func lines() -> [String] {
    var subjects: [String] = []
    for fact in facts where !subjects.contains(fact.subject) { subjects.append(fact.subject) }
    let width = facts.map { columnCount(of: printable($0.label)) }.max() ?? 0
    var lines: [String] = []
    for subject in subjects {
      if !lines.isEmpty { lines.append("") }
      lines.append(style.paint(printable(subject), .bold))
      for fact in facts where fact.subject == subject {
        lines.append("  \(padded(printable(fact.label), to: width))  \(text(fact.value))")
      }
    }
    return lines
  }

  private func text(_ value: Fact.Value) -> String {
    switch value {
    case .text(let text): printable(text)
    case .count(let count): Human.count(count)
    case .bytes(let count): Human.bytes(count)
    case .instant(let instant): Human.instant(instant)
    case .flag(let flag): flag ? "yes" : "no"
    case .unknown: style.paint("unknown", .yellow)
    }
  }
}
