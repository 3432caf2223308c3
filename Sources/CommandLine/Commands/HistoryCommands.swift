internal import Administration
internal import Base
internal import Migration
internal import Synchronization

extension CommandContext {
  func showHistory() async throws -> ExitCode {
    let object = invocation.argument("OBJECT") ?? ""
    return try await tell(invocation.flag("by-name") ? .name(object) : .object(object), word: "object")
  }

  func showActivity() async throws -> ExitCode {
    try await tell(.user(invocation.argument("USER") ?? ""), word: "user")
  }

  private func tell(_ question: HistoryReading.Question, word: String) async throws -> ExitCode {
    let typed =
      switch question {
      case .object(let text), .name(let text), .user(let text): text
      }
    guard typed.contains(where: { !$0.isWhitespace }) else {
      throw CommandLineError(
        .usage, doing: "find the \(word)", reason: "no name is given",
        advice: "locktender help \(invocation.command.name)")
    }
    let form = try form()
    let filter = try filter(now: SystemClock().now())
    let (opened, section) = try administration(doing: "read the history")
    let path = try outputPath(opened)
    let reading = try HistoryReading(section, in: opened.engine.workplace)
    let console = console
    let flag = CancellationFlag()
    signals.react(.stop(flag))
    defer { signals.react(.exit) }
    let width = max(40, min(120, Terminal.output.width))
    let answer = try await BlockingThread(name: "history").run { () throws -> HistoryReading.Answer? in
      let output = try ResultOutput(path, console)
      // What goes to a file is read elsewhere: it has no colour.
      let style = path == nil ? console.style : Style(hasColor: false, hasUnicode: true)
      let writer = form.writer(output, style: style, width: width, isWhole: console.isVerbose || path != nil)
      do {
        let answer = try reading.answer(question, filter, tell: { console.talk($0) }) { heading in
          try writer.begin(heading)
        } entry: { entry in
          try flag.check()
          try writer.add(entry)
          if !output.isRead { throw NobodyReads() }
        }
        if case .told(let closing) = answer {
          try writer.end(closing)
          try output.finish()
        }
        return answer
      } catch is NobodyReads {
        return nil
      }
    }
    switch answer {
    case nil: return .done
    case .told:
      if let path { console.talk("written: \(path)") }
      return .done
    case .several(let candidates): return try refuse(candidates, word)
    case .unknown(let near):
      for name in near { console.complain("  \(printable(name))") }
      throw CommandLineError(
        .usage, doing: "find the \(word)", reason: "the history knows none of that name",
        advice: near.isEmpty
          ? "give the whole name, or an id; locktender discover tells what the history holds"
          : "it knows those above, whose names hold what was typed")
    }
  }

  // MARK: What was asked for

  private func form() throws -> HistoryForm {
    let named = invocation.value("format").flatMap(HistoryForm.init(rawValue:))
    if console.isJSON, let named, named != .json {
      throw CommandLineError(
        .usage, doing: "read the command line", reason: "--json and --format \(named.rawValue) exclude each other",
        advice: "locktender help \(invocation.command.name)")
    }
    return named ?? (console.isJSON ? .json : .text)
  }

  private func filter(now: Timestamp) throws -> HistoryFilter {
    func time(_ name: String) throws -> Timestamp? {
      guard let text = invocation.value(name) else { return nil }
      if let time = Timestamp(typed: text) { return time }
      throw CommandLineError(
        .usage, doing: "read --\(name)", reason: "\(quoted(text)) is no time",
        advice: "write 2026-11-20 or 2026-11-20T15:00:00+01:00; without a zone UTC is meant")
    }
    let filter = HistoryFilter(
      since: try time("since"), until: try time("until"), limit: invocation.value("limit").flatMap { Int($0) })
    if let since = filter.since, let until = filter.until, since >= until {
      throw CommandLineError(
        .usage, doing: "read --since and --until", reason: "nothing lies between them",
        advice: "--since is the first instant that is told of, --until the first one after it")
    }
    return filter
  }

  // MARK: Several

  private func refuse(_ candidates: [HistoryCandidate], _ word: String) throws -> ExitCode {
    let error = CommandLineError(
      .usage, doing: "find the \(word)", reason: "\(candidates.count) have had that name",
      advice: "name one of them by its key: \(command("\(invocation.command.name) KEY"))")
    if console.isJSON {
      console.result(
        String(decoding: try encodeJSON(Several(candidates: candidates, error: ErrorDisplay(error))), as: UTF8.self)
      )
      return .usage
    }
    var table = TextTable([
      ("key", .left), ("name", .left), ("requests", .right), ("first", .left), ("last", .left),
    ])
    for candidate in candidates {
      table.add([
        candidate.key, candidate.name, Human.count(candidate.requests), candidate.first.map(Human.instant) ?? "",
        candidate.last.map(Human.instant) ?? "",
      ])
    }
    for line in table.lines(width: Terminal.errors.tableWidth, style: console.talkStyle) { console.complain(line) }
    throw error
  }

  private struct Several: Encodable {
    let candidates: [HistoryCandidate]
    let error: ErrorDisplay
  }

  /// The platform, and the section of its file.
  func administration(doing: String) throws -> (OpenPlatform, AdministrationSection) {
    let opened = try open()
    guard let section = opened.platform.sections["administration"] else {
      throw CommandLineError(
        .usage, doing: doing, reason: "the platform has no administration service",
        advice: "locktender init describes one")
    }
    return (opened, try AdministrationSection(section, folder: opened.platform.folder))
  }
}

/// The other end of the pipe is closed: there is nobody to tell anything.
private struct NobodyReads: Error {}
