internal import Base
internal import Migration

extension CommandContext {
  func report() throws -> ExitCode {
    let forms = ["html", "text", "json"].filter { invocation.flag($0) }
    guard forms.count <= 1 else {
      throw CommandLineError(
        .usage, doing: "read the command line", reason: "--\(forms[0]) and --\(forms[1]) exclude each other",
        advice: "locktender help report")
    }
    let engine = try open().engine
    let run = try run(in: engine)
    let folder = RunFolder(run: run, in: engine.workplace)
    guard try Files.exists(folder.report) else {
      throw MigrationError(
        .notFound, doing: "show the report of run \(short(run.description))", reason: "it has not been written yet",
        advice: try engine.summary(of: run).nextCommands(naming: short(run.description)).first.map {
          "\(command($0.words)) \($0.why)"
        })
    }
    let report = try engine.report(run)
    let text = ReportText(style: console.style, width: min(120, Terminal.output.width))
    switch forms.first {
    // To the byte: its signature is over these.
    case "html": console.write(String(decoding: try engine.reportPage(run), as: UTF8.self))
    case "json": try printJSON(report)
    case "text": console.result(text.full(report))
    default:
      console.result(text.summary(report))
      console.result(["", "page  \(folder.reportPage)", "data  \(folder.report)"])
      console.result([""] + text.next(report, command: command))
    }
    return report.verdict.isSuccess ? .done : .differing
  }
}

extension CommandContext {
  func supportBundle() throws -> ExitCode {
    let opened = try open()
    let engine = opened.engine
    let run = try run(in: engine)
    let target = try outputPath(opened)
    let path = try engine.supportBundle(run, to: target, withNames: invocation.flag("with-names"))
    if console.isJSON { try printJSON(["file": path]) } else { console.result(path) }
    return .done
  }
}
