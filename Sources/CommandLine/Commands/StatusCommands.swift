internal import Base
internal import Migration

extension CommandContext {
  func status() throws -> ExitCode {
    let engine = try open().engine
    show(try engine.summary(of: run(in: engine)))
    return .done
  }

  func runs() throws -> ExitCode {
    let summaries = try open().engine.runs()
    if console.isJSON {
      try printJSON(summaries)
      return .done
    }
    guard !summaries.isEmpty else {
      console.talk("no runs yet; next: \(command("plan"))")
      return .done
    }
    let text = RunText(style: console.style, command: command)
    var table = TextTable([
      ("run", .left), ("part", .left), ("plan", .left), ("state", .left), ("began", .left), ("rows", .right),
    ])
    for summary in summaries {
      table.add([
        short(summary.run.description), summary.part.description, short(summary.plan), text.state(summary),
        summary.startsAt == nil ? summary.startedAt.map(Human.instant) ?? "" : "",
        (summary.rows ?? summary.progress?.rowsDone).map { Human.count($0) } ?? "",
      ])
    }
    console.result(table.lines(width: Terminal.output.tableWidth, style: console.style))
    return .done
  }

  /// Prints where a run stands and what can follow.
  func show(_ summary: RunSummary) {
    if console.isJSON {
      // A summary is made of values that JSON can hold: it cannot fail.
      try? printJSON(summary)
    } else {
      console.result(RunText(style: console.style, command: command).lines(summary))
    }
  }
}
