extension CompletionScript {
  /// For fish 3.
  func fish() -> [String] {
    var lines = [
      "# fish completion for locktender \(programVersion); made by: locktender completions fish",
      "function __locktender_path",
      "    set -l path ''",
      "    set -l skip 0",
      "    for word in (commandline -opc)[2..-1]",
      "        if test $skip = 1",
      "            set skip 0",
      "            continue",
      "        end",
      "        switch $word",
      "            case \(commonValueWords.joined(separator: " "))",
      "                set skip 1",
      "            case '-*'",
      "            case '*'",
      "                switch \"$path $word\"",
    ]
    for noun in nouns {
      for word in grammar.words(after: noun) {
        let path = (noun + [word]).joined(separator: " ")
        lines += ["                    case ' \(path)'", "                        set path ' \(path)'"]
      }
    }
    lines += [
      "                end", "        end", "    end", "    echo (string trim -- $path)", "end",
      "function __locktender_at",
      "    test (__locktender_path) = \"$argv[1]\"",
      "end",
      "function __locktender_ask",
      "    set -l words (commandline -opc)",
      "    set -l platform",
      "    if set -l at (contains -i -- --platform $words)",
      "        set platform --platform $words[(math $at + 1)]",
      "    end",
      "    locktender $platform __complete $argv[1] 2>/dev/null",
      "end",
      "complete -c locktender -f",
    ]
    for option in grammar.common { lines.append("complete -c locktender" + fishOption(option)) }
    for noun in nouns {
      for word in grammar.words(after: noun) {
        let summary = grammar.command(noun + [word])?.summary ?? "more verbs"
        lines.append(
          "complete -c locktender\(fishPlace(noun)) -a \(singleQuoted(word, forFish: true)) -d \(singleQuoted(summary, forFish: true))"
        )
      }
    }
    for command in grammar.visibleCommands {
      for option in grammar.options(of: command).dropLast(grammar.common(of: command).count) {
        lines.append("complete -c locktender\(fishPlace(command.path))\(fishOption(option))")
      }
      if let argument = command.arguments.first, let act = fishAct(argument.kind) {
        lines.append("complete -c locktender\(fishPlace(command.path)) \(act)")
      }
    }
    return lines
  }

  private func fishPlace(_ path: [String]) -> String {
    " -n " + singleQuoted("__locktender_at \"\(path.joined(separator: " "))\"", forFish: true)
  }

  private func fishOption(_ option: CommandOption) -> String {
    var text = (option.letter.map { " -s \($0)" } ?? "") + " -l \(option.word.dropFirst(2))"
    if case .value(let kind, _) = option.kind {
      let act = fishAct(kind)
      text += act == "-F" ? " -r -F" : " -x" + (act.map { " " + $0 } ?? "")
    }
    return text + " -d " + singleQuoted(option.help, forFish: true)
  }

  private func fishAct(_ kind: ValueKind) -> String? {
    if let source = completionSource(of: kind) { return "-a '(__locktender_ask \(source))'" }
    return switch kind {
    case .oneOf(let values): "-a \(singleQuoted(values.joined(separator: " "), forFish: true))"
    case .command: "-a \(singleQuoted(grammar.words(after: []).joined(separator: " "), forFish: true))"
    case .file, .location: "-F"
    case .folder: "-a '(__fish_complete_directories)'"
    default: nil
    }
  }
}
