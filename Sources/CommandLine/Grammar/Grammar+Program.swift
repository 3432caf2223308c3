extension Grammar {
  static let programCommands: [Command] = [
    Command(
      "help", in: .program, "explain the program or one verb",
      arguments: [
        CommandArgument("VERB", .command, "The verb to explain.", isRequired: false, isRepeated: true)
      ],
      options: [CommandOption(flag: "man", "Print the whole manual page in mdoc.")],
      exits: [.done, .failed, .usage],
      examples: [
        CommandExample("locktender help apply", "one verb"),
        CommandExample("locktender help --man | man -l -", "the manual page"),
      ], isTextOnly: true),
    Command(
      "completions", in: .program, "print completions for a shell",
      arguments: [CommandArgument("SHELL", .oneOf(["bash", "zsh", "fish"]), "The shell they are for.")],
      exits: [.done, .failed, .usage],
      examples: [
        CommandExample(
          "locktender completions bash >~/.local/share/bash-completion/completions/locktender", "install them")
      ], isTextOnly: true),
    Command("version", in: .program, "print the program's version"),
  ]

  static let hiddenCommands: [Command] = [
    Command(
      "__complete", in: .program, "print the candidates for a word",
      arguments: [CommandArgument("KIND", .oneOf(["runs", "plans", "targets"]), "What to list.")],
      isHidden: true),
    Command(
      "__run", in: .program, "carry out a plan in a session of its own",
      arguments: [CommandArgument("RUN", .text, "The id of the new run.")],
      options: [
        CommandOption("plan", .plan, "HASH", "The plan's full hash."),
        CommandOption("at", .time, "TIME", "Wait until then."),
      ],
      exits: ExitCode.allCases, isHidden: true),
  ]
}
