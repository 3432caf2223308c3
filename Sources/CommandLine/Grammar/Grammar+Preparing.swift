extension Grammar {
  static let target = CommandArgument(
    "TARGET", .target, "What to work on: <system>/<part>, or <system> where it has one part.")

  /// The options that let a blocking finding pass, with name and reason.
  static let waiverOptions: [CommandOption] = [
    CommandOption(
      "waive", .text, "CHECK",
      "Let the blocking findings of this check pass; CHECK@SUBJECT means one subject. Needs --by and --reason, which stand in the plan and in the report.",
      isRepeated: true),
    CommandOption(
      "by", .text, "NAME", "Who waives; belongs to the --waive before it, or to all.", isRepeated: true),
    CommandOption("reason", .text, "TEXT", "Why; belongs to the --waive before it, or to all.", isRepeated: true),
  ]

  static let preparingCommands: [Command] = [
    Command(
      "init", in: .preparing, "describe the platform in a file",
      description: [
        "Asks what the platform consists of, or takes it from options, looks at each database and file without changing anything, says what it found, and writes platform.json5 (readable by its owner only) in the current folder or where --platform says.",
        "An existing file is left alone unless --force is given; the old one is then kept with the suffix .bak.",
      ],
      options: [
        CommandOption("name", .text, "NAME", "The platform's name.", default: "the folder's name"),
        CommandOption(
          "source", .location, "[NAME=]LOCATION",
          "A database of the old service: sqlite:PATH or postgresql://USER@HOST/DATABASE. Two that belong together (configuration and history) are recognised.",
          isRepeated: true),
        CommandOption(
          "source-password-file", .file, "FILE",
          "A file (mode 0600) with the password of the old databases; its path goes into the platform file."),
        CommandOption(
          "destination", .location, "LOCATION", "The new service's history database.",
          default: "a new SQLite file"),
        CommandOption("configuration", .location, "LOCATION", "The new service's configuration database."),
        CommandOption(
          "destination-password-file", .file, "FILE", "The same as --source-password-file for the destination."),
        CommandOption(
          "accesslog", .location, "[NAME=]FILE|URL",
          "A slapd accesslog: an LDIF file, or ldaps://HOST for the directory itself.", isRepeated: true),
        CommandOption(
          "samba-audit", .file, "[NAME=]FILE", "A Samba audit log in JSON; may be given for each file.",
          isRepeated: true),
        CommandOption(flag: "yes", "Ask nothing; take the options and proposals as they are."),
        CommandOption(flag: "force", "Replace an existing platform file, keeping it as .bak."),
      ],
      examples: [
        CommandExample("locktender init", "answer a few questions"),
        CommandExample(
          "locktender init --source sqlite:old.db --destination sqlite:history.db --yes", "from a script"),
      ]),
    Command(
      "discover", in: .preparing, "show what is there",
      description: [
        "Reads facts from the systems: products, versions, row counts, time spans, the last write. Everything is opened read-only."
      ],
      arguments: [optional(target)], choices: .narrowing,
      examples: [CommandExample("locktender discover administration/history", "what would be moved")]),
    Command(
      "check", in: .preparing, "find out whether a migration can begin",
      description: [
        "Makes every check of the part and lists the findings: what passes, what to mind, and what forbids to go on, each with its remedy. Changes nothing.",
        "A blocking finding that may be waived is let pass with a name and a reason; where data would be lost it cannot be.",
      ],
      arguments: [optional(target)],
      options: waiverOptions + [CommandOption(flag: "all", "List what passes in full, too.")],
      choices: .all, exits: [.done, .failed, .usage, .blocked],
      examples: [
        CommandExample("locktender check administration/history", "list the findings"),
        CommandExample(
          "locktender check administration/history --waive backup.place --by 'M. Weber' --reason 'on a second disk'",
          "let one pass"),
      ]),
    Command(
      "plan", in: .preparing, "decide what a migration will do",
      description: [
        "Makes the checks, decides on every step, and shows the plan: what is read in which version, how much will be carried, how long it takes and how much room it needs, what cannot be undone, and the plan's hash. The plan is kept; apply carries it out by its hash and makes no choices of its own.",
        "Changes nothing in any system.",
      ],
      arguments: [optional(target)],
      options: [
        CommandOption("diff", .plan, "HASH", "Show what differs from an earlier plan.")
      ] + waiverOptions,
      choices: .all, exits: [.done, .failed, .usage, .blocked],
      examples: [
        CommandExample("locktender plan administration/history", "plan an import"),
        CommandExample("locktender plan administration/history --diff 3f9a1c02", "what has changed since"),
      ]),
  ]

  static func optional(_ argument: CommandArgument) -> CommandArgument {
    CommandArgument(
      argument.name, argument.kind, argument.help + " May be left out where the platform has one part.",
      isRequired: false, isRepeated: argument.isRepeated)
  }
}
