internal import Migration

/// Help as text, from the table.
public struct HelpPage: Sendable {
  let grammar: Grammar
  /// Columns of the terminal; lines stay below 100 in any case.
  let width: Int

  public init(_ grammar: Grammar, width: Int) {
    self.grammar = grammar
    self.width = min(100, max(40, width))
  }

  /// Help for the words of a command or a noun; the overview for none.
  public func lines(for path: [String]) -> [String] {
    if let command = grammar.command(path) { return lines(for: command) }
    if path.isEmpty { return overview() }
    return noun(path)
  }

  // MARK: Overview

  private func overview() -> [String] {
    var lines = wrapped(
      "locktender moves self-hosted identity systems from an old version to a new one without losing data: it checks, plans, carries out, verifies and reports, and can take everything back until somebody says finalize.",
      to: width)
    lines += ["", "Usage: locktender VERB [TARGET | RUN] [OPTION...]"]
    for chapter in Chapter.allCases {
      let commands = grammar.visibleCommands.filter { $0.chapter == chapter }
      guard !commands.isEmpty else { continue }
      lines += ["", chapter.rawValue] + list(commands.map { ($0.name, $0.summary) })
    }
    if !grammar.parts.isEmpty {
      lines += ["", "Targets"] + list(grammar.parts.map { ($0.address.description, $0.summary) })
    }
    lines += ["", "Options of every verb"] + list(grammar.common.map(entry))
    lines += ["", "Exit codes"] + list(ExitCode.allCases.map { (String($0.rawValue), $0.meaning) })
    lines += ["", "locktender help VERB explains one verb, locktender help --man is the manual."]
    return lines
  }

  private func noun(_ path: [String]) -> [String] {
    let commands = grammar.visibleCommands.filter { $0.path.starts(with: path) }
    return ["Usage: locktender \(path.joined(separator: " ")) VERB", ""]
      + list(commands.map { ($0.name, $0.summary) })
  }

  // MARK: One command

  private func lines(for command: Command) -> [String] {
    var lines = ["locktender \(command.name): \(command.summary)", ""]
    lines += usage(of: command)
    for paragraph in command.description { lines += [""] + wrapped(paragraph, to: width) }
    if !command.arguments.isEmpty {
      lines += ["", "Arguments"] + list(command.arguments.map { ($0.name, $0.help) })
    }
    if !command.options.isEmpty { lines += ["", "Options"] + list(command.options.map(entry)) }
    for part in grammar.parts {
      let options = part.options(of: command)
      if !options.isEmpty { lines += ["", "Choices of \(part.address)"] + list(options.map(entry)) }
    }
    lines += ["", "Options of every verb"] + list(grammar.common(of: command).map(entry))
    lines += ["", "Exit codes"] + list(command.exits.map { (String($0.rawValue), $0.meaning) })
    if !command.examples.isEmpty {
      lines += ["", command.examples.count == 1 ? "Example" : "Examples"]
      for example in command.examples {
        lines += indented(wrapped(example.purpose + ":", to: width - 2), by: 2)
        lines.append("    " + example.call)
      }
    }
    return lines
  }

  private func usage(of command: Command) -> [String] {
    let words = ["locktender", command.name] + command.arguments.map(\.usage) + ["[OPTION...]"]
    return ["Usage: " + words.joined(separator: " ")]
  }

  private func entry(_ option: CommandOption) -> (String, String) { (option.spelling, option.note) }

  /// Terms with their explanations beside them, or beneath where a term is long.
  private func list(_ entries: [(term: String, text: String)]) -> [String] {
    let longest = entries.map { columnCount(of: $0.term) }.max() ?? 0
    let column = min(longest, width >= 60 ? 32 : 18) + 4
    var lines: [String] = []
    for (term, text) in entries {
      let body = wrapped(text, to: width - column)
      if columnCount(of: term) + 4 > column {
        lines.append("  " + term)
        lines += indented(body, by: column)
      } else {
        lines.append(padded("  " + term, to: column) + (body.first ?? ""))
        lines += indented(Array(body.dropFirst()), by: column)
      }
    }
    return lines
  }
}

extension CommandOption {
  /// The help with what follows from the option's kind.
  var note: String {
    var text = help
    if !alternatives.isEmpty { text += " One of: \(alternatives.joined(separator: ", "))." }
    if let defaultValue { text += " Default: \(defaultValue)." }
    if isRepeated, !help.contains("several times") { text += " May be given several times." }
    return text
  }
}
