extension Grammar {
  static let run = CommandArgument(
    "RUN", .run, "The run's id or the digits it begins with; the newest run where it is left out.",
    isRequired: false)

  /// Of verbs that can begin with a run that is not here.
  static let takingUp = CommandOption(
    "plan", .plan, "HASH",
    "For a run whose folder is not here: the plan that is accepted, by its whole hash.")

  static let runningCommands: [Command] = [
    Command(
      "apply", in: .running, "carry out an accepted plan",
      description: [
        "Carries out the plan whose hash is given, verifies both sides, and writes the report. On a terminal and without --plan it makes the plan, shows it, and asks for the first eight digits of its hash. Without either it does nothing.",
        "Ctrl-C, or SIGTERM, stops the run at the end of the batch at hand; what is in stays, and resume goes on. A run that is killed loses nothing either.",
        "With --detach the run survives the end of the terminal: watch shows it, cancel stops it.",
      ],
      arguments: [
        CommandArgument(
          "TARGET", .target, "What to plan where no --plan is given; else it must be the plan's part.",
          isRequired: false)
      ],
      options: [
        CommandOption(
          "plan", .plan, "HASH", "The plan that is accepted: its hash, or at least eight digits of it."),
        CommandOption(flag: "detach", "Start the run in the background and print its id."),
        CommandOption(
          "at", .time, "TIME",
          "Wait until then: RFC 3339 with a zone (2026-11-20T23:30:00+01:00), or HH:MM as the next such time here."),
        CommandOption(flag: "dry-run", "Show what would be done and do nothing."),
      ] + waiverOptions,
      choices: .all, exits: ExitCode.allCases,
      examples: [
        CommandExample("locktender apply --plan 3f9a1c02", "carry out a plan"),
        CommandExample("locktender apply administration/history", "plan, show, ask, and carry out"),
        CommandExample("locktender apply --plan 3f9a1c02 --detach --at 23:30", "tonight, without a terminal"),
      ]),
    Command(
      "status", in: .running, "show where a run stands",
      arguments: [run],
      examples: [CommandExample("locktender status", "the newest run")]),
    Command(
      "watch", in: .running, "follow a run that another process executes",
      description: [
        "Shows the run's events and progress until it ends, and ends with the run's exit code. Ctrl-C stops watching and leaves the run alone. With --json every event is a line of JSON."
      ],
      arguments: [run], exits: ExitCode.allCases,
      examples: [CommandExample("locktender watch", "the newest run")]),
    Command(
      "cancel", in: .running, "stop a run at the end of its batch",
      description: [
        "Asks the run to stop, whichever process works on it, and waits until it has. What is in stays (--keep) and the run can be resumed, or exactly what this run brought is taken out again (--remove)."
      ],
      arguments: [run],
      options: [
        CommandOption(flag: "keep", "Keep what is in. This is what happens without either option."),
        CommandOption(flag: "remove", "Take out again exactly what the run brought, as rollback does."),
      ],
      examples: [CommandExample("locktender cancel --remove", "stop the newest run and undo it")]),
    Command(
      "resume", in: .running, "go on with a run that was stopped, failed or cut off",
      description: [
        "Continues exactly where the run stopped, verifies, and writes the report. Refused where the databases are no longer those the plan was made for.",
        "A run that was told when to begin (apply --at) waits for that time again. A run that has ended is left as it is: the exit code is its own.",
        "A run that was begun on another host, or whose folder is lost, is taken up by what its destination keeps of it: name it by its id, and accept its plan once more.",
      ],
      arguments: [run],
      options: [CommandOption(flag: "now", "Begin at once, though the run was told to wait."), takingUp],
      exits: ExitCode.allCases,
      examples: [CommandExample("locktender resume", "the newest run")]),
    Command(
      "runs", in: .running, "list all runs", options: [],
      examples: [CommandExample("locktender runs --json", "for a program")]),
  ]
}
