extension Grammar {
  static let systemCommands: [Command] = [
    Command(
      "administration history show", in: .systems, "show what happened to an object",
      description: [
        "Lists the changes of one object, oldest first, across its renames and moves, from everything that the history database holds, and says which times are covered and which were not imported."
      ],
      arguments: [
        CommandArgument("OBJECT", .text, "The object's GUID, or its distinguished name now or at any time before.")
      ],
      options: historyOptions,
      examples: [
        CommandExample(
          "locktender administration history show 'CN=Anna Weber,OU=Sales,DC=corp,DC=example,DC=com'",
          "one person's object")
      ]),
    Command(
      "administration history activity", in: .systems, "show what a user did",
      description: [
        "Lists the requests that a user made, oldest first, and says which times are covered and which were not imported."
      ],
      arguments: [CommandArgument("USER", .text, "The account that asked for the changes.")],
      options: historyOptions,
      examples: [
        CommandExample("locktender administration history activity 'CORP\\weber' --format csv", "for a spreadsheet")
      ]),
    Command(
      "lab new", in: .systems, "make an old platform to practise on",
      description: [
        "Makes the databases of an administration service of an old version, with the ugly parts of real ones. The same options give the same content, on both engines. A history of 0 requests makes the databases of a new service."
      ],
      arguments: [CommandArgument("DIR", .folder, "The new folder.")],
      options: [
        CommandOption(
          "version", .oneOf(["7.5", "7.6", "8.0", "8.1", "8.2"]), "VERSION", "The version of the old platform.",
          default: "7.5"),
        CommandOption(
          "engine", .oneOf(["sqlite", "postgresql"]), "ENGINE", "Where its databases live.", default: "sqlite"),
        CommandOption(
          "server", .location, "LOCATION",
          "With postgresql: where a login may create databases, as postgresql://USER@HOST/DATABASE."),
        CommandOption("password-file", .file, "FILE", "A file (mode 0600) with that login's password."),
        CommandOption(
          "prefix", .text, "NAME", "With postgresql: how the names of the new databases begin.", default: "lab"),
        CommandOption(flag: "undivided", "One database for configuration and history; usual in 7.5 and 7.6."),
        CommandOption(flag: "divided", "Two databases; the only shape from 8.0 on."),
        CommandOption("people", .number, "COUNT", "How many people it has.", default: "2000"),
        CommandOption("history", .number, "COUNT", "How many change requests it has.", default: "200000"),
        CommandOption("seed", .number, "SEED", "What its randomness begins with.", default: "1"),
      ],
      examples: [
        CommandExample("locktender lab new demo --version 7.5 --people 200 --history 5000", "a small one")
      ]),
  ]

  private static let historyOptions: [CommandOption] = [
    CommandOption("from", .time, "TIME", "Only from then on (RFC 3339 or a date, in UTC)."),
    CommandOption("until", .time, "TIME", "Only before then."),
    CommandOption(
      "format", .oneOf(["text", "json", "csv", "html"]), "FORMAT", "How to print it.", default: "text"),
  ]
}
