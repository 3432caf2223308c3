/// One verb, or one act under a system's noun: everything that the parser, help, the manual and the completions
/// need to know of it.
public struct Command: Sendable {
  /// The words that call it: `["apply"]`, `["administration", "history", "show"]`.
  public let path: [String]
  public let chapter: Chapter
  /// What it does, as a verb phrase without a full stop.
  public let summary: String
  /// Paragraphs that say more.
  public let description: [String]
  public let arguments: [CommandArgument]
  /// Its own options; the common ones and the part's choices come on top.
  public let options: [CommandOption]
  /// Which choices of the part it works on are options too.
  public let choices: PartChoices
  /// The exit codes that it can give, ascending.
  public let exits: [ExitCode]
  public let examples: [CommandExample]
  /// Called by the program itself; not in help, manual or completions.
  public let isHidden: Bool
  /// Whether its result has no form in JSON: text for people, or a script for a shell.
  public let isTextOnly: Bool

  public init(
    _ path: String, in chapter: Chapter, _ summary: String, description: [String] = [],
    arguments: [CommandArgument] = [], options: [CommandOption] = [], choices: PartChoices = .none,
    exits: [ExitCode] = [.done, .failed, .usage], examples: [CommandExample] = [], isHidden: Bool = false,
    isTextOnly: Bool = false
  ) {
    self.path = path.split(separator: " ").map(String.init)
    self.chapter = chapter
    self.summary = summary
    self.description = description
    self.arguments = arguments
    self.options = options
    self.choices = choices
    self.exits = exits
    self.examples = examples
    self.isHidden = isHidden
    self.isTextOnly = isTextOnly
  }

  /// The path as it is typed: `administration history show`.
  public var name: String { path.joined(separator: " ") }
}

/// Which of a part's choices a command takes.
public enum PartChoices: Sendable, Equatable {
  case none
  /// Those that say what to look at.
  case narrowing
  case all
}

/// The headings under which the overview lists commands.
public enum Chapter: String, Sendable, CaseIterable {
  case preparing = "Before a run"
  case running = "Runs"
  case closing = "After a run"
  case systems = "Systems"
  case program = "The program"
}

/// A call that works, and what it is for.
public struct CommandExample: Sendable {
  public let call: String
  public let purpose: String

  public init(_ call: String, _ purpose: String) {
    self.call = call
    self.purpose = purpose
  }
}

/// What a word on the command line stands for; decides how it is checked and completed.
public enum ValueKind: Sendable, Equatable {
  case text
  case file
  case folder
  /// A database's or a directory's address, as in the platform file.
  case location
  /// `<system>[/<part>]`.
  case target
  /// A run's id or the digits it begins with.
  case run
  /// A plan's hash or the digits it begins with.
  case plan
  case time
  /// A whole number, not negative.
  case number
  case oneOf([String])
  /// The name of a command, word by word.
  case command
}

/// A word that stands without an option's name.
public struct CommandArgument: Sendable {
  /// As help shows it: `RUN`.
  public let name: String
  public let kind: ValueKind
  public let help: String
  public let isRequired: Bool
  public let isRepeated: Bool

  public init(
    _ name: String, _ kind: ValueKind, _ help: String, isRequired: Bool = true, isRepeated: Bool = false
  ) {
    self.name = name
    self.kind = kind
    self.help = help
    self.isRequired = isRequired
    self.isRepeated = isRepeated
  }

  /// `RUN`, `[RUN]`, `WORD...`, as it stands in a usage line.
  public var usage: String {
    let word = isRepeated ? name + "..." : name
    return isRequired ? word : "[\(word)]"
  }
}

/// An option with two dashes.
public struct CommandOption: Sendable {
  public enum Kind: Sendable, Equatable {
    /// On where it is given. One that is on by default is turned off by `--no-NAME`.
    case flag(isOn: Bool)
    case value(ValueKind, placeholder: String)
  }

  /// Without dashes: `plan`.
  public let name: String
  /// One letter for the same: `h`.
  public let letter: Character?
  public let kind: Kind
  public let help: String
  /// What holds where the option is not given, for help; the command knows it too.
  public let defaultValue: String?
  public let isRepeated: Bool

  public init(
    flag name: String, letter: Character? = nil, isOn: Bool = false, _ help: String
  ) {
    self.name = name
    self.letter = letter
    kind = .flag(isOn: isOn)
    self.help = help
    defaultValue = nil
    isRepeated = false
  }

  public init(
    _ name: String, _ value: ValueKind, _ placeholder: String, _ help: String, default defaultValue: String? = nil,
    isRepeated: Bool = false
  ) {
    self.name = name
    letter = nil
    kind = .value(value, placeholder: placeholder)
    self.help = help
    self.defaultValue = defaultValue
    self.isRepeated = isRepeated
  }

  /// What is typed, as help shows it: `--plan HASH`, `--no-progress`, `-h, --help`.
  public var spelling: String {
    switch kind {
    case .flag(let isOn): (letter.map { "-\($0), " } ?? "") + (isOn ? "--no-" : "--") + name
    case .value(_, let placeholder): "--\(name) \(placeholder)"
    }
  }

  /// The word that is typed, without a value: `--plan`, `--no-progress`.
  public var word: String { (kind == .flag(isOn: true) ? "--no-" : "--") + name }

  /// The values that are allowed, where they can be listed.
  public var alternatives: [String] {
    if case .value(.oneOf(let values), _) = kind { values } else { [] }
  }
}
