extension CompletionScript {
  /// For zsh's own completion system.
  func zsh() -> [String] {
    var lines = [
      "#compdef locktender",
      "# zsh completion for locktender \(programVersion); made by: locktender completions zsh",
      "_locktender_ask() {",
      "  local -a found",
      "  found=(${(f)\"$(locktender $platform __complete $1 2>/dev/null)\"})",
      "  found=(${found//:/\\\\:})",
      "  found=(${found/$'\\t'/:})",
      "  _describe -V \"$1\" found",
      "}",
      "_locktender() {",
      "  local path_words='' word i last=1 skip=0",
      "  local -a platform verbs",
      "  for ((i = 2; i < CURRENT; i++)); do",
      "    word=$words[i]",
      "    case $word in",
      "      --platform) platform=(--platform \"$words[i+1]\") ;;",
      "      --platform=*) platform=(\"$word\") ;;",
      "    esac",
      "    if ((skip)); then skip=0; continue; fi",
      "    case $word in",
      "      \(commonValueWords.joined(separator: "|"))) skip=1 ;;",
      "      -*) ;;",
      "      *)",
      "        case \"$path_words $word\" in",
    ]
    for noun in nouns {
      for word in grammar.words(after: noun) {
        let path = (noun + [word]).joined(separator: " ")
        lines.append("          ' \(path)') path_words=' \(path)'; last=$i ;;")
      }
    }
    lines += ["        esac ;;", "    esac", "  done", "  case $path_words in"]
    for noun in nouns { lines += zshNoun(noun) }
    for command in grammar.visibleCommands { lines += zshCommand(command) }
    return lines + ["  esac", "}", "_locktender \"$@\""]
  }

  private func zshNoun(_ noun: [String]) -> [String] {
    let path = noun.isEmpty ? "" : " " + noun.joined(separator: " ")
    var lines = ["    '\(path)')", "      verbs=("]
    for word in grammar.words(after: noun) {
      let summary = grammar.command(noun + [word])?.summary ?? "more verbs"
      lines.append("        \(singleQuoted(zshEscaped(word, ":") + ":" + summary))")
    }
    // Before a verb only the common options can stand.
    lines += ["      )", "      if [[ $PREFIX == -* ]]; then", "        _arguments \\"]
    lines += grammar.common.map { "          \(zshOption($0)) \\" }
    lines += ["          '*:: :'", "      else", "        _describe verb verbs", "      fi ;;"]
    return lines
  }

  private func zshCommand(_ command: Command) -> [String] {
    var lines = [
      "    ' \(command.name)')",
      "      shift $((last - 1)) words; ((CURRENT -= last - 1))",
      "      _arguments -S \\",
    ]
    lines += grammar.options(of: command).map { "        \(zshOption($0)) \\" }
    for argument in command.arguments {
      let act = zshAct(argument.kind)
      let place = argument.isRepeated ? "*:" : argument.isRequired ? ":" : "::"
      lines.append("        \(singleQuoted("\(place)\(zshEscaped(argument.name, ":")):\(act)")) \\")
    }
    lines[lines.count - 1].removeLast(2)
    lines[lines.count - 1] += " ;;"
    return lines
  }

  private func zshOption(_ option: CommandOption) -> String {
    let help = zshEscaped(option.help, "[]:")
    let many = option.isRepeated ? "*" : ""
    guard case .value(let kind, let placeholder) = option.kind else {
      return singleQuoted("\(many)\(option.word)[\(help)]")
    }
    return singleQuoted("\(many)\(option.word)=[\(help)]:\(zshEscaped(placeholder, "[]:")):\(zshAct(kind))")
  }

  private func zshAct(_ kind: ValueKind) -> String {
    if let source = completionSource(of: kind) { return "{_locktender_ask \(source)}" }
    return switch kind {
    case .oneOf(let values): "(\(values.joined(separator: " ")))"
    case .command: "(\(grammar.words(after: []).joined(separator: " ")))"
    case .file, .location: "_files"
    case .folder: "_files -/"
    default: " "
    }
  }

  private func zshEscaped(_ text: String, _ special: String) -> String {
    var result = ""
    for character in text {
      if special.contains(character) || character == "\\" { result.append("\\") }
      result.append(character)
    }
    return result
  }
}
