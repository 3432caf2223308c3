internal import Base
internal import Migration

/// Turns the words of a command line into an invocation, by the table and nothing else.
public struct Parser: Sendable {
  public enum Result: Sendable {
    case invocation(Invocation)
    /// Help for the words of a command, of a noun, or for nothing: the overview.
    case help([String])
  }

  let grammar: Grammar

  public init(_ grammar: Grammar) { self.grammar = grammar }

  /// - Parameter words: the command line without the program's name.
  /// - Throws: ``CommandLineError`` `usage`, with advice that names the help that tells more.
  public func parse(_ words: [String]) throws(CommandLineError) -> Result {
    let beforeEnd = words.prefix { $0 != "--" }
    let wantsHelp = beforeEnd.contains("--help") || beforeEnd.contains("-h")
    let (path, rest) = try commandWords(words, forHelp: wantsHelp)
    if wantsHelp { return .help(path) }
    // As other programs spell it, where no verb is given.
    let isVersion = path.isEmpty && beforeEnd.contains("--version")
    guard let command = grammar.command(isVersion ? ["version"] : path) else { throw unfinished(path) }
    var reading = Reading(grammar: grammar, command: command)
    try reading.take(isVersion ? rest.filter { $0 != "--version" } : rest)
    return .invocation(try reading.finished())
  }

  /// The words that call a command, and everything else in its order.
  ///
  /// Common options may stand before the command: `locktender --json status`.
  private func commandWords(
    _ words: [String], forHelp: Bool
  ) throws(CommandLineError) -> (path: [String], rest: [String]) {
    var path: [String] = []
    var rest: [String] = []
    var index = 0
    while index < words.count, words[index] != "--" {
      let word = words[index]
      if word.hasPrefix("-"), word.count > 1 {
        rest.append(word)
        index += 1
        if takesNextWord(word), index < words.count {
          rest.append(words[index])
          index += 1
        }
        continue
      }
      // A command that is complete takes what follows as its arguments.
      let isComplete = grammar.command(path) != nil && grammar.words(after: path).isEmpty
      if isComplete { break }
      let extended = path + [word]
      if grammar.command(extended) == nil, grammar.words(after: extended).isEmpty {
        if forHelp, !path.isEmpty { break }
        throw unknown(word, after: path)
      }
      path = extended
      index += 1
    }
    return (path, rest + words[index...])
  }

  /// Whether a word is an option whose value is the next word. Before the command is known, any command's option
  /// of that name counts.
  private func takesNextWord(_ word: String) -> Bool {
    guard word.hasPrefix("--"), !word.contains("=") else { return false }
    let name = word.dropFirst(2)
    let all = grammar.common + grammar.commands.flatMap(\.options) + grammar.parts.flatMap(\.options)
    return all.contains { option in
      if option.name == name, case .value = option.kind { true } else { false }
    }
  }

  private func unknown(_ word: String, after path: [String]) -> CommandLineError {
    let candidates = grammar.words(after: path)
    let hint = didYouMean(word, among: candidates)
    if path.isEmpty {
      return CommandLineError(
        .usage, doing: "read the command line", reason: "there is no verb \(quoted(word))\(hint)",
        advice: "locktender help lists all verbs")
    }
    return CommandLineError(
      .usage, doing: "read the command line",
      reason: "\(path.joined(separator: " ")) knows no \(quoted(word))\(hint)",
      advice: "locktender help \(path.joined(separator: " "))")
  }

  private func unfinished(_ path: [String]) -> CommandLineError {
    if path.isEmpty {
      return CommandLineError(
        .usage, doing: "read the command line", reason: "a verb is missing",
        advice: "locktender help lists all verbs")
    }
    let name = path.joined(separator: " ")
    return CommandLineError(
      .usage, doing: "read the command line",
      reason: "\(name) needs one more word: \(grammar.words(after: path).joined(separator: ", "))",
      advice: "locktender help \(name)")
  }
}

/// A word as messages show it: in quotes, without control characters.
func quoted(_ word: String) -> String {
  var text = "'"
  for scalar in word.unicodeScalars.prefix(80) {
    text.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
  }
  return text + (word.unicodeScalars.count > 80 ? "…'" : "'")
}
