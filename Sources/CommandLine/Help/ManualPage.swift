internal import Migration

/// The manual page in mdoc (mdoc(7)), from the table.
public struct ManualPage: Sendable {
  let grammar: Grammar

  public init(_ grammar: Grammar) { self.grammar = grammar }

  public func text() -> String { lines().joined(separator: "\n") + "\n" }

  private func lines() -> [String] {
    var lines = [
      ".Dd \(programDate)", ".Dt LOCKTENDER 1", ".Os",
      ".Sh NAME", ".Nm locktender", ".Nd move identity systems from an old version to a new one",
      ".Sh SYNOPSIS", ".Nm", ".Ar verb", ".Op Ar target | run", ".Op Ar option ...",
      ".Sh DESCRIPTION", ".Nm",
    ]
    lines += paragraph(
      "moves self-hosted identity systems from an old version to a new one without losing data. It checks what is there, makes a plan that can be read and has a hash, carries it out so that it can be stopped and resumed at any time, verifies both sides by content, writes a report, and can take everything back until somebody says finalize."
    )
    lines.append(".Pp")
    lines += paragraph("Results go to standard output, everything else to standard error.")
    lines += [".Sh COMMANDS"]
    for chapter in Chapter.allCases {
      let commands = grammar.visibleCommands.filter { $0.chapter == chapter }
      guard !commands.isEmpty else { continue }
      lines.append(".Ss \(chapter.rawValue)")
      lines.append(".Bl -tag -width Ds")
      for command in commands { lines += entry(command) }
      lines.append(".El")
    }
    for part in grammar.parts where !part.choices.isEmpty {
      lines.append(".Ss Choices of \(escaped(part.address.description))")
      lines += list(part.options)
    }
    lines.append(".Ss Options of every verb")
    lines += list(grammar.common)
    lines += closing()
    return lines
  }

  private func entry(_ command: Command) -> [String] {
    var head = ".It Ic \(escaped(command.name))"
    for argument in command.arguments {
      let word = "Ar \(escaped(argument.name))" + (argument.isRepeated ? " ..." : "")
      head += argument.isRequired ? " \(word)" : " Op \(word)"
      if !argument.isRequired, argument.name != command.arguments.last?.name { head += " Ns" }
    }
    var lines = [head]
    lines += paragraph(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ".")
    for text in command.description { lines += [".Pp"] + paragraph(text) }
    for argument in command.arguments {
      lines += [".Pp", ".Ar \(escaped(argument.name)) :"] + paragraph(argument.help)
    }
    switch command.choices {
    case .none: break
    case .narrowing:
      let names = Set(grammar.parts.flatMap { $0.options(of: command) }.map(\.word)).sorted()
      if !names.isEmpty {
        lines += [".Pp"] + paragraph("Of the part's choices it takes \(names.joined(separator: ", ")).")
      }
    case .all: lines += [".Pp"] + paragraph("The choices of the part it works on are options too.")
    }
    if !command.options.isEmpty { lines += list(command.options) }
    lines += [".Pp"]
    lines += paragraph("Exit codes: \(command.exits.map { String($0.rawValue) }.joined(separator: ", ")).")
    return lines
  }

  private func list(_ options: [CommandOption]) -> [String] {
    var lines = [".Bl -tag -width Ds"]
    for option in options {
      var head = ".It "
      if let letter = option.letter { head += "Fl \(letter) , " }
      head += "Fl \\-\(escaped(String(option.word.dropFirst(2))))"
      if case .value(_, let placeholder) = option.kind { head += " Ar \(escaped(placeholder))" }
      lines.append(head)
      lines += paragraph(option.note)
    }
    return lines + [".El"]
  }

  private func closing() -> [String] {
    var lines = [".Sh ENVIRONMENT", ".Bl -tag -width Ds"]
    lines += [".It Ev NO_COLOR"] + paragraph("Set to anything but nothing: no colour (see --color).")
    lines += [".It Ev COLUMNS"] + paragraph("The width of the terminal where the terminal itself does not tell it.")
    lines += [".It Ev SWIFT_BACKTRACE"]
    lines += paragraph(
      "Leave it at enable=no: a backtrace prints memory behind registers, and that may be a password.")
    lines += [".El", ".Sh FILES", ".Bl -tag -width Ds"]
    lines +=
      [".It Pa platform.json5"]
      + paragraph(
        "What the platform consists of, as the guide describes it and platform.schema.json defines it.")
    lines += [".It Pa .locktender/"]
    lines += paragraph(
      "Beside the platform file: plans, and a folder for each run with journal, events and report.")
    lines += [".It Pa /usr/share/doc/locktender/docs/"]
    lines += paragraph("The guide, the formats of reports and of other files, and the schema of platform.json5.")
    lines += [".El", ".Sh EXIT STATUS", ".Bl -tag -width Ds"]
    for code in ExitCode.allCases { lines += [".It \(code.rawValue)"] + paragraph(code.explanation) }
    lines += [".El", ".Sh EXAMPLES"]
    for command in grammar.visibleCommands where [.preparing, .running, .closing].contains(command.chapter) {
      for example in command.examples.prefix(1) {
        lines += [".Pp"] + paragraph(command.summary.prefix(1).uppercased() + command.summary.dropFirst() + ":")
        lines += [".Dl " + escaped(example.call)]
      }
    }
    // A paragraph directly after a heading is one too many.
    if let heading = lines.firstIndex(of: ".Sh EXAMPLES") { lines.remove(at: heading + 1) }
    return lines
  }

  /// A text with a new line for each sentence, as mdoc wants it, and nothing in it that is a macro.
  private func paragraph(_ text: some StringProtocol) -> [String] {
    var sentences: [String] = []
    var sentence = ""
    for word in text.split(separator: " ") {
      sentence += sentence.isEmpty ? String(word) : " " + word
      if word.hasSuffix(".") || word.hasSuffix("?") {
        sentences.append(sentence)
        sentence = ""
      }
    }
    if !sentence.isEmpty { sentences.append(sentence) }
    return sentences.flatMap { wrapped(escaped($0), to: 78) }.map { line in
      line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }
  }

  private func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "\\": result += "\\e"
      case "–": result += "\\(en"
      case "…": result += "\\(el"
      case "→": result += "\\(->"
      default: result.append(character)
      }
    }
    return result
  }
}
