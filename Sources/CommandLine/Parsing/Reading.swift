internal import Base
internal import Migration

/// The state of reading one command's options and arguments.
struct Reading {
  let grammar: Grammar
  let command: Command
  /// Every option that the command could take for some part.
  private let options: [CommandOption]
  private var given: [Invocation.Given] = []
  private var words: [String] = []

  init(grammar: Grammar, command: Command) {
    self.grammar = grammar
    self.command = command
    options = grammar.options(of: command)
  }

  mutating func take(_ input: [String]) throws(CommandLineError) {
    var index = 0
    while index < input.count {
      let word = input[index]
      index += 1
      if word == "--" {
        words += input[index...]
        return
      }
      guard word.hasPrefix("-"), word.count > 1 else {
        words.append(word)
        continue
      }
      guard word.hasPrefix("--") else { throw unknownOption(word) }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(parts[0])
      var value = parts.count == 2 ? String(parts[1]) : nil
      guard let (option, isOn) = option(name) else { throw unknownOption("--" + name) }
      switch option.kind {
      case .flag:
        if value != nil { throw error("--\(name) takes no value") }
        try add(option, isOn ? "yes" : "no")
      case .value(let kind, let placeholder):
        if value == nil, index < input.count, !input[index].hasPrefix("--") {
          value = input[index]
          index += 1
        }
        guard let value else {
          throw error("--\(name) needs a value: --\(name) \(placeholder)", hint: "--\(name)=VALUE takes any text")
        }
        try check(value, kind, of: "--\(name)")
        try add(option, value)
      }
    }
  }

  /// The option of a name, and whether the name turns a flag on.
  private func option(_ name: String) -> (CommandOption, isOn: Bool)? {
    if let option = options.first(where: { $0.name == name }) { return (option, true) }
    if name.hasPrefix("no-"), let option = options.first(where: { $0.name == name.dropFirst(3) }),
      option.kind == .flag(isOn: true)
    {
      return (option, false)
    }
    return nil
  }

  private mutating func add(_ option: CommandOption, _ value: String) throws(CommandLineError) {
    if !option.isRepeated, given.contains(where: { $0.name == option.name }) {
      throw error("--\(option.name) is given twice")
    }
    given.append(Invocation.Given(name: option.name, value: value))
  }

  private func check(_ value: String, _ kind: ValueKind, of what: String) throws(CommandLineError) {
    switch kind {
    case .oneOf(let values):
      guard values.contains(value) else {
        throw error(
          "\(what) cannot be \(quoted(value))\(didYouMean(value, among: values)); it is one of \(values.joined(separator: ", "))"
        )
      }
    case .number:
      guard !value.isEmpty, value.utf8.allSatisfy({ (48...57).contains($0) }), Int(value) != nil else {
        throw error("\(what) needs a whole number, not \(quoted(value))")
      }
    case .target:
      guard PartAddress(value) != nil else {
        throw error("\(what) is \(quoted(value)), which is no <system>/<part>")
      }
    case .file, .folder, .location, .run, .plan, .time:
      if value.isEmpty { throw error("\(what) is empty") }
    case .text, .command:
      break
    }
  }

  /// Everything is read: the words become arguments, and what belongs to another part is refused.
  func finished() throws(CommandLineError) -> Invocation {
    var arguments: [String: [String]] = [:]
    var rest = words[...]
    for argument in command.arguments {
      if argument.isRepeated {
        for word in rest { try check(word, argument.kind, of: argument.name) }
        arguments[argument.name] = Array(rest)
        rest = []
      } else if let word = rest.popFirst() {
        try check(word, argument.kind, of: argument.name)
        arguments[argument.name] = [word]
      }
      if argument.isRequired, arguments[argument.name, default: []].isEmpty {
        throw error("\(argument.name) is missing")
      }
    }
    if let extra = rest.first {
      throw error(
        command.arguments.isEmpty
          ? "\(command.name) takes no argument, but \(quoted(extra)) is given"
          : "\(quoted(extra)) is one word too many")
    }
    let part = try part(arguments)
    if let part { try grammar.refuseChoicesOfOthers(given, of: command, on: part) }
    return Invocation(command: command, part: part, given: given, arguments: arguments)
  }

  private func part(_ arguments: [String: [String]]) throws(CommandLineError) -> PartDescription? {
    guard let argument = command.arguments.first(where: { $0.kind == .target }) else { return nil }
    guard let name = arguments[argument.name]?.first, let address = PartAddress(name) else {
      return grammar.parts.count == 1 ? grammar.parts[0] : nil
    }
    if let part = grammar.part(address) { return part }
    let names = grammar.parts.map(\.address.description)
    throw error(
      "there is no part \(quoted(name))\(didYouMean(name, among: names)); parts are \(names.joined(separator: ", "))"
    )
  }

  private func unknownOption(_ word: String) -> CommandLineError {
    refusedChoice(word)
      ?? error("\(command.name) has no option \(quoted(word))\(didYouMean(word, among: options.map(\.word)))")
  }

  /// A choice of a part that decides what is done, given to a command that only looks.
  private func refusedChoice(_ word: String) -> CommandLineError? {
    guard command.choices == .narrowing, grammar.parts.flatMap(\.options).contains(where: { $0.word == word })
    else {
      return nil
    }
    let taken = Set(grammar.parts.flatMap { $0.options(of: command) }.map(\.word)).sorted()
    let takers = grammar.visibleCommands.filter { $0.choices == .all }.map(\.name)
    return error(
      "\(word) decides what is done, and \(command.name) only looks",
      hint:
        "\(command.name) takes \(taken.joined(separator: ", ")); give \(word) to \(takers.joined(separator: ", "))")
  }

  private func error(_ reason: String, hint: String? = nil) -> CommandLineError {
    CommandLineError(
      .usage, doing: "read the command line", reason: reason,
      advice: (hint.map { $0 + "; " } ?? "") + "locktender help \(command.name)")
  }
}
