internal import Migration

/// Completions for a shell, from the table. Runs, plans and targets are asked of the program itself while typing.
public struct CompletionScript: Sendable {
  public enum Shell: String, Sendable, CaseIterable {
    case bash, zsh, fish
  }

  let grammar: Grammar

  public init(_ grammar: Grammar) { self.grammar = grammar }

  public func text(for shell: Shell) -> String {
    let lines =
      switch shell {
      case .bash: bash()
      case .zsh: zsh()
      case .fish: fish()
      }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every prefix of a command's words that needs one more word, the empty one first.
  var nouns: [[String]] {
    var nouns: [[String]] = [[]]
    for command in grammar.visibleCommands {
      for count in 1..<max(1, command.path.count) where !nouns.contains(Array(command.path.prefix(count))) {
        nouns.append(Array(command.path.prefix(count)))
      }
    }
    return nouns
  }

  /// The options before a verb that take a value, so that the value is not taken for the verb.
  var commonValueWords: [String] {
    grammar.common.compactMap { if case .value = $0.kind { $0.word } else { nil } }
  }

  func words(of option: CommandOption) -> [String] {
    (option.letter.map { ["-\($0)"] } ?? []) + [option.word]
  }
}

/// What the hidden verb `__complete` lists for a kind of value; nil where the shell itself knows better.
func completionSource(of kind: ValueKind) -> String? {
  switch kind {
  case .run: "runs"
  case .plan: "plans"
  case .target: "targets"
  default: nil
  }
}

/// A text in single quotes for a POSIX shell, zsh or fish.
func singleQuoted(_ text: String, forFish: Bool = false) -> String {
  var quoted = "'"
  for character in text {
    switch character {
    case "'": quoted += forFish ? "\\'" : "'\\''"
    case "\\" where forFish: quoted += "\\\\"
    default: quoted.append(character)
    }
  }
  return quoted + "'"
}
