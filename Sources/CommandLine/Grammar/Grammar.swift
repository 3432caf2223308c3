public import Migration

/// The one table of everything that can be typed. Parser, help, manual, completions and exit codes come from it.
public struct Grammar: Sendable {
  /// What can stand after the program's name, in the order of help. Hidden ones last.
  public let commands: [Command]
  /// Options that every command takes.
  public let common: [CommandOption]
  /// The parts that commands can work on, with their choices.
  public let parts: [PartDescription]

  public init(commands: [Command], common: [CommandOption] = Grammar.commonOptions, parts: [PartDescription]) {
    self.commands = commands
    self.common = common
    self.parts = parts
  }

  /// The whole table for the given parts.
  public static func standard(parts: [PartDescription]) -> Grammar {
    Grammar(
      commands: preparingCommands + runningCommands + closingCommands + systemCommands + programCommands
        + hiddenCommands,
      parts: parts)
  }

  public var visibleCommands: [Command] { commands.filter { !$0.isHidden } }

  public func command(_ path: [String]) -> Command? { commands.first { $0.path == path } }

  /// The words that can follow the given ones, without doubles, in the order of the table.
  public func words(after prefix: [String]) -> [String] {
    var words: [String] = []
    for command in visibleCommands where command.path.starts(with: prefix) && command.path.count > prefix.count {
      let word = command.path[prefix.count]
      if !words.contains(word) { words.append(word) }
    }
    return words
  }

  /// The part that a target names: exactly, or as the only part of its system.
  public func part(_ address: PartAddress) -> PartDescription? {
    let matches = parts.filter {
      $0.address == address || (address.part == nil && $0.address.system == address.system)
    }
    return matches.count == 1 ? matches[0] : nil
  }

  /// All options of a command; with a part its choices too, without one those of all parts.
  public func options(of command: Command, part: PartDescription? = nil) -> [CommandOption] {
    var options = command.options
    for choice in (part.map { [$0] } ?? parts).flatMap({ $0.options(of: command) })
    where !options.contains(where: { $0.name == choice.name }) {
      options.append(choice)
    }
    return options + common(of: command)
  }

  /// Refuses the choices of other parts: given in vain, they would look as if they counted.
  func refuseChoicesOfOthers(
    _ given: [Invocation.Given], of command: Command, on part: PartDescription
  ) throws(CommandLineError) {
    let allowed = options(of: command, part: part).map(\.name)
    guard let stray = given.first(where: { !allowed.contains($0.name) }) else { return }
    throw CommandLineError(
      .usage, doing: "read the command line", reason: "--\(stray.name) is no choice of \(part.address)",
      advice: "locktender help \(command.name)")
  }

  /// The options that a command shares with all others.
  public func common(of command: Command) -> [CommandOption] {
    common.filter { !(command.isTextOnly && $0.name == "json") }
  }

  public static let commonOptions: [CommandOption] = [
    CommandOption(
      "platform", .file, "FILE",
      "The platform file. Without it, platform.json5 is looked for from the current folder upwards."),
    CommandOption(flag: "json", "Print the result as JSON."),
    CommandOption(flag: "quiet", "Say nothing but results and errors."),
    CommandOption(flag: "verbose", "Say more, each batch included."),
    CommandOption(
      "color", .oneOf(["auto", "always", "never"]), "WHEN",
      "When to use colour; auto means on a terminal, and not where NO_COLOR is set.", default: "auto"),
    CommandOption(flag: "progress", isOn: true, "Show no moving progress display."),
    CommandOption(flag: "help", letter: "h", "Print help and do nothing else."),
  ]
}

/// A part as the command line knows it before any platform file is read.
public struct PartDescription: Sendable {
  public let address: PartAddress
  public let summary: String
  public let choices: [ChoiceSpecification]

  public init(address: PartAddress, summary: String, choices: [ChoiceSpecification]) {
    self.address = address
    self.summary = summary
    self.choices = choices
  }

  /// The choices as options of a command.
  public func options(of command: Command) -> [CommandOption] {
    switch command.choices {
    case .none: []
    case .narrowing: PartDescription.options(choices.filter(\.narrows))
    case .all: options
    }
  }

  /// The choices as options.
  public var options: [CommandOption] { PartDescription.options(choices) }

  private static func options(_ choices: [ChoiceSpecification]) -> [CommandOption] {
    choices.map { choice in
      switch choice.kind {
      case .flag: CommandOption(flag: choice.name, isOn: choice.defaultValue == "yes", sentence(choice.help))
      case .text(let placeholder):
        CommandOption(choice.name, .text, placeholder, sentence(choice.help), default: choice.defaultValue)
      case .oneOf(let values):
        CommandOption(
          choice.name, .oneOf(values), choice.name.uppercased(), sentence(choice.help), default: choice.defaultValue
        )
      case .list(let placeholder):
        CommandOption(
          choice.name, .text, placeholder, sentence(choice.help), default: choice.defaultValue, isRepeated: true)
      }
    }
  }
}

/// A text with a capital at its start and a full stop at its end.
private func sentence(_ text: String) -> String {
  let body = text.prefix(1).uppercased() + text.dropFirst()
  return body.hasSuffix(".") ? body : body + "."
}
