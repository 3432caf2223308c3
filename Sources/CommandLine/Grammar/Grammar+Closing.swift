extension Grammar {
  private static let acceptance = CommandOption(
    flag: "yes", "Accept it here, without being asked on a terminal.")

  static let closingCommands: [Command] = [
    Command(
      "verify", in: .closing, "read both sides again and compare them",
      description: [
        "Compares old and new by content, with code that shares nothing with the import, and writes the report anew."
      ],
      arguments: [run], exits: [.done, .failed, .usage, .differing, .cancelled],
      examples: [CommandExample("locktender verify", "the newest run")]),
    Command(
      "compare", in: .closing, "compare both sides and leave the run as it is",
      description: [
        "Makes the same comparison as verify and prints it table by table; neither the run's state nor its report changes."
      ],
      arguments: [run], exits: [.done, .failed, .usage, .differing, .cancelled],
      examples: [CommandExample("locktender compare --json", "the newest run")]),
    Command(
      "report", in: .closing, "show what a run did",
      description: [
        "Prints the paths of the report (a page for people, JSON for programs) and its summary, or the whole of it in one of the forms."
      ],
      arguments: [run],
      options: [
        CommandOption(flag: "html", "Print the page itself."),
        CommandOption(flag: "text", "Print the whole report as text."),
      ],
      exits: [.done, .failed, .usage, .differing],
      examples: [
        CommandExample("locktender report", "the newest run, in short"),
        CommandExample("locktender report --html >report.html", "the page"),
      ]),
    Command(
      "support bundle", in: .closing, "pack what a supporter needs to see",
      description: [
        "Packs plan, report, journal, events and output of a run into one .tar.gz and prints its path. Secrets are not in it, and what could tell about people is masked; so are host names, unless --with-names is given."
      ],
      arguments: [run],
      options: [
        CommandOption("output", .file, "FILE", "Where to write it.", default: "a file in the run's folder"),
        replacing,
        CommandOption(flag: "with-names", "Leave the host names of the plan readable."),
      ],
      examples: [CommandExample("locktender support bundle", "the newest run")]),
    Command(
      "rollback", in: .closing, "take back exactly what a run brought",
      description: [
        "Undoes the run's steps, last first. Rows that have been used since are skipped and listed. Not possible after finalize.",
        "A run whose folder is not here is taken up first, as resume does it.",
      ],
      arguments: [run], options: [acceptance, takingUp], exits: [.done, .failed, .usage, .cancelled],
      examples: [CommandExample("locktender rollback 0f1e2d3c --yes", "from a script")]),
    Command(
      "finalize", in: .closing, "say that all is well: the point of no return",
      description: [
        "Allowed once both sides were compared and agree. Afterwards the run can no longer be rolled back."
      ],
      arguments: [run], options: [acceptance], exits: [.done, .failed, .usage, .blocked, .differing, .cancelled],
      examples: [CommandExample("locktender finalize", "the newest run")]),
    Command(
      "retire", in: .closing, "put away what finalized runs have left behind",
      description: [
        "Lists what the part's finalized runs have left and nobody needs any longer, asks, and removes it: copies that were read, backups beyond the number to be kept, checkpoints and marks in the destination. What is in use stays, and is named with the reason; so are the old databases, which are never written to and are yours to remove.",
        "Refused while no run is finalized. A retiring that was cut off goes on where it stopped. Checkpoints of rejected rows stay: reports on the history know their gaps by them.",
      ],
      arguments: [optional(target)],
      options: [
        CommandOption(flag: "dry-run", "List it and remove nothing."),
        CommandOption(flag: "with-backups", "Remove all backups that finalized runs have made, too."), acceptance,
      ],
      exits: [.done, .failed, .usage, .cancelled],
      examples: [
        CommandExample("locktender retire administration/history --dry-run", "look at what would go"),
        CommandExample("locktender retire administration/history --yes", "from a script"),
      ]),
  ]
}
