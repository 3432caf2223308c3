extension Grammar {
  /// Lets `--output` replace what is there.
  static let replacing = CommandOption(
    flag: "force", "Replace the file of --output where it is there already; never the platform's own.")

  /// The options of what reads the new history.
  private static let historyOptions: [CommandOption] = [
    CommandOption(
      "since", .time, "TIME", "Tell what was asked for at or after this time (UTC unless it has a zone)."),
    CommandOption("until", .time, "TIME", "Tell what was asked for before this time."),
    CommandOption("limit", .number, "COUNT", "Tell so many entries at most, the newest ones."),
    CommandOption(
      "format", .oneOf(["text", "json", "csv", "html"]), "FORMAT",
      "The form: text for a terminal, JSON, CSV (RFC 4180), or a page that stands alone.", default: "text"),
    CommandOption(
      "output", .file, "FILE",
      "Write it there, readable by its owner only, instead of to standard output; the file appears when it is whole."
    ),
    replacing,
  ]

  private static let historyCoverage =
    "What times the history covers is told first, source by source, with every gap that is known: spans that were not imported, imports that were not brought to their end, rows that were rejected. Everything is read over one read-only connection."

  static let systemCommands: [Command] = [
    Command(
      "administration history show", in: .systems, "show what became of an object, under all its names",
      description: [
        "Reads the new history and tells every change of an object, newest first: when, who asked for it and with which account, what became of it, the properties before and after, workflows, policies and tasks, and which source it came from. Renamings and moves are followed both ways.",
        "An object that has no id is followed by its names. Where several objects have had a name, all are listed, and one is named by its key.",
        historyCoverage,
      ],
      arguments: [
        CommandArgument(
          "OBJECT", .text,
          "Its id, the key of one of its requests, any name it has or had, or the first part of one.")
      ],
      options: historyOptions + [
        CommandOption(flag: "by-name", "Tell what happened under this very name, whatever had it.")
      ],
      exits: [.done, .failed, .usage, .cancelled],
      examples: [
        CommandExample(
          "locktender administration history show 'CN=Anna Huber,OU=Sales,DC=corp,DC=example'", "one object"),
        CommandExample(
          "locktender administration history show 0f1e2d3c-4b5a-4678-8796-a5b4c3d2e1f0 --format html --output huber.html",
          "as a page"),
      ]),
    Command(
      "administration history activity", in: .systems, "show what a user asked for and decided",
      description: [
        "Reads the new history and tells every request that a user made and every approval that was theirs to give, newest first, in the same forms.",
        historyCoverage,
      ],
      arguments: [
        CommandArgument("USER", .text, "The account as the history has it, or its short form: CORP\\anna, anna.")
      ],
      options: historyOptions, exits: [.done, .failed, .usage, .cancelled],
      examples: [
        CommandExample(
          "locktender administration history activity anna --since 2026-01-01 --format csv --output anna.csv",
          "for a spreadsheet")
      ]),
    Command(
      "administration connection show", in: .systems, "list the databases that the platform file names",
      examples: [CommandExample("locktender administration connection show", "all of them")]),
    Command(
      "administration connection test", in: .systems, "open databases as an import would",
      description: [
        "Logs in and tells the user, how long the login took and how soon the server answers, how the connection is encrypted, whose certificate it is, until when, and which name was compared with which. Tries the rights that an import needs: at the new history a table is made in a transaction that is taken back, everything else is read. Nothing stays."
      ],
      arguments: [
        CommandArgument(
          "NAME", .text, "Connections to test, as show lists them; all where it is left out.", isRequired: false,
          isRepeated: true)
      ],
      exits: [.done, .failed, .usage, .blocked],
      examples: [CommandExample("locktender administration connection test destination", "one of them")]),
    Command(
      "administration connection set", in: .systems, "name another place for databases that were moved",
      description: [
        "Tests the new places first, all of them. Only where every login works and the same databases are there, the platform file is changed, in one piece; everything else in it stays as it is, and the old one is kept as .bak. A short server name is completed.",
        "Where the old place no longer answers, the newest run or plan tells which database was there, and of a configuration its history. Where nothing tells, --another says that the new place is meant.",
      ],
      arguments: [
        CommandArgument(
          "NAME LOCATION", .text, "A connection and its new location; two pairs for both databases of a service.",
          isRepeated: true)
      ],
      options: [
        CommandOption(flag: "another", "Accept another database in its place, or one that nothing is known of.")
      ],
      exits: [.done, .failed, .usage, .blocked],
      examples: [
        CommandExample(
          "locktender administration connection set destination postgresql://adm@db2.example.com/history",
          "after a move")
      ]),
    Command(
      "administration history backups list", in: .systems, "list the backups that imports have made",
      description: ["Newest first, with what each is of, how large it is, and whether its file is still there."],
      examples: [CommandExample("locktender administration history backups list --json", "for a program")]),
    Command(
      "administration history backups test", in: .systems, "restore a backup in a scratch place and read all of it",
      description: [
        "Decrypts the backup, restores it as somebody in need would, reads every row, and compares them with what went in. Nothing of it stays."
      ],
      arguments: [
        CommandArgument(
          "FILE", .file, "The backup's path or the end of it; the newest where it is left out.", isRequired: false)
      ],
      exits: [.done, .failed, .usage, .cancelled],
      examples: [CommandExample("locktender administration history backups test", "the newest")]),
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
}
