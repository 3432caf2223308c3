extension Grammar {
  static let systemCommands: [Command] = [
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
      ])
  ]
}
