extension CompletionScript {
  /// For bash 4 and newer, without the helpers of the bash-completion package.
  func bash() -> [String] {
    var lines = [
      "# bash completion for locktender \(programVersion); made by: locktender completions bash",
      "_locktender_ask() {",
      "  # One candidate a line, what follows a tab explains it.",
      "  compgen -W \"$(locktender \"${platform[@]}\" __complete \"$1\" 2>/dev/null | cut -f1)\" -- \"$cur\"",
      "}",
      "_locktender() {",
      "  local cur prev word path='' i skip=0",
      "  local -a platform=()",
      "  COMPREPLY=()",
      "  cur=${COMP_WORDS[COMP_CWORD]}",
      "  prev=${COMP_WORDS[COMP_CWORD-1]}",
      "  # bash takes --option=value for three words.",
      "  if [[ $cur == = ]]; then cur=''; elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi",
      "  for ((i = 1; i < COMP_CWORD; i++)); do",
      "    word=${COMP_WORDS[i]}",
      "    if [[ $word == --platform ]]; then",
      "      platform=(--platform \"${COMP_WORDS[i+1]}\")",
      "      [[ ${COMP_WORDS[i+1]} == = ]] && platform=(--platform \"${COMP_WORDS[i+2]}\")",
      "    fi",
      "    if ((skip)); then skip=0; continue; fi",
      "    case $word in",
      "      \(commonValueWords.joined(separator: "|"))) [[ ${COMP_WORDS[i+1]} == = ]] || skip=1 ;;",
      "      -* | =) ;;",
      "      *)",
      "        case \"$path $word\" in",
    ]
    for noun in nouns {
      for word in grammar.words(after: noun) {
        let path = (noun + [word]).joined(separator: " ")
        lines.append("          \(singleQuoted(" " + path))) path=' \(path)' ;;")
      }
    }
    lines += ["        esac ;;", "    esac", "  done", "  case \"$path:$prev\" in"]
    lines += bashValues()
    lines += ["  esac", "  if [[ $cur == -* ]]; then", "    case $path in"]
    for command in grammar.visibleCommands {
      let options = grammar.options(of: command).flatMap(words)
      lines.append("      ' \(command.name)') word='\(options.joined(separator: " "))' ;;")
    }
    lines += [
      "      *) word='\(grammar.common.flatMap(words).joined(separator: " ")) --version' ;;",
      "    esac",
      "    mapfile -t COMPREPLY < <(compgen -W \"$word\" -- \"$cur\")",
      "    return",
      "  fi",
      "  case $path in",
    ]
    lines += bashWords()
    lines += ["  esac", "}", "complete -o filenames -o default -F _locktender locktender"]
    return lines
  }

  /// What can follow an option that takes a value.
  private func bashValues() -> [String] {
    var lines: [String] = []
    for option in grammar.common {
      if let act = bashAct(option) { lines.append("    *:\(option.word)) \(act); return ;;") }
    }
    for command in grammar.visibleCommands {
      for option in grammar.options(of: command).dropLast(grammar.common(of: command).count) {
        guard let act = bashAct(option) else { continue }
        lines.append("    ' \(command.name):\(option.word)') \(act); return ;;")
      }
    }
    return lines
  }

  private func bashAct(_ option: CommandOption) -> String? {
    guard case .value(let kind, _) = option.kind else { return nil }
    return bashAct(kind) ?? ":"
  }

  private func bashAct(_ kind: ValueKind) -> String? {
    if let source = completionSource(of: kind) { return "mapfile -t COMPREPLY < <(_locktender_ask \(source))" }
    return switch kind {
    case .oneOf(let values):
      "mapfile -t COMPREPLY < <(compgen -W '\(values.joined(separator: " "))' -- \"$cur\")"
    case .file, .location: "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")"
    case .folder: "mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")"
    default: nil
    }
  }

  /// What can stand without an option's name: the next word of a command, or its argument.
  private func bashWords() -> [String] {
    var lines: [String] = []
    for noun in nouns {
      let path = noun.isEmpty ? "" : " " + noun.joined(separator: " ")
      let act = bashAct(.oneOf(grammar.words(after: noun))) ?? ":"
      lines.append("    '\(path)') \(act) ;;")
    }
    for command in grammar.visibleCommands {
      guard let argument = command.arguments.first else { continue }
      let kind = argument.kind == .command ? .oneOf(grammar.words(after: [])) : argument.kind
      if let act = bashAct(kind) { lines.append("    ' \(command.name)') \(act) ;;") }
    }
    return lines
  }
}
